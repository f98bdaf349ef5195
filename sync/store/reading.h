// After an update of this program: what an earlier one had kept without understanding it is read
// again, and everything shown is made anew by the rules as they are now. One dossier at a time,
// each in its own transaction, so that it may be cut off at any moment and saving goes on
// meanwhile.
#pragma once

#include "sync/store/replica.h"

namespace throughgate::sync::store {

// Once, when the store is opened: where another program read it last, everything is to be read
// again.
Result<Done> note_reader(Database& database, const PolicyTable& policies);

class Rereading {
 public:
  Rereading(Database& database, const NodeContext& context)
      : database_(database), context_(context) {}

  // Up to so many dossiers. Returns how many are left to do.
  Result<std::uint64_t> run(std::size_t dossiers_max);

 private:
  Result<Done> take_parked_by_hand();
  Result<bool> read_next();
  void place_parked(Replica& replica);

  Database& database_;
  const NodeContext& context_;
};

}  // namespace throughgate::sync::store
