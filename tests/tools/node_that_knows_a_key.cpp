// The node's program, taking releases of one key more: its first word.
#include <iostream>

#include "crypto/init.h"
#include "node/cli/commands.h"
#include "node/cli/program.h"

int main(int argc, char** argv) {
  using namespace throughgate;
  if (argc < 2 || !crypto::start()) return 1;
  crypto::SystemRandom random;
  node::cli::TerminalPrompt prompt;
  auto running = node::running_program();
  running.release_keys = node::release_keys_in(argv[1]).value();
  node::cli::Program program(
      {std::cout, std::cerr, prompt, random, [] { return std::uint64_t{0}; }, {}, running});
  node::cli::add_every_command(program);
  return program.run({argv + 2, argv + argc});
}
