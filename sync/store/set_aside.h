// Records that do not count here (see sync/receiving.h) are kept apart: their entries are held, put
// in order, merged and sent on like all others, and nothing of them stands in the table of what is
// shown, which lists, finds, searches and reviews read. Inside the caller's UnitOfWork.
#pragma once

#include "sync/store/replica.h"

namespace throughgate::sync::store {

// May anything of this type be shown here? Not of a dossier that is set aside; nor, in any other,
// of a type that belongs in another kind of dossier: a member may write what it likes.
bool is_shown(const StoredDossier& dossier, const PolicyTable& policies, std::uint32_t record_type);

// People are told once for each dossier, and not any more once it counts.
void note_set_aside(const StoredDossier& dossier, std::uint64_t now_ms);
void forget_set_aside(const StoredDossier& dossier);

// The directory has moved on: what it now allows begins to count. Costs what is set aside.
void judge_set_aside(UnitOfWork& work, const NodeContext& context);

}  // namespace throughgate::sync::store
