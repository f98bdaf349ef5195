// What this node makes of a bundle that was brought to it. Everything in it is checked as if the
// hub had sent it, and goes the same way: order records count as far as a head that the hub signed
// proves them, and what has no place is kept as brought by hand. Each dossier is one transaction,
// and each may be brought in again: the same bundle changes nothing twice.
// Threads: one at a time.
#pragma once

#include <set>
#include <vector>

#include "schema/bundle.pb.h"
#include "sync/store/key_post.h"
#include "sync/store/replica.h"

namespace throughgate::sync::store {

struct UnpackedCounts {
  std::size_t placed = 0;      // that others wrote, here now with their place
  std::size_t own_placed = 0;  // that this node wrote, come back with their place
  std::size_t by_hand = 0;     // here now, without a place yet
  std::size_t keys = 0;        // that open something now
  std::size_t refused = 0;     // of ours, finally; or written by a computer that was withdrawn
  std::size_t waiting = 0;     // whose author is not in the list held here, or of another order
  std::size_t unsound = 0;     // dossiers of which something does not hold: nothing of them is kept
  std::size_t not_ours = 0;    // dossiers that this organisation is no member of: likewise
  std::size_t erased = 0;      // dossiers that were erased: not taken back

  UnpackedCounts& operator+=(const UnpackedCounts& other);
  friend bool operator==(const UnpackedCounts&, const UnpackedCounts&) = default;
};

class Unpacking {
 public:
  // The directory in the bundle has been taken already. `maker`: the node that made it; none: the
  // hub.
  Unpacking(Database& database, const NodeContext& context, const std::optional<NodeId>& maker)
      : database_(database), context_(context), maker_(maker) {}

  // Fails only where the store does; what was taken until then stays.
  Result<UnpackedCounts> take(const schema::Bundle& bundle);

 private:
  Database& database_;
  const NodeContext& context_;
  std::optional<NodeId> maker_;
};

}  // namespace throughgate::sync::store
