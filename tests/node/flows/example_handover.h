// A handover with all that it needs, of a made-up person.
#pragma once

#include "node/handovers/handovers.h"
#include "tests/node/complete_handover.h"
#include "tests/node/in_process_hub.h"

namespace throughgate::node::testing {

BasisInput example_basis(const World& world);
// Complete, with a need and a basis; not yet shared.
sync::DossierId ready_handover(World& world);
// Shared with the partner; nothing is synced.
sync::DossierId shared_handover(World& world);

// The site's records for somebody who may see and do what coordinators, security and whoever makes
// handovers may: what they type is looked through, as on the pages.
RecordService seen_by_jo(const Site& site, const CodeLists& codes);

}  // namespace throughgate::node::testing
