// Keys of dossiers out of the envelopes held here: those for this node, and, while a lost node is
// rebuilt, those for its organisation's recovery sheet.
#pragma once

#include "sync/store/replica.h"

namespace throughgate::sync::store {

// Of one dossier; how many are new. finish() is the caller's.
std::size_t open_envelopes(Replica& replica, const NodeIdentity& identity);

// Of every dossier in which something is sealed still: the sheet may have come after the records.
Result<Done> open_all_envelopes(Database& database, const NodeContext& context);

}  // namespace throughgate::sync::store
