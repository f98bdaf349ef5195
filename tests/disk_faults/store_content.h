// What a store holds, so that two of them can be compared: all rows of all tables, whatever tables
// there are.
#pragma once

#include <map>
#include <string>

#include "sync/store/database.h"

namespace throughgate::testing {

// By table, a short mark of its rows; of settings, one each: "setting 7".
using Content = std::map<std::string, std::string>;

// The test fails where it cannot be read.
Content content_of(sync::store::Database& database);
Content content_of(const std::string& path, const crypto::DatabaseKey& key,
                   const std::string& vfs = {});

// Of files in a folder, by name; without what comes and goes beside a store.
Content files_in(const std::string& folder);

}  // namespace throughgate::testing
