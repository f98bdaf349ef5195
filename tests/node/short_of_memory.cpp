#include "tests/node/short_of_memory.h"

#include <cstddef>

namespace {

bool is_short = false;

}  // namespace

// The linker sends every call of libsodium's crypto_pwhash() here.
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
int __real_crypto_pwhash(unsigned char* out, unsigned long long out_size, const char* password,
                         unsigned long long password_size, const unsigned char* salt,
                         unsigned long long opslimit, std::size_t memlimit, int algorithm);
int __wrap_crypto_pwhash(unsigned char* out, unsigned long long out_size, const char* password,
                         unsigned long long password_size, const unsigned char* salt,
                         unsigned long long opslimit, std::size_t memlimit, int algorithm) {
  if (is_short) return -1;
  return __real_crypto_pwhash(out, out_size, password, password_size, salt, opslimit, memlimit,
                              algorithm);
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
}

namespace throughgate::node::testing {

ShortOfMemory::ShortOfMemory() { is_short = true; }
ShortOfMemory::~ShortOfMemory() { is_short = false; }

}  // namespace throughgate::node::testing
