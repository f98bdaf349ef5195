// The hub's numbering of one dossier's accepted entries: a chain of order records, and signed heads
// that prove how far a chain reaches.
#pragma once

#include <optional>
#include <vector>

#include "crypto/signing_key.h"
#include "sync/ids.h"

namespace throughgate::sync {

// Layout, 56 bytes: dsn u64 · entry 32 · directory_version u64 · accepted_at u64.
struct OrderRecord {
  std::uint64_t dsn = 0;  // 1, 2, 3 ... without a gap
  Hash entry{};
  std::uint64_t directory_version = 0;  // judged by; never decreases in a chain
  std::uint64_t accepted_at_ms = 0;     // the hub's clock, ms since 1970 UTC; never decreases

  Bytes encode() const;
  friend bool operator==(const OrderRecord&, const OrderRecord&) = default;
};
std::optional<OrderRecord> decode_order_record(ByteView bytes);
// Do its numbers fit into every store?
bool can_be_kept(const OrderRecord& record);
// May `next` stand right after `before` (none: at the start)? Its dsn is the next one, and neither
// its directory version nor its time goes back. And it can be kept.
bool follows(const OrderRecord& next, const std::optional<OrderRecord>& before);

Hash chain_start(const DossierId& dossier);                    // H_0
Hash chain_next(const Hash& head, const OrderRecord& record);  // H_n

// ---- heads

struct Head {
  DossierId dossier;
  std::uint64_t dsn = 0;
  Hash chain{};  // H_dsn

  friend bool operator==(const Head&, const Head&) = default;
};

// What the hub signs, once a reply. Layout, 68 bytes:
// instance 16 · directory_version u64 · hub_time u64 · leaf_count u32 · root 32.
struct HeadsRoot {
  InstanceId instance;
  std::uint64_t directory_version = 0;
  std::uint64_t hub_time_ms = 0;
  std::uint32_t leaf_count = 0;
  Hash root{};

  Bytes encode() const;
  friend bool operator==(const HeadsRoot&, const HeadsRoot&) = default;
};
std::optional<HeadsRoot> decode_heads_root(ByteView bytes);

struct MerkleStep {
  bool sibling_is_left = false;
  Hash sibling{};

  friend bool operator==(const MerkleStep&, const MerkleStep&) = default;
};
using MerklePath = std::vector<MerkleStep>;
constexpr std::size_t merkle_path_max = 40;

// A head that stands by itself: leaf, path, root and the hub's signature over the root.
struct SignedHead {
  Head head;
  MerklePath path;
  HeadsRoot root;
  crypto::Signature signature{};

  friend bool operator==(const SignedHead&, const SignedHead&) = default;
};
bool verify(const SignedHead& head, const crypto::VerifyKey& hub_key);

// The heads of one reply under one signature. `heads` is sorted by dossier here.
struct SignedHeads {
  HeadsRoot root;
  crypto::Signature signature{};
  std::vector<Head> heads;
};
SignedHeads sign_heads(std::vector<Head> heads, const InstanceId& instance,
                       std::uint64_t directory_version, std::uint64_t hub_time_ms,
                       const crypto::SigningKey& hub_key);
bool verify(const SignedHeads& heads, const crypto::VerifyKey& hub_key);
// Each head with its own path, to be kept: O(heads x log heads).
std::vector<SignedHead> separate(const SignedHeads& heads);

}  // namespace throughgate::sync
