// How this site stands with each organisation it shares handovers with: what was heard, what still
// waits here, what has arrived there, what nobody there has said to have read.
#pragma once

#include <optional>
#include <vector>

#include "node/handovers/case_file.h"

namespace throughgate::node {

// Counts are of handovers that are not over; changes are those marked to be acknowledged. What is
// over counts for when they were last heard.
struct PartnerStanding {
  sync::OrganisationId organisation;
  std::string name;
  std::size_t handovers = 0;
  std::size_t waiting_to_go = 0;  // hold something of ours that has no place yet
  std::size_t not_arrived = 0;    // sent, and not proven to have arrived whole
  // Our changes that nobody there has said to have read; none: nobody there is asked to.
  std::optional<std::size_t> unread_there;
  // When a change of theirs, or word of what they hold, last reached us; 0: never.
  std::uint64_t last_heard_ms = 0;
};

// By name: those with whom a handover goes on. Reads each handover that is not over, so it costs
// what those cost; of each that is over, its own changes only.
sync::Result<std::vector<PartnerStanding>> standing_with_partners(const RecordService& records);

}  // namespace throughgate::node
