#include "crypto/init.h"

#include <sodium.h>
#include <sys/mman.h>
#include <sys/prctl.h>

namespace throughgate::crypto {

bool start() { return sodium_init() >= 0; }

void protect_process_memory() {
  prctl(PR_SET_DUMPABLE, 0);
  mlockall(MCL_CURRENT | MCL_FUTURE);
}

}  // namespace throughgate::crypto
