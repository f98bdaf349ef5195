// Inside the store only: handing the database key to SQLite, and telling why a file does not open.
#pragma once

#include "crypto/key_slots.h"
#include "sync/result.h"

struct sqlite3;

namespace throughgate::sync::store {

// Before anything is read. The key reaches no SQL text; our copy of it is wiped, SQLite's is when
// the connection closes.
Result<Done> set_key(sqlite3* handle, const crypto::DatabaseKey& key);

// After reading has failed because the first page does not open.
Error why_it_does_not_open(sqlite3* handle, const crypto::DatabaseKey& key);

}  // namespace throughgate::sync::store
