// Who took part in a record and does so no longer, and has not said that its copy is gone: such an
// organisation may have no network, and then hears of it only by the files that are made for it.
// Only reads. Threads: as the Replica's unit.
#pragma once

#include <set>
#include <vector>

#include "sync/store/replica.h"

namespace throughgate::sync::store {

// The changes of members from the first up to the one that removed it, with a place or without:
// all of them it is entitled to, and nothing else is among them. Empty: it was not removed, or each
// of its computers that counts and may hold the record has said so.
std::vector<EntryRow> steps_to_removal(const Replica& replica, const OrganisationId& organisation,
                                       const NodeContext& context);

// Who has still to hear.
std::set<OrganisationId> removed_unheard(const Replica& replica, const NodeContext& context);

}  // namespace throughgate::sync::store
