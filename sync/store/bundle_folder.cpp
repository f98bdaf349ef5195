#include "sync/store/bundle_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "sync/bundle.h"
#include "sync/store/free_name.h"

namespace throughgate::sync::store {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

std::string letters(crypto::Random& random) {
  std::string out;
  for (const auto byte : random.bytes<8>()) out += static_cast<char>('a' + byte % 26);
  return out;
}

std::string name_of_part(const std::string& set, std::size_t part, std::size_t parts) {
  std::string out = "throughgate-" + set;
  if (parts > 1) out += "-" + std::to_string(part) + "-of-" + std::to_string(parts);
  return out + ".tgb";
}

Error cannot_write() {
  if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) {
    return {ErrorKind::unavailable,
            "There is not enough room for it. Make room or take another stick, or make smaller "
            "parts with --limit-mb. Nothing was left there."};
  }
  return {ErrorKind::unavailable,
          "It could not be written there. Check that the stick is in, and that it may be written "
          "to. Nothing was left there."};
}

Error there_is_no_folder() {
  return {ErrorKind::not_found,
          "There is no such folder. Check that the stick is in, and name a folder that is there. "
          "Nothing was written."};
}

bool write_whole(int file, crypto::ByteView bytes) {
  while (!bytes.empty()) {
    const auto written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return fsync(file) == 0;
}

// Several files of which all appear, or none: what is not kept is taken away again at the end.
class NewFiles {
 public:
  NewFiles(int folder, std::string set, std::size_t parts)
      : folder_(folder), set_(std::move(set)), parts_(parts) {}
  NewFiles(const NewFiles&) = delete;
  NewFiles& operator=(const NewFiles&) = delete;
  ~NewFiles() {
    if (is_kept_) return;
    for (std::size_t part = 1; part <= begun_; ++part) {
      unlinkat(folder_, part <= named_ ? name(part).c_str() : passing_name(part).c_str(), 0);
    }
  }

  std::string name(std::size_t part) const { return name_of_part(set_, part, parts_); }

  bool write(crypto::ByteView bytes) {
    const std::string passing = passing_name(begun_ + 1);
    const Descriptor file(openat(folder_, passing.c_str(),
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file.is_open()) return false;
    ++begun_;
    return write_whole(file.number(), bytes);
  }

  // The names are random: one that is there already is refused, and no harm is done.
  bool give_names() {
    for (std::size_t part = 1; part <= begun_; ++part) {
      if (!rename_to_free_name(folder_, passing_name(part), name(part))) return false;
      named_ = part;
    }
    is_kept_ = fsync(folder_) == 0;
    return is_kept_;
  }

 private:
  std::string passing_name(std::size_t part) const { return name(part) + ".part"; }

  int folder_;
  std::string set_;
  std::size_t parts_;
  std::size_t begun_ = 0;
  std::size_t named_ = 0;
  bool is_kept_ = false;
};

Error cannot_read() {
  return {ErrorKind::unavailable,
          "The file could not be read to its end. Take the stick out, put it in again and try once "
          "more. Nothing was changed."};
}

}  // namespace

Result<std::vector<std::string>> write_bundles(const std::string& folder,
                                               const std::vector<crypto::Bytes>& bundles,
                                               crypto::Random& random, const OnNames& before) {
  const Descriptor at(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!at.is_open()) return there_is_no_folder();
  NewFiles files(at.number(), letters(random), bundles.size());
  std::vector<std::string> names;
  for (std::size_t part = 1; part <= bundles.size(); ++part) names.push_back(files.name(part));
  if (before) {
    if (auto heard = before(names); !heard) return heard.error();
  }
  for (const auto& bundle : bundles) {
    if (!files.write(bundle)) return cannot_write();
  }
  if (!files.give_names()) return cannot_write();
  return names;
}

Result<crypto::Bytes> read_bundle_file(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!file.is_open() || fstat(file.number(), &status) != 0) {
    return Error{ErrorKind::not_found,
                 "There is no such file, or it may not be read here. Check the name, and that the "
                 "stick is in. Nothing was changed."};
  }
  if (!S_ISREG(status.st_mode)) {
    return Error{ErrorKind::not_found,
                 "This is a folder, not a bundle. Name the file in it that ends in \".tgb\". "
                 "Nothing was changed."};
  }
  if (static_cast<std::uint64_t>(status.st_size) > bundle_bytes_max) {
    return error_of(BundleFault::too_large);
  }
  crypto::Bytes bytes(static_cast<std::size_t>(status.st_size));
  std::size_t at = 0;
  while (at < bytes.size()) {
    const auto got = read(file.number(), bytes.data() + at, bytes.size() - at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return cannot_read();
    at += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace throughgate::sync::store
