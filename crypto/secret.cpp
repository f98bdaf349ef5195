#include "crypto/secret.h"

#include <sodium.h>

namespace throughgate::crypto {

void wipe(std::span<std::uint8_t> memory) { sodium_memzero(memory.data(), memory.size()); }

}  // namespace throughgate::crypto
