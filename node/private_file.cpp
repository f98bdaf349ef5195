#include "node/private_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "node/posix_file.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

// The bytes stand under their name; whether they still do after a power cut is not known.
Error not_confirmed() {
  return {ErrorKind::unavailable,
          "The change is made, but the disk did not confirm it: after a power cut it may be gone. "
          "Check the disk, then look whether the change is still there."};
}

bool is_ours_alone(const struct stat& status) {
  return status.st_uid == geteuid() && (status.st_mode & 077) == 0;
}

std::string size_words(std::size_t bytes) {
  if (bytes >= 1 << 20) return std::to_string(bytes >> 20) + " MiB";
  if (bytes >= 1 << 10) return std::to_string(bytes >> 10) + " KiB";
  return std::to_string(bytes) + " bytes";
}

Result<crypto::Bytes> read_whole(const Descriptor& file, const struct stat& status,
                                 std::size_t bytes_max) {
  if (status.st_size < 0 || static_cast<std::uint64_t>(status.st_size) > bytes_max) {
    return Error{ErrorKind::invalid,
                 "The file is too large: at most " + size_words(bytes_max) + "."};
  }
  crypto::Bytes bytes(static_cast<std::size_t>(status.st_size));
  if (!read_all(file.number(), bytes)) {
    return Error{ErrorKind::unavailable, "The file could not be read."};
  }
  return bytes;
}

// After a file was given this name.
Result<Done> named(const std::string& path) {
  if (flush_folder_of(path)) return Done{};
  return not_confirmed();
}

Result<Done> write_new_file(const std::string& path, crypto::ByteView bytes) {
  const Descriptor file(
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.is_open()) {
    if (errno == EEXIST) return such_a_file_already();
    return disk_failed();
  }
  if (write_all(file.number(), bytes) && fsync(file.number()) == 0) return Done{};
  unlink(path.c_str());
  return disk_failed();
}

}  // namespace

void keep_new_files_private() { umask(077); }

Result<Done> make_private_folder(const std::string& path) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return Error{
        ErrorKind::unavailable,
        "The folder could not be made. Check that the folder above it is there, that you may "
        "write to it, and that the disk is not full."};
  }
  struct stat status {};
  if (stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) || !is_ours_alone(status)) {
    return Error{ErrorKind::denied,
                 "The folder must belong to you, and nobody else may look into it. Set its "
                 "permissions to 700."};
  }
  return Done{};
}

Result<crypto::Bytes> read_file(const std::string& path, std::size_t bytes_max) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  if (!file.is_open() || fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return Error{ErrorKind::not_found, "There is no such file, or it cannot be opened."};
  }
  return read_whole(file, status, bytes_max);
}

Result<crypto::Bytes> read_private_file(const std::string& path, std::size_t bytes_max) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.is_open()) {
    if (errno == ENOENT) return Error{ErrorKind::not_found, "There is no such file."};
    return Error{ErrorKind::denied, "The file may not be read by this user."};
  }
  struct stat status {};
  if (fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode) || !is_ours_alone(status)) {
    return Error{ErrorKind::denied,
                 "The file must be yours, and nobody else may read or change it. Set its "
                 "permissions to 600."};
  }
  return read_whole(file, status, bytes_max);
}

Result<Done> replace_private_file(const std::string& path, crypto::ByteView bytes) {
  const std::string fresh = path + ".new";
  unlink(fresh.c_str());  // left by a crash
  if (auto written = write_new_file(fresh, bytes); !written) return written;
  if (rename(fresh.c_str(), path.c_str()) == 0) return named(path);
  unlink(fresh.c_str());
  return disk_failed();
}

Result<Done> create_private_file(const std::string& path, crypto::ByteView bytes) {
  if (auto written = write_new_file(path, bytes); !written) return written;
  if (flush_folder_of(path)) return Done{};
  unlink(path.c_str());
  return disk_failed();
}

Result<Done> move_file(const std::string& from, const std::string& to) {
  if (rename(from.c_str(), to.c_str()) == 0) return named(to);
  return disk_failed();
}

// ---- locks

Result<FileLock> FileLock::take(const std::string& path, Wait wait, Held held) {
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (descriptor < 0) return disk_failed();
  FileLock lock(descriptor);
  const int how = (held == Held::alone ? LOCK_EX : LOCK_SH) | (wait == Wait::yes ? 0 : LOCK_NB);
  int taken = -1;
  do {
    taken = flock(descriptor, how);
  } while (taken != 0 && errno == EINTR);
  if (taken != 0) return Error{ErrorKind::unavailable, "Another program is doing this just now."};
  return lock;
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock::~FileLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace throughgate::node
