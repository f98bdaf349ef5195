#include "tests/disk_faults/failing_disk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <limits>
#include <optional>

namespace {

using throughgate::testing::Changes;
using throughgate::testing::Fault;

struct Plan {
  Fault fault;
  std::uint64_t nth;
  Changes changes{};
  bool struck = false;
};
thread_local std::optional<Plan> plan;

enum class Change { needs_room, other };

bool is_due(Change change) {
  switch (plan->fault) {
    case Fault::io_error:
      return plan->changes.all == plan->nth;
    case Fault::full:
      return change == Change::needs_room && plan->changes.needing_room >= plan->nth;
    case Fault::dead:
      return plan->changes.all >= plan->nth;
  }
  return false;
}

// Whether this change fails, with errno set.
bool strikes(Change change) {
  if (!plan) return false;
  ++plan->changes.all;
  if (change == Change::needs_room) ++plan->changes.needing_room;
  if (!is_due(change)) return false;
  plan->struck = true;
  errno = plan->fault == Fault::full ? ENOSPC : EIO;
  return true;
}

// Terminals, pipes and sockets are no disk.
bool is_file(int descriptor) {
  struct stat status {};
  return plan && syscall(SYS_fstat, descriptor, &status) == 0 &&
         (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
}

bool is_new(int folder, const char* path) {
  struct stat status {};
  return syscall(SYS_newfstatat, folder, path, &status, AT_SYMLINK_NOFOLLOW) != 0;
}

int open_at(int folder, const char* path, int flags, mode_t mode) {
  const bool makes = (flags & O_CREAT) != 0 && plan && is_new(folder, path);
  if (makes && strikes(Change::needs_room)) return -1;
  return static_cast<int>(syscall(SYS_openat, folder, path, flags, mode));
}

}  // namespace

// In place of the C library's, in this program alone.
extern "C" {

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return open_at(AT_FDCWD, path, flags, mode);
}
int openat(int folder, const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return open_at(folder, path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return open_at(AT_FDCWD, path, flags, mode);
}
ssize_t write(int file, const void* bytes, size_t size) {
  if (is_file(file) && strikes(Change::needs_room)) return -1;
  return syscall(SYS_write, file, bytes, size);
}
ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
  if (is_file(file) && strikes(Change::needs_room)) return -1;
  return syscall(SYS_pwrite64, file, bytes, size, at);
}
ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
  if (is_file(file) && strikes(Change::needs_room)) return -1;
  return syscall(SYS_pwrite64, file, bytes, size, at);
}
int ftruncate(int file, off_t size) noexcept {
  if (is_file(file) && strikes(Change::needs_room)) return -1;
  return static_cast<int>(syscall(SYS_ftruncate, file, size));
}
int ftruncate64(int file, off64_t size) noexcept {
  if (is_file(file) && strikes(Change::needs_room)) return -1;
  return static_cast<int>(syscall(SYS_ftruncate, file, size));
}
// Nothing waits for the real disk: what these tests look at, the system has in its memory.
int fsync(int file) {
  if (is_file(file) && strikes(Change::other)) return -1;
  return 0;
}
int fdatasync(int file) {
  if (is_file(file) && strikes(Change::other)) return -1;
  return 0;
}
int mkdir(const char* path, mode_t mode) noexcept {
  if (plan && is_new(AT_FDCWD, path) && strikes(Change::needs_room)) return -1;
  return static_cast<int>(syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}
int symlink(const char* to, const char* path) noexcept {
  if (strikes(Change::needs_room)) return -1;
  return static_cast<int>(syscall(SYS_symlinkat, to, AT_FDCWD, path));
}
int rename(const char* from, const char* to) noexcept {
  if (strikes(Change::other)) return -1;
  return static_cast<int>(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}
int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
  if (strikes(Change::other)) return -1;
  return static_cast<int>(syscall(SYS_renameat2, from_folder, from, to_folder, to, 0));
}
int renameat2(int from_folder, const char* from, int to_folder, const char* to,
              unsigned flags) noexcept {
  if (strikes(Change::other)) return -1;
  return static_cast<int>(syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
}
int unlink(const char* path) noexcept {
  if (plan && !is_new(AT_FDCWD, path) && strikes(Change::other)) return -1;
  return static_cast<int>(syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}
int unlinkat(int folder, const char* path, int flags) noexcept {
  if (plan && !is_new(folder, path) && strikes(Change::other)) return -1;
  return static_cast<int>(syscall(SYS_unlinkat, folder, path, flags));
}

// As std::filesystem::remove() deletes.
int remove(const char* path) noexcept {
  if (plan && !is_new(AT_FDCWD, path) && strikes(Change::other)) return -1;
  const auto gone = syscall(SYS_unlinkat, AT_FDCWD, path, 0);
  if (gone == 0 || errno != EISDIR) return static_cast<int>(gone);
  return static_cast<int>(syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR));
}
int rmdir(const char* path) noexcept {
  if (plan && !is_new(AT_FDCWD, path) && strikes(Change::other)) return -1;
  return static_cast<int>(syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR));
}

}  // extern "C"

namespace throughgate::testing {

FailingDisk::FailingDisk(Fault fault, std::uint64_t nth) { plan = Plan{fault, nth}; }
FailingDisk::FailingDisk()
    : FailingDisk(Fault::io_error, std::numeric_limits<std::uint64_t>::max()) {}
FailingDisk::~FailingDisk() { plan.reset(); }
bool FailingDisk::has_struck() const { return plan->struck; }
Changes FailingDisk::changes() const { return plan->changes; }

}  // namespace throughgate::testing
