// Steps shared by all that is brought by hand; inside the caller's unit.
#pragma once

#include "sync/store/replica.h"

namespace throughgate::sync::store {

// Keeps an entry that is not held here yet. One that this computer wrote on its stream shows that
// its disk was put back. False where it says that it begins the record and does not: nothing of it
// is kept.
bool hold_by_hand(Replica& replica, const VerifiedEntry& entry, const AuthorStanding& author,
                  const NodeContext& context);
// Keeps an entry of a later version, unchecked. Fails with `newer` where too many are kept.
Result<Done> park_by_hand(UnitOfWork& work, const SignedEntry& entry);

}  // namespace throughgate::sync::store
