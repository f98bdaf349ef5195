#include "node/update/programs_folder.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "node/posix_file.h"
#include "node/private_file.h"

namespace throughgate::node {
namespace {

namespace fs = std::filesystem;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr const char* current = "current";
constexpr const char* head_file = "release";
constexpr const char* unfinished = ".unfinished";  // a release that is being unpacked
constexpr const char* next = ".next";              // what "current" becomes
constexpr const char* lock_file = ".lock";         // whose holder alone writes here

Error cannot_be_written() {
  return {ErrorKind::unavailable,
          "The programs could not be written to their folder. Check that it may be written to and "
          "that the disk is "
          "not full, then try again. What ran before runs."};
}

Error rejected(std::string words) { return {ErrorKind::rejected, std::move(words)}; }

// "0.2.0-3": of a release's own folder.
std::string name_of(const Release& release) {
  return version_text(release) + "-" + std::to_string(release.program);
}

bool is_name_of_release(const std::string& name) {
  return name.find('-') != std::string::npos &&
         name.find_first_not_of("0123456789.-") == std::string::npos;
}

// As far as the folder can be read.
std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> out;
  std::error_code failed;
  for (fs::directory_iterator each(folder, failed), end; !failed && each != end;
       each.increment(failed)) {
    out.push_back(each->path().filename().string());
  }
  return out;
}

// Everybody of the computer may run programs and read guides; only whoever installs may change
// them.
bool open_to_all(const std::string& path, bool is_program) {
  using enum fs::perms;
  auto may = owner_read | owner_write | group_read | others_read;
  if (is_program) may |= owner_exec | group_exec | others_exec;
  std::error_code failed;
  fs::permissions(path, may, failed);
  return !failed;
}

// Who may do what in one that was there is not ours to say.
bool make_folder(const std::string& path) {
  std::error_code failed;
  const bool is_new = fs::create_directory(path, failed);
  if (failed || !is_new) return !failed;
  if (open_to_all(path, true) && flush_folder_of(path)) return true;
  fs::remove(path, failed);  // or the next time it would pass for somebody else's
  return false;
}

// A store or a hub's that the other may have written.
bool reads_less(const Release& release, const Release& other) {
  return release.store < other.store || release.hub_store < other.hub_store;
}

// The folders that a name leads through, from `into` on.
bool make_folders(const std::string& into, const std::string& name) {
  for (auto at = name.find('/'); at != std::string::npos; at = name.find('/', at + 1)) {
    if (!make_folder(into + "/" + name.substr(0, at))) return false;
  }
  return true;
}

Result<Done> write_file(const std::string& path, crypto::ByteView bytes, bool is_program) {
  auto file = NewLongFile::create(path);
  if (!file || !file->append(bytes) || !open_to_all(file->name_until_kept(), is_program) ||
      !file->flush() || !file->keep()) {
    return cannot_be_written();
  }
  return Done{};
}

}  // namespace

std::string ProgramsFolder::current_name() const {
  std::error_code failed;
  const auto name = fs::read_symlink(path_ + "/" + current, failed).string();
  return !failed && is_name_of_release(name) ? name : std::string();
}

Result<std::optional<SignedHead>> ProgramsFolder::installed() const {
  const auto name = current_name();
  if (name.empty()) return std::optional<SignedHead>();
  auto head = read_head(path_ + "/" + name + "/" + head_file, running_.release_keys);
  if (!head) {
    return Error{ErrorKind::corrupt,
                 "What is installed in this folder is damaged, was altered, or was signed with a "
                 "key that this program takes no more. Install into another folder, and run the "
                 "program from there. Nothing was changed."};
  }
  return std::optional(*std::move(head));
}

Result<Done> ProgramsFolder::check_whose(const Release& release) const {
  if (release.product != running_.release.product) {
    return rejected("This is a release of another product, \"" + release.product +
                    "\". Check that it is the right file. Nothing was changed.");
  }
  if (release.machine != running_.release.machine) {
    return rejected("This release is for other computers (" + release.machine +
                    "); this is one of " + running_.release.machine +
                    ". Get the one for these. Nothing was changed.");
  }
  return Done{};
}

Result<Done> ProgramsFolder::check(const Release& release) const {
  if (auto ours = check_whose(release); !ours) return ours;
  const auto here = installed();
  if (!here) return here.error();
  const auto& before = *here ? (*here)->release : running_.release;
  if (release < before) {
    return rejected("This release (" + version_text(release) + ") is older than what is here (" +
                    version_text(before) +
                    "). To go back to the one before, run \"update back\". Nothing was changed.");
  }
  if (reads_less(release, before)) {
    return rejected("This release (" + version_text(release) +
                    ") keeps its store in an older way than what is here (" + version_text(before) +
                    "), and could not read what that may have written. Ask your central team for "
                    "a newer one. Nothing was changed.");
  }
  if (*here && release == before) {
    return rejected("This release (" + version_text(release) +
                    ") is installed already. There is nothing to do. Nothing was changed.");
  }
  return Done{};
}

