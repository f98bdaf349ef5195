#include "sync/store/sqlite_error.h"

#include <sqlite3.h>

namespace throughgate::sync::store {
namespace {

Error described(ErrorKind kind, const char* text, int extended_code) {
  return {kind, std::string(text) + " (SQLite " + std::to_string(extended_code) + ")"};
}

}  // namespace

Error error_from_sqlite(int extended_code) {
  switch (extended_code & 0xff) {
    case SQLITE_FULL:
      return described(ErrorKind::unavailable,
                       "The disk is full, so this was not saved. Nothing saved before is lost. "
                       "Free some space, then try again.",
                       extended_code);
    case SQLITE_IOERR:
    case SQLITE_PROTOCOL:
      return described(ErrorKind::unavailable,
                       "The disk did not do as asked, so this was not saved. Nothing saved before "
                       "is lost. Try again. If it happens again, make a backup onto another disk "
                       "and have this one checked.",
                       extended_code);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return described(ErrorKind::unavailable,
                       "Another task is using the store. Nothing was lost. Try again in a moment.",
                       extended_code);
    case SQLITE_NOMEM:
      return described(ErrorKind::unavailable,
                       "This computer ran out of memory, so this was not done. Nothing saved "
                       "before is lost. Close other programs, then try again.",
                       extended_code);
    case SQLITE_CANTOPEN:
      return described(
          ErrorKind::unavailable,
          "The store could not be opened. Nothing in it was changed. Check that its folder "
          "exists, that this user may read and write there, and that the disk is "
          "not full.",
          extended_code);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return described(ErrorKind::denied,
                       "The store may not be changed: it is open for reading only. Nothing was "
                       "changed. Check who may write to its file.",
                       extended_code);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return described(
          ErrorKind::corrupt,
          "The store looks damaged. Nothing was changed. Start this program again; if it says "
          "the same, stop using this computer for Throughgate, keep it as it is, and ring the "
          "central team.",
          extended_code);
    case SQLITE_TOOBIG:
      return described(ErrorKind::invalid,
                       "This is too large to save. Nothing was changed. Shorten it, then try "
                       "again.",
                       extended_code);
    case SQLITE_CONSTRAINT:
      return described(ErrorKind::invalid,
                       "The rules of the store do not allow this change. Nothing was saved.",
                       extended_code);
    default:
      return described(ErrorKind::invalid, "The store could not carry this out. Nothing was saved.",
                       extended_code);
  }
}

}  // namespace throughgate::sync::store
