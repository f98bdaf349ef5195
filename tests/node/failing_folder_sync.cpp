#include "tests/node/failing_folder_sync.h"

#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace {

std::atomic<int> folders_left = -1;  // below 0: none fails any more

bool is_folder(int descriptor) {
  struct stat status {};
  return fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace

// In place of the C library's, in this program alone.
int fsync(int descriptor) {
  if (folders_left >= 0 && is_folder(descriptor) && folders_left-- == 0) {
    errno = EIO;
    return -1;
  }
  return static_cast<int>(syscall(SYS_fsync, descriptor));
}

namespace throughgate::node::testing {

FailingFolderSync::FailingFolderSync(int good_before) { folders_left = good_before; }
FailingFolderSync::~FailingFolderSync() { folders_left = -1; }
bool FailingFolderSync::has_failed() const { return folders_left < 0; }

}  // namespace throughgate::node::testing
