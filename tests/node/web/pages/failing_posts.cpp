#include "tests/node/web/pages/failing_posts.h"

#include <sqlite3.h>

#include <catch_amalgamated.hpp>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>

#include "node/web/carried_form.h"
#include "sync/store/connection.h"
#include "tests/disk_faults/plain_words.h"
#include "tests/disk_faults/same_chance.h"
#include "tests/disk_faults/store_content.h"
#include "tests/node/web/pages/filled_form.h"

namespace throughgate::node::testing {
namespace {

namespace fs = std::filesystem;
using sync::store::Database;
using throughgate::testing::Content;
using throughgate::testing::FailingDisk;
using throughgate::testing::Fault;
using throughgate::testing::SameChance;

// A site as it is, to be put back under those who have its store open.
class Kept {
 public:
  Kept(TestSite& site, const crypto::DatabaseKey& key)
      : site_(site), key_(key), random_(site.world.random), now_(open(site.folder.store())) {
    const auto copied = now_.backup_to(kept_.path("store"), key);
    if (!copied) FAIL(copied.error().message);
    elsewhere_ = files_elsewhere();
    each_beside(site.folder.path(), [&](const fs::path& file) {
      fs::copy(file, kept_.path(file.filename().string()), fs::copy_options::recursive);
    });
  }

  void put_back() {
    auto before = open(kept_.path("store"));
    auto* backup = sqlite3_backup_init(now_.connection().handle(), "main",
                                       before.connection().handle(), "main");
    REQUIRE(backup != nullptr);
    CHECK(sqlite3_backup_step(backup, -1) == SQLITE_DONE);
    REQUIRE(sqlite3_backup_finish(backup) == SQLITE_OK);
    for (const auto& file : files_elsewhere()) {
      if (!elsewhere_.contains(file)) fs::remove(file);
    }
    std::vector<fs::path> here;
    each_beside(site_.folder.path(), [&](const fs::path& file) { here.push_back(file); });
    for (const auto& file : here) fs::remove_all(file);
    for (const auto& file : fs::directory_iterator(kept_.path(""))) {
      if (file.path().filename().string().starts_with("store")) continue;
      fs::copy(file, fs::path(site_.folder.path()) / file.path().filename(),
               fs::copy_options::recursive);
    }
  }

  // As each begins: the same chance, and nothing in the log.
  void settle() {
    site_.world.random = random_;
    const auto done = now_.checkpoint();
    if (!done) FAIL(done.error().message);
  }

  // What is there now.
  Content content() {
    auto out = throughgate::testing::files_in(site_.folder.path());
    out.merge(throughgate::testing::content_of(site_.folder.store(), key_));
    out.erase("setting 'contact tally'");  // written down at each visit, whatever becomes of it
    // What was cut off, under names that only this has; the next one removes it.
    std::erase_if(out, [](const auto& part) {
      return part.first.find("/unpacked/") != std::string::npos ||
             part.first.find("/for-download/") != std::string::npos ||
             part.first.ends_with(".part");
    });
    return out;
  }

 private:
  template <class Take>
  static void each_beside(const std::string& folder, Take take) {
    for (const auto& file : fs::directory_iterator(folder)) {
      const auto name = file.path().filename().string();
      if (!name.starts_with("store.") && !name.ends_with(".lock")) take(file.path());
    }
  }
  // On a stick, say.
  std::set<std::string> files_elsewhere() const {
    std::set<std::string> out;
    for (const auto& file : fs::recursive_directory_iterator(site_.world.folder.path(""))) {
      const auto path = file.path().string();
      const bool is_store = path.find(".db") != std::string::npos || path.ends_with(".lock");
      if (file.is_regular_file() && !is_store && !path.starts_with(site_.folder.path())) {
        out.insert(path);
      }
    }
    return out;
  }
  Database open(const std::string& path) const {
    auto database = Database::open(path, key_);
    if (!database) FAIL(database.error().message);
    return *std::move(database);
  }

