// Where in the records some bytes stand: in any field of any type of record, shown or in its
// history only. A walk through every change held; for what is asked seldom and must miss nothing.
// Threads: those of the Database. Errors: those of Database.
#pragma once

#include <string>
#include <vector>

#include "sync/store/record_reader.h"

namespace throughgate::sync::store {

// Records that hold a value in which `part` stands as it is; at most `limit`, by dossier, type and
// record. What is set aside, or was taken out for everybody, is not among them.
Result<std::vector<RecordName>> records_holding(Database& database, ByteView part,
                                                std::size_t limit);

// Every record of a dossier of which any change is here, by type and record.
Result<std::vector<RecordName>> records_in(Database& database, const DossierId& dossier);

}  // namespace throughgate::sync::store
