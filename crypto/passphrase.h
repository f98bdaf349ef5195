// Argon2id (RFC 9106): from a password to a key, made slow on purpose.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "crypto/bytes.h"
#include "crypto/secret.h"

namespace throughgate::crypto {

struct PassphraseCost {
  std::uint64_t opslimit = 3;            // passes
  std::uint64_t memlimit = 64ull << 20;  // bytes; also the floor for people's passwords
};
// A slot file asking for more or less is refused. The lower bounds are Argon2's own, for tests and
// for keys that are random already; the floor for people's passwords is kept by node/accounts.
constexpr std::uint64_t passphrase_memlimit_min = 8ull << 10;
constexpr std::uint64_t passphrase_memlimit_max = 1ull << 30;
constexpr std::uint64_t passphrase_opslimit_max = 20;  // and at least 1
constexpr std::size_t passphrase_bytes_max = 4096;     // of UTF-8

bool within_bounds(const PassphraseCost& cost);

// nullopt: the cost is out of bounds or the passphrase too long. std::bad_alloc: too little memory.
std::optional<Secret<32>> derive_key(std::string_view passphrase, const ByteArray<16>& salt,
                                     const PassphraseCost& cost);

}  // namespace throughgate::crypto
