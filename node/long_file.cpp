#include "node/long_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "sync/store/free_name.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

bool is_there(const std::string& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0 || errno != ENOENT;
}

}  // namespace

// ---- a new one

NewLongFile::NewLongFile(std::string path, std::string part, Descriptor file)
    : path_(std::move(path)), part_(std::move(part)), file_(std::move(file)) {}

NewLongFile::NewLongFile(NewLongFile&& other) noexcept
    : path_(std::move(other.path_)),
      part_(std::exchange(other.part_, {})),
      file_(std::move(other.file_)) {}

NewLongFile::~NewLongFile() {
  if (!part_.empty()) unlink(part_.c_str());
}

Result<NewLongFile> NewLongFile::create(const std::string& path) {
  if (is_there(path)) return such_a_file_already();
  std::string part = path + ".part";
  unlink(part.c_str());
  Descriptor file(::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.is_open()) {
    return Error{ErrorKind::unavailable,
                 "The file could not be made. Check that its folder is there, that you may write "
                 "to it, and that the disk is not full. Nothing was changed."};
  }
  return NewLongFile(path, std::move(part), std::move(file));
}

Result<Done> NewLongFile::append(crypto::ByteView bytes) {
  if (!write_all(file_.number(), bytes)) return disk_failed();
  return Done{};
}

Result<Done> NewLongFile::write_at_start(crypto::ByteView bytes) {
  if (lseek(file_.number(), 0, SEEK_SET) != 0) return disk_failed();
  return append(bytes);
}

Result<Done> NewLongFile::flush() {
  if (fsync(file_.number()) != 0) return disk_failed();
  posix_fadvise(file_.number(), 0, 0, POSIX_FADV_DONTNEED);
  return Done{};
}

Result<Done> NewLongFile::keep() {
  if (!sync::store::rename_to_free_name(AT_FDCWD, part_, path_)) {
    return errno == EEXIST || is_there(path_) ? such_a_file_already() : disk_failed();
  }
  if (!flush_folder_of(path_)) {
    unlink(path_.c_str());
    return disk_failed();
  }
  part_.clear();
  return Done{};
}

// ---- one that is there

Result<LongFile> LongFile::open(const std::string& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!file.is_open() || fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return Error{ErrorKind::not_found, "There is no such file, or it cannot be opened."};
  }
  return LongFile(std::move(file), static_cast<std::uint64_t>(status.st_size));
}

Result<Done> LongFile::read(std::span<std::uint8_t> bytes) {
  if (read_all(file_.number(), bytes)) return Done{};
  return Error{
      ErrorKind::unavailable,
      "The file could not be read to its end. Try again; if it stays so, the stick or disk "
      "it lies on is failing."};
}

}  // namespace throughgate::node
