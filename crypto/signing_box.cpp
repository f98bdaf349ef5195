#include "crypto/signing_box.h"

#include <sodium.h>

namespace throughgate::crypto {

std::optional<BoxPublicKey> box_key_of(const VerifyKey& key) {
  BoxPublicKey out{};
  const bool is_key = crypto_sign_ed25519_pk_to_curve25519(out.data(), key.data()) == 0;
  return is_key ? std::optional(out) : std::nullopt;
}

BoxKey box_key_of(const SigningKey& key) {
  const Secret<32> seed = key.seed();
  Secret<64> expanded;  // as libsodium keeps it: seed ‖ public key
  std::copy(seed.view().begin(), seed.view().end(), expanded.writable().begin());
  std::copy(key.verify_key().begin(), key.verify_key().end(), expanded.writable().begin() + 32);
  Secret<32> secret;
  crypto_sign_ed25519_sk_to_curve25519(secret.writable().data(), expanded.view().data());
  return BoxKey(std::move(secret));
}

}  // namespace throughgate::crypto
