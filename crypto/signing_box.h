// The X25519 pair that follows from an Ed25519 pair, for sealing to somebody of whom only the
// signing key is known to others: the hub. One side from the public key, the other from the secret
// one.
#pragma once

#include <optional>

#include "crypto/box_key.h"
#include "crypto/signing_key.h"

namespace throughgate::crypto {

// nullopt for bytes that are no signing key: nobody could open what is sealed to it.
std::optional<BoxPublicKey> box_key_of(const VerifyKey& key);
BoxKey box_key_of(const SigningKey& key);

}  // namespace throughgate::crypto
