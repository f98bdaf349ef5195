// The root of trust: which keys may sign the central list and be the exchange's, and whose keys
// decide on the next such list. Its holders sign by file, on machines that no network reaches; so
// many of them as it asks for (m of n). Linear from list 1: each names the one before it, and is
// signed by enough holders of that one and of its own. Whoever trusts list 1, by its hash, can
// follow every later one. Threads: values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/signing_key.h"
#include "sync/ids.h"
#include "sync/result.h"

namespace throughgate::sync {

constexpr std::size_t root_keys_max = 16;  // holders
constexpr std::size_t named_keys_max = 8;  // directory keys; hub keys
constexpr std::size_t root_list_bytes_max = 8 << 10;

// Layout, 46 bytes + 32 for each key: format u16 · version u64 · previous 32 · needed u8 ·
// count u8 {root key 32} · count u8 {directory key 32} · count u8 {hub key 32}. Keys of a kind
// rise strictly. What is signed and hashed.
struct RootList {
  std::uint64_t version = 1;
  Hash previous{};  // hash of the list before; zero for list 1
  std::uint8_t needed = 1;
  std::vector<crypto::VerifyKey> roots;
  std::vector<crypto::VerifyKey> directory_keys;
  std::vector<crypto::VerifyKey> hub_keys;

  bool has_root(const crypto::VerifyKey& key) const;
  bool has_directory_key(const crypto::VerifyKey& key) const;
  bool has_hub_key(const crypto::VerifyKey& key) const;
  friend bool operator==(const RootList&, const RootList&) = default;
};

Bytes encode(const RootList& list);  // the keys in any order; they are written in theirs
Hash root_hash(const RootList& list);

struct RootSignature {
  crypto::VerifyKey key{};
  crypto::Signature signature{};

  friend bool operator==(const RootSignature&, const RootSignature&) = default;
};

// As it is carried and kept: the layout · count u8 {root key 32 · signature 64}, strictly rising by
// key. The hash does not cover the signatures: it is the same while they are gathered.
struct SignedRootList {
  RootList list;
  std::vector<RootSignature> signatures;

  friend bool operator==(const SignedRootList&, const SignedRootList&) = default;
};

Bytes encode(const SignedRootList& list);
// Of bytes in exactly this form, within the limits: one to n keys needed, a key for the directory
// and one for a hub, each key once. nullopt otherwise. No signature is looked at.
std::optional<SignedRootList> decode_root_list(ByteView bytes);

// Adds or replaces the holder's signature.
void sign(SignedRootList& list, const crypto::SigningKey& root_key);

// How many signatures of each list's holders are there and hold.
struct RootQuorum {
  std::size_t of_own = 0;
  std::size_t of_previous = 0;
};
// `previous`: the list that it follows; null for list 1. nullopt where it does not follow that one,
// or a signature is nobody's of the two, or does not hold.
std::optional<RootQuorum> quorum_of(const SignedRootList& list, const RootList* previous);

// The list may take the place of `previous`. Fails with `stale` when it is not the next one,
// `rejected` when it does not follow, or a signature is missing or does not hold.
Result<Done> check(const SignedRootList& list, const RootList* previous);

}  // namespace throughgate::sync
