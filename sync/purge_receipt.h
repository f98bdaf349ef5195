// What a computer says once nothing is left with it of a record that is no longer shared with its
// organisation. Signed, so that owner and desk need not believe whoever carries it.
#pragma once

#include <optional>

#include "crypto/signing_key.h"
#include "sync/ids.h"

namespace throughgate::sync {

// Layout, 84 bytes: dossier 16 · node 16 · removal 32 · dsn u64 · own_kept u32 · done_at u64.
struct PurgeReceipt {
  DossierId dossier;
  NodeId node;                   // whose word it is, signed with its signing key
  Hash removal{};                // the MEMBERSHIP that removed its organisation
  std::uint64_t dsn = 0;         // and its place
  std::uint32_t own_kept = 0;    // changes of its own that were never accepted, which it keeps
  std::uint64_t done_at_ms = 0;  // by its own clock
  crypto::Signature signature{};

  Bytes encode() const;
  friend bool operator==(const PurgeReceipt&, const PurgeReceipt&) = default;
};

void sign(PurgeReceipt& receipt, const crypto::SigningKey& key);
bool verify(const PurgeReceipt& receipt, const crypto::VerifyKey& key);
// nullopt for a layout that is not this one, or a number above counter_max.
std::optional<PurgeReceipt> decode_purge_receipt(ByteView bytes,
                                                 const crypto::Signature& signature);

}  // namespace throughgate::sync
