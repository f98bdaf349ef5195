// Wires the program to its surroundings: this machine's clock, randomness and terminal.
#include <chrono>
#include <iostream>

#include "crypto/init.h"
#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "node/private_file.h"

namespace {

std::uint64_t system_now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

}  // namespace

int main(int argc, char** argv) {
  using namespace throughgate;
  if (!crypto::start()) {
    std::cerr << "This machine has no usable source of random numbers. Nothing was done.\n";
    return 1;
  }
  crypto::protect_process_memory();
  node::keep_new_files_private();

  crypto::SystemRandom random;
  node::cli::TerminalPrompt prompt;
  node::cli::Program program({std::cout, std::cerr, prompt, random, system_now_ms});
  node::cli::add_every_command(program);
  return program.run({argv + 1, argv + argc});
}
