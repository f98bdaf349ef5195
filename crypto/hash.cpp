#include "crypto/hash.h"

#include <sodium.h>

namespace throughgate::crypto {

ByteArray<16> keyed_hash_128(ByteView key, const Context& context,
                             std::initializer_list<ByteView> parts) {
  ByteArray<16> digest{};
  crypto_generichash_state state;
  crypto_generichash_init(&state, key.data(), key.size(), digest.size());
  crypto_generichash_update(&state, context.bytes().data(), context.bytes().size());
  for (const auto& part : parts) crypto_generichash_update(&state, part.data(), part.size());
  crypto_generichash_final(&state, digest.data(), digest.size());
  return digest;
}

}  // namespace throughgate::crypto
