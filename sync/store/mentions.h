// Where in the records some bytes stand: in any field of any type of record, shown or in its
// history only. A walk through every change held; for what is asked seldom and must miss nothing.
// Threads: those of the Database. Errors: those of Database.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sync/store/record_reader.h"

namespace throughgate::sync::store {

// Records that hold a value in which `part` stands as it is; at most `limit`, by dossier, type and
// record. What is set aside, or was taken out for everybody, is not among them.
Result<std::vector<RecordName>> records_holding(Database& database, ByteView part,
                                                std::size_t limit);

// Calls `take` with each value that was ever put into this field, shown or in its history only, and
// where. What is set aside, or was taken out for everybody, is not among them. `take` may not use
// the database; the value lives as long as the call.
Result<Done> each_value(Database& database, std::uint32_t type, std::uint32_t field,
                        const std::function<void(const RecordName&, ByteView)>& take);

// A change in a record that is set aside, by the number of who wrote it; `effective_ms` is when the
// exchange placed it, 0 where it has no place.
struct ChangeApart {
  RecordName record;
  OpView change;
};
// All changes to records that are set aside and hold a value in which `part` stands; at most
// `limit`, record by record, the newest first. The one call besides RecordReader::set_aside() that
// reads them: they are shown to nobody, and are kept all the same.
Result<std::vector<ChangeApart>> changes_apart(Database& database, ByteView part,
                                               std::size_t limit);

// Every record of a dossier of which any change is here, by type and record.
Result<std::vector<RecordName>> records_in(Database& database, const DossierId& dossier);

}  // namespace throughgate::sync::store
