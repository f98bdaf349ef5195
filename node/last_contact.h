// When the hub was last reached, and by how much its clock differs: noted after each visit.
// Threads: those of the OpenNode.
#pragma once

#include <cstdint>

#include "node/open_node.h"

namespace throughgate::node {

// How far the hub's clock was ahead of this one at the last visit that ended well.
struct LastContact {
  std::uint64_t at_ms = 0;  // by this computer's clock; 0: never
  std::int64_t hub_ahead_ms = 0;
};
sync::Result<LastContact> last_contact(OpenNode& node);
// The exchange's time as far as it is known here: this clock, put right by how far it was off at
// the last visit. A clock that has been put back since, or is months ahead of that visit, is not
// believed: then it is the exchange's time of that visit. Where it was never visited, this clock.
sync::Result<std::uint64_t> exchange_time_ms(OpenNode& node);

// The latest day that it may be here now, as 2026-12-04: in British time, and where this clock is
// behind the hub's, by that one. A wrong clock here thus keeps nobody from recording what happened.
std::string latest_day(OpenNode& node);
// The latest time of that day that it may be, as "14:05".
std::string latest_time(OpenNode& node);

}  // namespace throughgate::node