  TestSite& site_;
  const crypto::DatabaseKey& key_;
  SeededRandom random_;
  std::set<std::string> elsewhere_;
  TemporaryFolder kept_;
  Database now_;
};

std::string page_of(const web::Responder& responder, const web::Request& request) {
  const auto target = web::parse_target(request.head.target);
  if (!target) return {};
  const auto match = responder.routes().match(web::Method::post, target->segments);
  return match.route ? match.route->pattern : std::string();
}

std::string changed_in(const Content& before, const Content& after) {
  std::string out;
  for (const auto& [part, mark] : after) {
    const auto was = before.find(part);
    if (was == before.end() || was->second != mark) out += " " + part;
  }
  for (const auto& [part, mark] : before) {
    if (!after.contains(part)) out += " " + part + " (gone)";
  }
  return out;
}

bool is_kind(const std::string& changed_part) {
  return changed_part.find("file") == std::string::npos;
}

// Files cannot be carried, and a secret must not.
bool can_be_carried(const web::Request& request) {
  bool out = request.form.files.empty();
  for (const auto& [name, value] : request.form.fields.in_order())
    out = out && !web::is_secret_field(name);
  return out;
}

// What was typed and is in no form of the page.
std::string missing_on(const web::Response& page, const web::Request& request) {
  const web::testing::FilledForm filled(page.body);
  std::string out;
  for (const auto& [name, value] : request.form.fields.in_order()) {
    if (name == "csrf" || value.empty()) continue;
    const bool is_button = page.body.find("<button") != std::string::npos &&
                           !tag_with(page, " name=\"" + name + "\"").empty() &&
                           tag_with(page, " name=\"" + name + "\"").starts_with("<button");
    if (is_button) continue;
    const auto there = filled.values(name);
    if (std::find(there.begin(), there.end(), value) == there.end()) out += " " + name;
  }
  return out;
}

bool is_saved(const web::Response& answer) { return answer.status == 303 || answer.status == 200; }

}  // namespace

FailingPosts* FailingPosts::wanted() {
  static const bool is_wanted = std::getenv("THROUGHGATE_DISK_FAULTS") != nullptr;
  if (!is_wanted) return nullptr;
  static FailingPosts posts;
  return &posts;
}

FailingPosts::~FailingPosts() {
  moments_.print("forms of pages");
  std::cout << "disk faults, pages:";
  for (const auto& page : pages_) std::cout << " " << page;
  std::cout << "\n";
}

// What a page leaves although it failed, and why that is so.
bool may_be_left(const std::string& page, const std::string& part) {
  // Who looked at what the page of the failure shows.
  if (part == "audit" || part == "setting 'audit mark'") return true;
  static const std::map<std::string, std::set<std::string>> noted_before{
      // That a file was made is noted before it stands there, so that none is ever forgotten.
      {"/by-hand", {"made_file", "made_file_record"}},
      // The central list in a file is taken before all else in it.
      {"/by-hand/bring", {"directory_step"}},
      // A try counts before it is known whether it was right.
      {"/sync/open", {"setting 'unlock tries'"}},
      {"/central-team/requests/bring", {"setting 'enrolment tries'"}},
      {"/joining/by-file", {"setting 'enrolment tries'"}},
      // The address, before anything goes there.
      {"/joining/by-network", {"setting 'hub url'"}},
      // By what the list is believed, and the list, before what was asked with is forgotten.
      {"/joining/look", {"setting 'directory key'"}},
      {"/joining/answer",
       {"setting 'directory key'", "setting 'enrolment tries'", "directory_step"}},
  };
  // Several saves, each whole or not there; sent again the rest follows.
  static const std::set<std::string> several_saves{
      "/by-hand/delete",
      "/by-hand/made/:number",
      "/requests-to-erase/:id/sign",
      "/central-team/requests/:id/approve",
      "/staff/new",
      "/staff/:id/leave",
      "/staff/:id/reset",
      "/own-password",
      // What came of it is a page, and who looked at that is written down after the save.
      "/handovers/:id/confirm-code",
  };
  if (several_saves.contains(page)) return true;
  const auto found = noted_before.find(page);
  return found != noted_before.end() && found->second.contains(part);
}

// Erasing goes on with the next use; and the exchange, which is not put back, keeps the first
// answer.
bool goes_on_elsewhere(const std::string& page) {
  return page == "/requests-to-erase/:id/sign" || page == "/kept-long-enough/:id/:from" ||
         page == "/central-team/requests/:id/approve";
}

bool has_left_nothing(const std::string& page, const Content& before, const Content& found) {
  const auto is_as_before = [&](const auto& part) {
    const auto was = before.find(part.first);
    return (was != before.end() && was->second == part.second) || may_be_left(page, part.first);
  };
  const auto is_there = [&](const auto& part) {
    return found.contains(part.first) || may_be_left(page, part.first);
  };
  return std::all_of(found.begin(), found.end(), is_as_before) &&
         std::all_of(before.begin(), before.end(), is_there);
}

web::Response FailingPosts::send(const Visitor& visitor, const web::Request& request) {
  const auto page = page_of(visitor.responder(), request);
  const auto go = [&] {
    const SameChance same(1);
    return visitor.responder().answer(request);
  };
  Kept kept(visitor.site(), visitor.key());
  const auto before = kept.content();
  auto answer = go();
  const auto after = kept.content();
  const auto changed = changed_in(before, after);
  if (!is_saved(answer) || changed.empty()) return answer;
  pages_.insert(page);
  if (!kinds_.insert(is_kind(changed) ? page + ":" + changed : page).second) return answer;
  const auto put_back = [&] {
    kept.put_back();
    visitor.forget_store();
  };
  put_back();
  const auto counted = [&] {
    kept.settle();
    const FailingDisk never;
    go();
    return never.changes();
  }();
  moments_.each(page, counted, [&](Fault fault, std::uint64_t n) {
    put_back();
    kept.settle();
    web::Response failed;
    bool struck = false;
    {
      FailingDisk disk(fault, n);
      failed = go();
      struck = disk.has_struck();
    }
    const auto found = kept.content();
    const bool is_page = failed.content_type.starts_with("text/html");
    const auto seen = std::to_string(failed.status) + " " +
                      (is_page ? text_of_page(failed) : failed.content_type) +
                      "\nagainst before:" + changed_in(before, found) +
                      "\nagainst after:" + changed_in(after, found);
    if (is_saved(failed)) {
      moments_.must_hold(found == after || goes_on_elsewhere(page), "what is shown as done is done",
                         seen);
      return struck;
    }
    // What is there wholly does no harm when it is sent again.
    moments_.must_hold(has_left_nothing(page, before, found) || found == after,
                       "what is shown as failed has left nothing", seen);
    const auto wrong = throughgate::testing::fault_in_words(text_of_page(failed), fault);
    moments_.must_hold(wrong.empty(), "a page " + wrong, seen);
    const auto lost = can_be_carried(request) ? missing_on(failed, request) : std::string();
    moments_.must_hold(lost.empty(), "what was typed is on the page that says so",
                       lost + " of " + seen);
    return struck;
  });
  put_back();
  return go();
}

}  // namespace throughgate::node::testing
