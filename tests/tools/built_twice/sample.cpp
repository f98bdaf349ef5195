// What is built twice every day: it names its own file, as a failed assertion would, and links a
// library.
#include <cassert>
#include <iostream>

#include "crypto/hash.h"

int main(int argc, char**) {
  constexpr throughgate::crypto::Context context("throughgate demo");
  assert(argc > 0);
  std::cout << __FILE__ << ' '
            << throughgate::crypto::to_hex(
                   throughgate::crypto::hash(context, {throughgate::crypto::ByteView()}))
            << '\n';
}
