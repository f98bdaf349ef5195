// What a newer program wrote in a dossier and this one cannot read.
// Threads: those of the Database. Errors: those of Database.
#pragma once

#include "sync/policy.h"
#include "sync/store/database.h"

namespace throughgate::sync::store {

// How many changes to a dossier are here, of which this program reads nothing or not all: their
// form, or a field, a kind of record or a step is of a newer one. Those too that wait for an update
// to have a place.
Result<std::uint64_t> changes_not_read(Database& database, const PolicyTable& policies,
                                       const DossierId& dossier);

}  // namespace throughgate::sync::store
