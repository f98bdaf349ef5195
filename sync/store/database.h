// An encrypted database file: the one thin skin over SQLite (SQLite3 Multiple Ciphers, AEGIS-256).
// Everything above speaks to Database, Statement and Transaction; nothing else names SQLite.
//
// The file. Each page is sealed by AEGIS-256 under the database key with a random nonce of its own;
// a damaged page is found when it is read. The cipher writes 16 bytes of salt in the clear at the
// start of the file and would use them to stretch a passphrase. We give a raw key and stretch
// nothing, so there they are a label: a keyed hash of the key. It is known before the file is read,
// so a torn first sector can hide neither key nor salt, and it tells a damaged store from a file
// that was never this store.
//
// Threads: one Database per thread; several on one file share it, one writer at a time. Never
// fork() once a Database has been open: parent and child would draw the same nonces. Errors:
// returned, never thrown, in words for the person in front of the screen.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "crypto/key_slots.h"
#include "sync/result.h"
#include "sync/store/statement.h"
#include "sync/store/transaction.h"

namespace throughgate::sync::store {

class Connection;

enum class Access {
  read_only,  // the file must be there
  existing,   // the file must be there and not be empty
  create,     // made when it is missing
};

// Takes protections away so that tests can show the loss that they prevent. Never set elsewhere.
struct UnsafeForTests {
  bool synchronous_normal = false;  // acknowledges before the log is on disk
  bool temporary_files = false;     // lets sorters and temporary tables spill to disk in the clear
};

struct OpenOptions {
  Access access = Access::existing;
  std::string vfs;             // a registered SQLite VFS to keep the file on; empty: this system's
  int busy_timeout_ms = 5000;  // how long to wait for another writer
  UnsafeForTests unsafe{};
};

class Database {
 public:
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  // On success every protection named in settings.cpp has been read back and is in force: WAL,
  // synchronous=FULL, temporary tables in memory, secure delete, foreign keys and so on.
  //   not_found    there is no such file (and Access is not `create`)
  //   denied       another key's store, or some other file of random bytes
  //   invalid      plainly no store: some other kind of file
  //   corrupt      this key's store, but damaged; or an empty file where a store should be
  //   unavailable  disk full, failing, busy
  static Result<Database> open(const std::string& path, const crypto::DatabaseKey& key,
                               const OpenOptions& options = {});

  // An empty database in this process's memory that no disk ever sees; gone with this object.
  static Result<Database> in_memory();

  // The statement is prepared once for each text and kept. The text must be a constant: values are
  // bound.
  Result<Statement> prepare(std::string_view sql);

  // Prepares, binds and runs to the end.
  template <typename... Values>
  Result<Done> run(std::string_view sql, const Values&... values) {
    auto statement = prepare(sql);
    if (!statement) return statement.error();
    return statement->bind(values...).run();
  }

  // Several statements in one constant text, such as a migration. Nothing is kept.
  Result<Done> run_script(std::string_view sql);

  // The whole store as of one moment, into a new file sealed under `key` on the same VFS, durable
  // when it returns. Refuses a path that is taken; on failure the new file is removed.
  Result<Done> backup_to(const std::string& path, const crypto::DatabaseKey& key) const;

  // Reads every page in use and checks its seal and the structure of every table. `corrupt` when
  // anything is wrong, with the page in its words where one does not open. Takes time in proportion
  // to the file.
  Result<Done> quick_check();

  // Moves the log into the file and empties it, so that what was deleted is in neither.
  // `unavailable` while another Database is in the middle of something.
  Result<Done> checkpoint();

  [[nodiscard]] Connection& connection() { return *connection_; }  // for Transaction

 private:
  static Result<Database> open_once(const std::string& path, const crypto::DatabaseKey& key,
                                    const OpenOptions& options);
  Database(std::unique_ptr<Connection> connection, std::string vfs);

  std::unique_ptr<Connection> connection_;
  std::string vfs_;  // empty: this system's
};

}  // namespace throughgate::sync::store
