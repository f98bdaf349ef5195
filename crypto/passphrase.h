// Argon2id (RFC 9106): from a password to a key, made slow on purpose.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "crypto/bytes.h"
#include "crypto/secret.h"

namespace throughgate::crypto {

struct PassphraseCost {
  std::uint64_t opslimit = 3;  // passes
  std::uint64_t memlimit =
      64ull << 20;  // bytes; also the floor that we accept for people's passwords
};
constexpr std::uint64_t passphrase_memlimit_max = 1ull
                                                  << 30;  // a slot file asking for more is refused
constexpr std::uint64_t passphrase_opslimit_max = 20;

// nullopt when the costs are out of bounds or the memory is not to be had.
std::optional<Secret<32>> derive_key(std::string_view passphrase, const ByteArray<16>& salt,
                                     const PassphraseCost& cost);

}  // namespace throughgate::crypto
