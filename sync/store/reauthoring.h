// What can no longer be accepted as it stands is written again, in a new stream, with its own time,
// actor and reason; what it superseded then, it supersedes still. Nobody's typed text is dropped:
// what this organisation may not write any more is kept as refused and listed.
#pragma once

#include <vector>

#include "sync/store/authoring.h"
#include "sync/verdict.h"

namespace throughgate::sync::store {

// The hub's final word on an entry held here. Ours: it and all that follows it in its stream are
// refused and written again. Others': kept as refused.
void take_final_verdict(Replica& replica, const Hash& entry, const Ruling& ruling,
                        std::uint64_t now_ms, const NodeContext& context);

// Tries again what waits for its key's MEMBERSHIP to have a place.
void retry_waiting(Replica& replica, std::uint64_t now_ms, const NodeContext& context);

}  // namespace throughgate::sync::store
