// The hub's word on one entry, to be kept and shown to others.
#pragma once

#include <optional>

#include "crypto/signing_key.h"
#include "sync/verdict.h"

namespace throughgate::sync {

// Layout, 83 bytes: instance 16 · dossier 16 · entry 32 · outcome u8 · reason u16 · dsn u64 ·
// given_at u64.
struct SignedVerdict {
  InstanceId instance;
  DossierId dossier;
  Hash entry{};
  Ruling ruling;
  std::uint64_t dsn = 0;  // its place, when accepted or duplicate; else 0
  std::uint64_t given_at_ms = 0;
  crypto::Signature signature{};

  Bytes encode() const;
  friend bool operator==(const SignedVerdict&, const SignedVerdict&) = default;
};

void sign(SignedVerdict& verdict, const crypto::SigningKey& hub_key);
bool verify(const SignedVerdict& verdict, const crypto::VerifyKey& hub_key);
std::optional<SignedVerdict> decode_verdict(ByteView bytes, const crypto::Signature& signature);

// Two headers signed by one node for one place in a stream of a dossier.
struct ForkProof {
  Bytes header_a;
  crypto::Signature signature_a{};
  Bytes header_b;
  crypto::Signature signature_b{};
};
bool proves_fork(const ForkProof& proof, const crypto::VerifyKey& author_key);

}  // namespace throughgate::sync
