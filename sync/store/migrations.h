// Brings a database file to the shape this program expects, one numbered step at a time.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sync/result.h"
#include "sync/store/database.h"

namespace throughgate::sync::store {

struct Migration {
  int version;           // one after the other without gaps; what has been released never changes
  std::string_view sql;  // one or more statements; not BEGIN, COMMIT, VACUUM or journal settings
};

// The first migration makes a fresh file; its version is 1, or higher where stores of trial
// versions were given up. Applies what the file lacks, each migration in one transaction: after a
// crash at any moment the file has all of it or nothing. `application_id` (not 0) marks the kind of
// file.
//   invalid  a newer program made this file, or a trial version, or it is a file of another kind;
//            nothing was changed
Result<Done> migrate(Database& database, std::span<const Migration> migrations,
                     std::int32_t application_id);

// The last migration that was applied to the file; 0 for a fresh one.
Result<std::int64_t> version_of(Database& database);

}  // namespace throughgate::sync::store
