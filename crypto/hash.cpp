#include "crypto/hash.h"

#include <sodium.h>

#include <cassert>

namespace throughgate::crypto {
namespace {

template <std::size_t Size>
ByteArray<Size> blake2b(ByteView key, const Context& context,
                        std::initializer_list<ByteView> parts) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, key.data(), key.size(), Size);
  crypto_generichash_update(&state, context.bytes().data(), context.bytes().size());
  for (const ByteView part : parts) {
    crypto_generichash_update(&state, part.data(), part.size());
  }
  ByteArray<Size> digest;
  crypto_generichash_final(&state, digest.data(), digest.size());
  if (!key.empty()) sodium_memzero(&state, sizeof state);
  return digest;
}

bool is_key(ByteView key) {
  return key.size() >= crypto_generichash_KEYBYTES_MIN &&
         key.size() <= crypto_generichash_KEYBYTES_MAX;
}

}  // namespace

Hash hash(const Context& context, std::initializer_list<ByteView> parts) {
  return blake2b<32>({}, context, parts);
}

Hash keyed_hash(ByteView key, const Context& context, std::initializer_list<ByteView> parts) {
  assert(is_key(key));
  return blake2b<32>(key, context, parts);
}

ByteArray<16> keyed_hash_128(ByteView key, const Context& context,
                             std::initializer_list<ByteView> parts) {
  assert(is_key(key));
  return blake2b<16>(key, context, parts);
}

Hash sha256(ByteView bytes) {
  Hash digest;
  crypto_hash_sha256(digest.data(), bytes.data(), bytes.size());
  return digest;
}

}  // namespace throughgate::crypto
