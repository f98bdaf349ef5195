#include "sync/store/free_name.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace throughgate::sync::store {

bool rename_to_free_name(int folder, const std::string& from, const std::string& to) {
  if (renameat2(folder, from.c_str(), folder, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno != EINVAL && errno != ENOSYS) return false;
  const int taken =
      openat(folder, to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (taken < 0) return false;
  close(taken);
  if (renameat(folder, from.c_str(), folder, to.c_str()) == 0) return true;
  const int fault = errno;
  unlinkat(folder, to.c_str(), 0);
  errno = fault;
  return false;
}

}  // namespace throughgate::sync::store
