// What can no longer be accepted as it stands is written again, in a new stream, with its own time,
// actor and reason; what it superseded then, it supersedes still. Nobody's typed text is dropped:
// what this organisation may not write any more is kept as refused and listed.
#pragma once

#include <vector>

#include "sync/store/authoring.h"
#include "sync/verdict.h"

namespace throughgate::sync::store {

// The hub's final word on an entry held here. Ours: it and all that follows it in its stream wait
// to be written again. Others': kept as refused.
void take_final_verdict(Replica& replica, const Hash& entry, const Ruling& ruling,
                        std::uint64_t now_ms);

// What was kept as refused because nothing here said any more who takes part waits again, where
// something does. To be called before retry_waiting().
void take_up_again(UnitOfWork& work);

// Writes again what waits, except what must still wait for its key's MEMBERSHIP to have a place.
// True when something was written.
bool retry_waiting(Replica& replica, std::uint64_t now_ms, const NodeContext& context);

// The ops of an entry held here, as they are written again: each a copy of its original, which
// supersedes what the original did. Without those that stand in the order already.
std::vector<OpDraft> ops_again(Replica& replica, const StoredEntry& held,
                               const ChangeSet& change_set, const NodeContext& context);

}  // namespace throughgate::sync::store
