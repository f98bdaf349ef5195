// What a computer, or the central exchange, says once nothing is left with it of the records that
// the directory names as erased. Signed, so that the desk need not believe whoever carries it.
#pragma once

#include <optional>

#include "crypto/signing_key.h"
#include "sync/ids.h"

namespace throughgate::sync {

// Stored and carried: the numbers are never reused.
enum class WitnessKind : std::uint8_t {
  node = 1,  // `id` is the node's, signed with its signing key
  hub = 2,   // `id` is the hub's instance, signed with the hub's key
};

struct Witness {
  WitnessKind kind = WitnessKind::node;
  ByteArray<16> id{};

  friend auto operator<=>(const Witness&, const Witness&) = default;
};

// Layout, 33 bytes: kind u8 · id 16 · erased_to u64 · done_at u64.
struct ErasureReceipt {
  Witness witness;
  std::uint64_t erased_to = 0;  // directory version: of all that is erased up to it nothing is left
  std::uint64_t done_at_ms = 0;  // by the witness's own clock
  crypto::Signature signature{};

  Bytes encode() const;
  friend bool operator==(const ErasureReceipt&, const ErasureReceipt&) = default;
};

void sign(ErasureReceipt& receipt, const crypto::SigningKey& key);
bool verify(const ErasureReceipt& receipt, const crypto::VerifyKey& key);
// nullopt for a layout that is not this one, a kind that is not known, or a version above
// counter_max.
std::optional<ErasureReceipt> decode_erasure_receipt(ByteView bytes,
                                                     const crypto::Signature& signature);

}  // namespace throughgate::sync
