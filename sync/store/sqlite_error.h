// What SQLite's result codes mean to the person in front of the screen. SQLite's own messages are
// never passed on: they may quote what somebody typed.
#pragma once

#include "sync/result.h"

namespace throughgate::sync::store {

// The Error for an extended result code other than SQLITE_OK, SQLITE_ROW and SQLITE_DONE.
Error error_from_sqlite(int extended_code);

}  // namespace throughgate::sync::store
