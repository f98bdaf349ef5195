// Rows of one store into another of the same schema, each value as it is kept. Part of a
// transaction on each side. Tables and columns are those of `to`, which this program made; so what
// a later version of the schema adds is copied too.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "sync/store/database.h"

namespace throughgate::sync::store {

// By name; without those that SQLite keeps for itself or for a virtual table.
Result<std::vector<std::string>> tables_of(Database& database);

// In the place of all rows that stand there.
Result<Done> copy_table(Database& from, Database& to, const std::string& table);

// Into the rows of the same `key`: every column but the key and those named.
Result<Done> copy_columns(Database& from, Database& to, const std::string& table,
                          const std::string& key, const std::set<std::string>& but);

}  // namespace throughgate::sync::store
