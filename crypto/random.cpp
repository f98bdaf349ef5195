#include "crypto/random.h"

#include <sodium.h>

namespace throughgate::crypto {

void SystemRandom::fill(std::span<std::uint8_t> out) { randombytes_buf(out.data(), out.size()); }

}  // namespace throughgate::crypto
