// Inside the store only: handing the database key to SQLite, and telling why a file does not open.
#pragma once

#include <cstdint>
#include <optional>

#include "crypto/key_slots.h"
#include "sync/result.h"

struct sqlite3;

namespace throughgate::sync::store {

// Before anything is read. The key reaches no SQL text; our copy of it is wiped, SQLite's is when
// the connection closes.
Result<Done> set_key(sqlite3* handle, const crypto::DatabaseKey& key);

// After the first page has been read: every page ends in a nonce and a tag of the right size.
Result<Done> check_page_seal(sqlite3* handle);

// The cipher leaves bytes 16 to 23 of the file in the clear (page size and the like) and trusts
// them before it reads the log. They never change once the log is in use; where a power cut tore
// them, the log still holds the whole first page. Writes them anew when the log proves that they
// are torn; true when it did, and the file should be opened again.
bool mend_torn_header(sqlite3* handle);

// The first page of the file whose seal is broken, from 1 on; none when all open. Reads around
// SQLite, so a page that a power cut tore counts too, though the log may hold it whole: ask only
// when something could not be read.
std::optional<std::int64_t> first_broken_page(sqlite3* handle);

// After reading has failed: `error`, or where there is such a page, one that names it.
Error where_damaged(sqlite3* handle, const Error& error);

// After reading has failed because the first page does not open.
Error why_it_does_not_open(sqlite3* handle, const crypto::DatabaseKey& key);

}  // namespace throughgate::sync::store
