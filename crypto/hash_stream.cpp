#include "crypto/hash_stream.h"

#include <sodium.h>

namespace throughgate::crypto {

struct HashStream::State {
  crypto_generichash_state of{};
};

HashStream::HashStream(const Context& context) : state_(std::make_unique<State>()) {
  crypto_generichash_init(&state_->of, nullptr, 0, sizeof(Hash));
  add(context.bytes());
}

HashStream::HashStream(HashStream&&) noexcept = default;
HashStream::~HashStream() = default;

void HashStream::add(ByteView bytes) {
  crypto_generichash_update(&state_->of, bytes.data(), bytes.size());
}

Hash HashStream::finish() {
  Hash digest;
  crypto_generichash_final(&state_->of, digest.data(), digest.size());
  return digest;
}

}  // namespace throughgate::crypto
