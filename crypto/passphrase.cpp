#include "crypto/passphrase.h"

#include <sodium.h>

#include <new>

namespace throughgate::crypto {

static_assert(passphrase_memlimit_min == crypto_pwhash_argon2id_MEMLIMIT_MIN);
static_assert(crypto_pwhash_argon2id_OPSLIMIT_MIN == 1);

bool within_bounds(const PassphraseCost& cost) {
  return cost.opslimit >= 1 && cost.opslimit <= passphrase_opslimit_max &&
         cost.memlimit >= passphrase_memlimit_min && cost.memlimit <= passphrase_memlimit_max;
}

std::optional<Secret<32>> derive_key(std::string_view passphrase, const ByteArray<16>& salt,
                                     const PassphraseCost& cost) {
  if (!within_bounds(cost) || passphrase.size() > passphrase_bytes_max) return std::nullopt;
  Secret<32> key;
  const char* text =
      passphrase.empty() ? "" : passphrase.data();  // libsodium takes no null pointer
  if (crypto_pwhash(key.writable().data(), key.writable().size(), text, passphrase.size(),
                    salt.data(), cost.opslimit, cost.memlimit, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw std::bad_alloc();  // nothing else is left that can go wrong
  }
  return key;
}

}  // namespace throughgate::crypto
