// One visit to the hub, whole: whoever waits for the central team's answer asks for it first; then
// everything is exchanged, and staff accounts made before the site's records were here get theirs.
// It notes in the store when the hub was last reached, for people to see, and opens one that was
// restored from a backup.
// Threads: those of the OpenNode; one visit at a time on one folder, by a lock between processes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "node/data_folder.h"
#include "node/hub_client.h"
#include "node/last_contact.h"
#include "node/sync_round.h"

namespace throughgate::node {

// Why a visit fails before the central team has said yes.
constexpr std::string_view not_let_in_yet =
    "The central team has not let this computer in yet. Everything is kept here and will be sent "
    "later.";

struct VisitReport : SyncReport {
  std::size_t still_shared = 0;  // handovers without a ground that the program could not stop
  std::optional<sync::Error> failed{};  // the first task that could not be done afterwards
};

// Fails with what SyncRound fails with, and
//   unavailable  another program is visiting just now, or the central team has not answered yet
// Once everything is exchanged, what follows from it fails alone, and the rest of it is done. What
// it learns of the link is left in `link`, for the next visit.
sync::Result<VisitReport> visit_hub(OpenNode& node, HubClient& hub, const DataFolder& folder,
                                    LinkMemory& link);

// The words for a person when not all of a visit that ended well went well; else empty.
std::string warning_of(const VisitReport& report);

// Here first, so that a clock that is off reads as such: "right", "4 minutes behind".
std::string clock_difference(std::int64_t hub_ahead_ms);

}  // namespace throughgate::node
