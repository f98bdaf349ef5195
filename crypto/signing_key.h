// Ed25519 signatures (RFC 8032) over context ‖ message.
#pragma once

#include "crypto/bytes.h"
#include "crypto/context.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace throughgate::crypto {

using Signature = ByteArray<64>;
using VerifyKey = ByteArray<32>;

// True when `signature` is this key's over exactly context ‖ message. Nobody learns why not.
bool verify(const VerifyKey& key, const Context& context, ByteView message,
            const Signature& signature);

class SigningKey {
 public:
  static SigningKey generate(Random& random);
  explicit SigningKey(const Secret<32>& seed);  // as kept by seed()

  Signature sign(const Context& context, ByteView message) const;
  const VerifyKey& verify_key() const { return verify_key_; }
  Secret<32> seed() const;

 private:
  Secret<64> key_;  // seed ‖ public key, libsodium's form
  VerifyKey verify_key_{};
};

}  // namespace throughgate::crypto
