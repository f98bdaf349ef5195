#include "crypto/signing_key.h"

#include <sodium.h>

namespace throughgate::crypto {

bool verify(const VerifyKey& key, const Context& context, ByteView message,
            const Signature& signature) {
  const Bytes signed_bytes = in_context(context, message);
  return crypto_sign_verify_detached(signature.data(), signed_bytes.data(), signed_bytes.size(),
                                     key.data()) == 0;
}

SigningKey SigningKey::generate(Random& random) { return SigningKey(Secret<32>::random(random)); }

SigningKey::SigningKey(const Secret<32>& seed) {
  crypto_sign_seed_keypair(verify_key_.data(), key_.writable().data(), seed.view().data());
}

Signature SigningKey::sign(const Context& context, ByteView message) const {
  const Bytes signed_bytes = in_context(context, message);
  Signature signature;
  crypto_sign_detached(signature.data(), nullptr, signed_bytes.data(), signed_bytes.size(),
                       key_.view().data());
  return signature;
}

Secret<32> SigningKey::seed() const { return Secret<32>(key_.view().first<32>()); }

}  // namespace throughgate::crypto
