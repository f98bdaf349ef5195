// What a program can try on another of the same user, as a debugger or whoever takes a core does.
// Prints which of it got through. usage: look_into PID, or look_into be-open: a program to try on.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

namespace {

bool can_attach(pid_t pid) {
  if (ptrace(PTRACE_ATTACH, pid, nullptr, nullptr) != 0) return false;
  waitpid(pid, nullptr, 0);
  ptrace(PTRACE_DETACH, pid, nullptr, nullptr);
  return true;
}

bool can_open(pid_t pid, const std::string& name, int how) {
  const int file = open(("/proc/" + std::to_string(pid) + "/" + name).c_str(), how);
  if (file < 0) return false;
  close(file);
  return true;
}

// Whatever stands at that address: whether one may look is asked first.
bool can_copy_memory(pid_t pid) {
  std::array<char, 16> kept{};
  const iovec here{kept.data(), kept.size()};
  const iovec there{reinterpret_cast<void*>(0x1000), kept.size()};
  return process_vm_readv(pid, &here, 1, &there, 1, 0) >= 0 || errno != EPERM;
}

bool may_leave_core(pid_t pid) {
  std::ifstream limits("/proc/" + std::to_string(pid) + "/limits");
  const std::string name = "Max core file size";
  for (std::string line; std::getline(limits, line);) {
    if (!line.starts_with(name)) continue;
    std::istringstream values(line.substr(name.size()));
    std::string soft, hard;
    values >> soft >> hard;
    return soft != "0" || hard != "0";
  }
  return true;
}

int be_open() {
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);  // where the system lets nobody else
  std::cout << "open" << std::endl;
  sleep(300);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  if (argv[1] == std::string("be-open")) return be_open();
  const pid_t pid = std::stoi(argv[1]);
  if (can_attach(pid)) std::cout << "attach\n";
  if (can_open(pid, "mem", O_RDONLY)) std::cout << "memory\n";
  if (can_open(pid, "maps", O_RDONLY)) std::cout << "maps\n";
  if (can_open(pid, "environ", O_RDONLY)) std::cout << "environment\n";
  if (can_copy_memory(pid)) std::cout << "memory-by-call\n";
  if (may_leave_core(pid)) std::cout << "core\n";
  return 0;
}
