// Inside the store only: how every connection is set, and the proof that it is.
#pragma once

#include "sync/result.h"

struct sqlite3;

namespace throughgate::sync::store {

class Connection;
struct OpenOptions;

// What needs no look into the file: limits, and what SQL may not do.
Result<Done> restrict_connection(sqlite3* handle);

// What does. Fails with `unavailable` when a setting, read back, is not what was asked.
Result<Done> settle(Connection& connection, const OpenOptions& options);
Result<Done> settle_in_memory(Connection& connection);  // the same for one that has no file

}  // namespace throughgate::sync::store
