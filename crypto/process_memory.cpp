// What only Linux has: the rest of crypto is portable.
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstddef>

#include "crypto/init.h"

namespace throughgate::crypto {
namespace {

constexpr std::size_t room_wanted = 4ull << 30;  // two Argon2 derivations at their limit, and more

// Where locking is limited an allocation past the limit fails: better in swap than stopped. So
// lock, and see that there is room still. Locked as it is first touched: reserved memory costs
// nothing.
bool lock_all_memory() {
  rlimit limit{};
  getrlimit(RLIMIT_MEMLOCK, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_MEMLOCK, &limit);
  if (mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) != 0) return false;

  void* room =
      mmap(nullptr, room_wanted, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room == MAP_FAILED) {
    munlockall();
    return false;
  }
  munmap(room, room_wanted);
  return true;
}

}  // namespace

bool protect_process_memory() {
  prctl(PR_SET_DUMPABLE, 0);  // no debugger, no /proc/PID/mem, and no core handed to a pipe
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  return lock_all_memory();
}

}  // namespace throughgate::crypto
