#include <iostream>

#include "crypto/init.h"
#include "hub/commands.h"

int main(int argc, char** argv) {
  if (!throughgate::crypto::start()) {
    std::cerr << "This machine has no usable source of random numbers. Nothing was done.\n";
    return 1;
  }
  throughgate::crypto::protect_process_memory();
  return throughgate::hub::run_command({argv + 1, argv + argc}, std::cout, std::cerr);
}