// Whoever may write to the folder may take the lock, and nobody else.
Result<FileLock> ProgramsFolder::write_alone() const {
  using enum fs::perms;
  const auto path = path_ + "/" + lock_file;
  auto lock = FileLock::take(path, FileLock::Wait::no);
  if (!lock) {
    return Error{ErrorKind::unavailable,
                 "Another program is writing to this folder just now, or it may not be written to. "
                 "Wait until that one has ended, or check the folder, and try again. Nothing was "
                 "changed."};
  }
  std::error_code ignored;
  const auto folder = fs::status(path_, ignored).permissions();
  auto may = owner_read | owner_write;
  if ((folder & group_write) != none) may |= group_read | group_write;
  if ((folder & others_write) != none) may |= others_read | others_write;
  fs::permissions(path, may, ignored);  // whose the file is has done so
  return lock;
}

Result<Done> ProgramsFolder::unpack(OpenRelease& release, const std::string& into) const {
  std::error_code failed;
  fs::remove_all(into, failed);  // of one that was cut off
  if (failed || !make_folder(into)) return cannot_be_written();
  auto done = read_files(release, [&](const ReleasedFile& file, crypto::ByteView bytes) {
    if (!make_folders(into, file.name)) return Result<Done>(cannot_be_written());
    return write_file(into + "/" + file.name, bytes, file.is_program);
  });
  if (done) done = write_file(into + "/" + head_file, release.head.bytes, false);
  if (!done) fs::remove_all(into, failed);
  return done;
}

Result<Done> ProgramsFolder::run_from_now_on(const std::string& name) const {
  std::error_code failed;
  const auto link = path_ + "/" + next;
  fs::remove(link, failed);
  if (!failed) fs::create_directory_symlink(name, link, failed);
  if (failed) return cannot_be_written();
  return move_file(link, path_ + "/" + current);
}

// Nobody's folder of another kind that bears such a name.
bool ProgramsFolder::holds_release(const std::string& name) const {
  const auto head = read_head(path_ + "/" + name + "/" + head_file, running_.release_keys);
  const bool is_signed_otherwise = !head && head.error().kind == ErrorKind::rejected;
  return is_name_of_release(name) && (head || is_signed_otherwise);
}

void ProgramsFolder::remove_all_but(const std::string& one, const std::string& other) const {
  for (const auto& name : names_in(path_)) {
    if (name == one || name == other || !holds_release(name)) continue;
    std::error_code ignored;
    fs::remove_all(path_ + "/" + name, ignored);  // what cannot go now goes with the next
  }
}

Result<Release> ProgramsFolder::install(const std::string& file) const {
  auto whole = open_release(file, running_.release_keys);
  if (!whole) return whole.error();
  const auto release = whole->head.release;
  if (auto may = check(release); !may) return may.error();
  if (!make_folder(path_)) return cannot_be_written();
  const auto alone = write_alone();
  if (!alone) return alone.error();
  if (auto may = check(release); !may) return may.error();  // another may have been installed
  const auto before = current_name();
  const auto name = name_of(release);
  const auto unpacked = path_ + "/" + unfinished;
  if (auto done = unpack(*whole, unpacked); !done) return done.error();
  std::error_code failed;
  fs::remove_all(path_ + "/" + name, failed);  // one that somebody has gone back from
  if (failed || !move_file(unpacked, path_ + "/" + name)) return cannot_be_written();
  if (auto runs = run_from_now_on(name); !runs) return runs.error();
  remove_all_but(name, before);
  return release;
}

// The newest first. What cannot be read may be of any: it is left out.
std::vector<ProgramsFolder::Kept> ProgramsFolder::kept_before(const Release& installed,
                                                              bool& is_one_damaged) const {
  std::vector<Kept> out;
  for (const auto& name : names_in(path_)) {
    if (!is_name_of_release(name) || name == current_name()) continue;
    auto head = read_head(path_ + "/" + name + "/" + head_file, running_.release_keys);
    if (!head) {
      is_one_damaged = true;
    } else if (head->release < installed) {
      out.push_back({name, std::move(head->release)});
    }
  }
  std::sort(out.begin(), out.end(),
            [](const Kept& a, const Kept& b) { return b.release < a.release; });
  return out;
}

bool ProgramsFolder::is_as_signed(const Kept& kept) const {
  return std::all_of(
      kept.release.files.begin(), kept.release.files.end(), [&](const ReleasedFile& file) {
        const auto bytes =
            read_file(path_ + "/" + kept.name + "/" + file.name, released_file_bytes_max);
        return bytes && crypto::sha256(*bytes) == file.sha256;
      });
}

Result<Release> ProgramsFolder::go_back() const {
  const Error none{ErrorKind::not_found,
                   "No older release is kept in this folder, or it runs already, so there is "
                   "nothing to go back to. "
                   "Check the folder's name. Nothing was changed."};
  if (current_name().empty()) return none;
  const auto alone = write_alone();
  if (!alone) return alone.error();
  const auto here = installed();
  if (!here) return here.error();
  if (!*here) return none;
  bool is_one_damaged = false;
  for (const auto& kept : kept_before((*here)->release, is_one_damaged)) {
    if (reads_less(kept.release, (*here)->release)) {
      return rejected(
          "The release before cannot read what the installed one may have written. To undo an "
          "update all the same, "
          "restore a backup from before it. Nothing was changed.");
    }
    if (is_as_signed(kept)) {
      if (auto runs = run_from_now_on(kept.name); !runs) return runs.error();
      return kept.release;
    }
    is_one_damaged = true;
  }
  if (!is_one_damaged) return none;
  return Error{ErrorKind::corrupt,
               "What is kept of the release before is damaged, was altered, or was signed with a "
               "key that this program takes no more. It stays unused. Nothing was changed."};
}

}  // namespace throughgate::node
