// Keys of dossiers out of the envelopes held here: those for this node, and, for whoever has the
// organisation's recovery sheet, those for that.
#pragma once

#include "sync/store/replica.h"

namespace throughgate::sync::store {

// Of one dossier; how many are new. finish() is the caller's.
std::size_t open_envelopes(Replica& replica, const NodeIdentity& identity);
// The same with a recovery key that the identity does not hold.
std::size_t open_envelopes(Replica& replica, const NodeIdentity& identity,
                           const crypto::BoxKey& sheet);

// Every dossier in which something is sealed still.
std::vector<DossierId> sealed_dossiers(UnitOfWork& work);

// What such a dossier waits for here.
enum class Awaited : std::uint8_t {
  sheet,  // nothing that others must send: a key is here, sealed to the organisation's recovery key
  rest,   // not all of it has come
  key,    // its key has not come
};
Awaited what_it_awaits(Replica& replica, const OrganisationId& organisation);

}  // namespace throughgate::sync::store
