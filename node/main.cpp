// Wires the program to its surroundings: this machine's clock, randomness and terminal.
#include <cstring>
#include <iostream>
#include <string>
#include <vector>

#include "crypto/init.h"
#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "node/private_file.h"
#include "sync/store/system_clock.h"

namespace {

// The command's own name stands behind what goes before every command, mostly with a word each.
bool is_serve(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (!word.starts_with("--")) return word == "serve";
    const bool stands_alone =
        word == "--json" || word == "--text-as-it-stands" || word.find('=') != std::string::npos;
    if (!stands_alone) ++i;
  }
  return false;
}

// What was typed. Nothing is left of it where every program of this machine can read how this one
// was started, as names stand in it; but of "serve", which takes none and is looked for by its
// words.
std::vector<std::string> take_arguments(int argc, char** argv) {
  std::vector<std::string> out(argv + 1, argv + argc);
  if (is_serve(out)) return out;
  for (int i = 1; i < argc; ++i) std::memset(argv[i], 0, std::strlen(argv[i]));
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace throughgate;
  const auto arguments = take_arguments(argc, argv);
  if (!crypto::start()) {
    std::cerr << "This machine has no usable source of random numbers. Nothing was done.\n";
    return 1;
  }
  crypto::protect_process_memory();
  node::keep_new_files_private();

  crypto::SystemRandom random;
  node::cli::TerminalPrompt prompt;
  node::cli::Program program({std::cout, std::cerr, prompt, random, sync::store::system_now_ms});
  node::cli::add_every_command(program);
  return program.run(arguments);
}
