// Made-up root key holders, and the lists that they sign.
#pragma once

#include "sync/root_list.h"
#include "tests/sync/seeded_random.h"

namespace throughgate::sync::testing {

struct RootHolders {
  SeededRandom random;
  std::vector<crypto::SigningKey> roots;
  crypto::SigningKey directory_key;
  crypto::SigningKey hub_key;

  explicit RootHolders(std::uint64_t seed = 40)
      : random(seed),
        directory_key(crypto::SigningKey::generate(random)),
        hub_key(crypto::SigningKey::generate(random)) {
    for (int i = 0; i < 3; ++i) roots.push_back(crypto::SigningKey::generate(random));
  }

  // List 1 of all three, two of whom are needed; not signed yet.
  RootList first() const {
    RootList list;
    list.needed = 2;
    for (const auto& key : roots) list.roots.push_back(key.verify_key());
    std::sort(list.roots.begin(), list.roots.end());
    list.directory_keys = {directory_key.verify_key()};
    list.hub_keys = {hub_key.verify_key()};
    return list;
  }
  static RootList next(const RootList& list) {
    RootList out = list;
    out.version = list.version + 1;
    out.previous = root_hash(list);
    return out;
  }
  SignedRootList by(const RootList& list, std::initializer_list<std::size_t> holders) const {
    SignedRootList out{list, {}};
    for (const auto holder : holders) sign(out, roots.at(holder));
    return out;
  }
};

}  // namespace throughgate::sync::testing
