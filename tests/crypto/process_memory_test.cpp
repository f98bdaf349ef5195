#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch_amalgamated.hpp>
#include <fstream>

#include "crypto/init.h"
#include "crypto/passphrase.h"

using namespace throughgate::crypto;

namespace {

// What is done to a process cannot be undone, so it is done to a child. True when `promise` held.
template <typename Promise>
bool in_child(const Promise& promise) {
  const pid_t child = fork();
  if (child == 0) _exit(promise() ? 0 : 1);
  int status = 1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool may_lock_little() {
  const rlimit little{64 << 10, 64 << 10};
  if (setrlimit(RLIMIT_MEMLOCK, &little) != 0) return false;
  return geteuid() != 0 || setuid(65534) == 0;  // root may lock past its limit
}

#ifndef __SANITIZE_ADDRESS__  // under which mlockall() does nothing
long locked_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmLck:")) return std::stol(line.substr(6));
  }
  return 0;
}
#endif

}  // namespace

TEST_CASE("a protected process leaves no core and is closed to others", "[process_memory]") {
  CHECK(in_child([] {
    if (prctl(PR_GET_DUMPABLE) != 1) return false;
    protect_process_memory();
    rlimit core{1, 1};
    return prctl(PR_GET_DUMPABLE) == 0 && getrlimit(RLIMIT_CORE, &core) == 0 &&
           core.rlim_cur == 0 && core.rlim_max == 0;
  }));
}

TEST_CASE("a process that may lock little memory still gets all it asks for", "[process_memory]") {
  CHECK(in_child([] {
    if (!may_lock_little()) return false;
    protect_process_memory();
    return derive_key("correct horse", {}, PassphraseCost{}).has_value();
  }));
}

#ifndef __SANITIZE_ADDRESS__
TEST_CASE("whether memory is kept out of swap is told as it is", "[process_memory]") {
  CHECK(in_child([] { return protect_process_memory() == (locked_kib() > 0); }));
  CHECK(
      in_child([] { return may_lock_little() && !protect_process_memory() && locked_kib() == 0; }));
}
#endif
