// X25519 sealed boxes (libsodium crypto_box_seal): anyone can seal to a public key, only its owner
// opens.
#pragma once

#include <optional>

#include "crypto/bytes.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace throughgate::crypto {

using BoxPublicKey = ByteArray<32>;
constexpr std::size_t sealed_box_overhead = 48;  // ephemeral public key 32 + tag 16

// Empty when `recipient` is a point of small order, for which no honest secret exists: refuse that
// key. Every other answer has plain.size() + sealed_box_overhead bytes.
Bytes seal_to(const BoxPublicKey& recipient, ByteView plain);

class BoxKey {
 public:
  static BoxKey generate(Random& random);
  explicit BoxKey(Secret<32> secret);  // as kept by secret()

  // nullopt when the box is damaged or meant for another key. The plain bytes are the caller's to
  // wipe.
  std::optional<Bytes> open(ByteView sealed) const;
  // What this key and another have in common, and nobody else: the same from both sides. nullopt
  // where the other is a point of small order.
  std::optional<Secret<32>> shared_with(const BoxPublicKey& other) const;
  const BoxPublicKey& public_key() const { return public_key_; }
  const Secret<32>& secret() const { return secret_; }

 private:
  Secret<32> secret_;
  BoxPublicKey public_key_{};
};

}  // namespace throughgate::crypto
