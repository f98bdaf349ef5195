// What only who holds a dossier's key can say: a keyed hash of some bytes. For codes that one
// member's staff read to another's.
#pragma once

#include <vector>

#include "crypto/hash.h"
#include "sync/ids.h"
#include "sync/store/unit_of_work.h"

namespace throughgate::sync::store {

// Under the key in force at the end of the order held here; without an order, under the one that
// came by hand.
//   not_found    there is no such dossier here
//   unavailable  its key has not come yet
Result<Hash> member_hash(UnitOfWork& work, const DossierId& dossier, const crypto::Context& context,
                         ByteView bytes);
// Under each key held here: what another member, who may not have heard of a new key yet, can say.
std::vector<Hash> member_hashes(UnitOfWork& work, const DossierId& dossier,
                                const crypto::Context& context, ByteView bytes);

}  // namespace throughgate::sync::store
