// What an author had seen, and how it names it. Only what lies in the proven causal past of an
// entry can be superseded by it: at or below its base, earlier in its stream, or under a
// dependency.
#pragma once

#include <optional>
#include <vector>

#include "sync/change_set.h"
#include "sync/header.h"

namespace throughgate::sync {

struct EntryLink {
  StreamId stream;
  std::uint64_t seq = 0;
  Hash previous{};
  std::optional<std::uint64_t> dsn;  // where accepted
};

// The entries of one dossier held here, accepted or not. Implemented over a store.
class EntryGraph {
 public:
  virtual ~EntryGraph() = default;
  virtual std::optional<EntryLink> link(const Hash& entry) const = 0;
  virtual std::optional<Hash> entry_at(std::uint64_t dsn) const = 0;
  virtual std::optional<Hash> chain_at(std::uint64_t dsn) const = 0;
};

using Superseded = std::vector<std::vector<OpId>>;  // for each op, what it supersedes

// Names to identities, once; the result is kept. Names outside the causal past are dropped. nullopt
// while the chain that the author saw, or an entry on the way, is not here: then the entry is kept,
// not merged.
std::optional<Superseded> resolve(const Header& header, const std::vector<Op>& ops,
                                  const EntryGraph& graph);

// Where a new entry will stand, so that it can name what its form had seen.
struct Standpoint {
  std::uint64_t base_dsn = 0;
  StreamId stream;
  Hash stream_tip{};  // zero for a stream without entries
  std::vector<Dependency> dependencies;
};

// nullopt when `id` does not lie in the causal past of an entry written at this standpoint.
std::optional<SeenName> name_of(const OpId& id, const Standpoint& at, const EntryGraph& graph);

}  // namespace throughgate::sync
