#include "crypto/hash.h"

#include <sodium.h>

namespace throughgate::crypto {

Hash hash(const Context& context, std::initializer_list<ByteView> parts) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, std::tuple_size_v<Hash>);
  crypto_generichash_update(&state, context.bytes().data(), context.bytes().size());
  for (const ByteView part : parts) crypto_generichash_update(&state, part.data(), part.size());
  Hash out;
  crypto_generichash_final(&state, out.data(), out.size());
  return out;
}

}  // namespace throughgate::crypto
