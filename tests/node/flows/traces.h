// What could be left of a dossier in a store, and a search for it in every page.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sync/store/database.h"
#include "sync/store/erasure.h"

namespace throughgate::node::testing {

// Bytes by which each table would be known to hold something of the dossier still: texts, keys,
// hashes, signatures, sealed parts, streams. Numbers of rows are not among them: see RowCounts.
std::vector<std::string> marks_of(sync::store::Database& database, const sync::DossierId& dossier);

// Rows of every table that belongs to records, whatever tables there are.
using RowCounts = std::map<std::string, std::int64_t>;
RowCounts count_rows(sync::store::Database& database);

// A row in each table that a dossier does not fill by itself here. The words are looked for too.
constexpr const char* planted_words = "Wormwood Planted-Beside";
void plant_beside(sync::store::Database& database, const sync::DossierId& dossier);

// Empty when no page holds a mark and every table has as many rows as `before`; else what is left.
std::string what_is_left(sync::store::Database& database, const std::vector<std::string>& marks,
                         const RowCounts& before);

}  // namespace throughgate::node::testing
