// A whole store made anew: every dossier from its signed entries by Rebuild, and beside it what no
// entry tells, row by row. What the old store shows, finds or counts is not looked at, so it may be
// damaged there.
#pragma once

#include <functional>

#include "sync/store/fault.h"
#include "sync/store/replica.h"

namespace throughgate::sync::store {

struct RebuildReport {
  std::uint64_t dossiers = 0;
  std::uint64_t entries = 0;
  std::vector<Fault> faults;  // in what was signed: then the new store is of no use
};

// Told after each dossier how many are done, of how many.
using RebuildProgress = std::function<void(std::uint64_t done, std::uint64_t all)>;

// `kept` is only read; `anew` has a node's empty tables. One transaction a dossier: a new store
// that was cut off is thrown away. Fails as Database does, with `corrupt` where what must be read
// cannot be.
Result<RebuildReport> rebuild_store(Database& kept, Database& anew, const NodeContext& context,
                                    const RebuildProgress& progress);

}  // namespace throughgate::sync::store
