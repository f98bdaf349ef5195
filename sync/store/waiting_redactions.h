// What was taken out of a record here and has no place in the exchange's order yet: it still
// stands, as nothing irreversible happens before that. Threads: those of the Database. Errors:
// those of Database.
#pragma once

#include <set>

#include "sync/store/replica.h"

namespace throughgate::sync::store {

Result<std::set<OpId>> ops_being_removed(Database& database, const NodeContext& context,
                                         const DossierId& dossier);

}  // namespace throughgate::sync::store
