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
    const rlimit little{64 << 10, 64 << 10};
    if (setrlimit(RLIMIT_MEMLOCK, &little) != 0) return false;
    if (geteuid() == 0 && setuid(65534) != 0) return false;  // root may lock past its limit
    protect_process_memory();
    return derive_key("correct horse", {}, PassphraseCost{}).has_value();
  }));
}

#ifndef __SANITIZE_ADDRESS__  // under which mlockall() does nothing
namespace {

rlim_t status_kib(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name)) return std::stoul(line.substr(name.size()));
  }
  return 0;
}

}  // namespace

TEST_CASE("memory is locked where there is room, and it is told whether", "[process_memory]") {
  CHECK(in_child([] { return protect_process_memory() == (status_kib("VmLck:") > 0); }));
  CHECK(in_child([] {
    const rlim_t little_more = (status_kib("VmSize:") << 10) + (16 << 20);
    const rlimit room{little_more, little_more};
    return setrlimit(RLIMIT_AS, &room) == 0 && !protect_process_memory() &&
           status_kib("VmLck:") == 0;
  }));
}
#endif
