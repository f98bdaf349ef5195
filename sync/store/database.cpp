#include "sync/store/database.h"

#include <sqlite3.h>

#include <utility>

#include "sync/store/cipher.h"
#include "sync/store/connection.h"
#include "sync/store/settings.h"
#include "sync/store/sqlite_error.h"

namespace throughgate::sync::store {
namespace {

using ConnectionPointer = std::unique_ptr<Connection>;

// The encryption sits on top of the VFS that holds the files. Without a name SQLite adds it itself.
std::string encrypted(const std::string& vfs) {
  return vfs.empty() ? "" : "multipleciphers-" + vfs;
}

int flags_for(Access access) {
  switch (access) {
    case Access::read_only:
      return SQLITE_OPEN_READONLY;
    case Access::existing:
      return SQLITE_OPEN_READWRITE;
    case Access::create:
      return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  }
  return SQLITE_OPEN_READONLY;
}

// Whether there is a file; nullopt when the disk does not say.
std::optional<bool> exists(const std::string& path, const std::string& vfs_name) {
  auto* vfs = sqlite3_vfs_find(vfs_name.empty() ? nullptr : vfs_name.c_str());
  int found = 0;
  if (vfs == nullptr ||
      vfs->xAccess(vfs, path.c_str(), SQLITE_ACCESS_EXISTS, &found) != SQLITE_OK) {
    return std::nullopt;
  }
  return found != 0;
}

void remove(const std::string& path, const std::string& vfs_name) {
  auto* vfs = sqlite3_vfs_find(vfs_name.empty() ? nullptr : vfs_name.c_str());
  if (vfs == nullptr) return;
  for (const char* part : {"-journal", "-wal", ""}) vfs->xDelete(vfs, (path + part).c_str(), 1);
}

// Open and keyed, but nothing read yet.
Result<ConnectionPointer> connect(const std::string& path, const crypto::DatabaseKey& key,
                                  const OpenOptions& options) {
  sqlite3* handle = nullptr;
  const auto vfs = encrypted(options.vfs);
  const int flags = flags_for(options.access) | SQLITE_OPEN_NOMUTEX;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle, flags, vfs.empty() ? nullptr : vfs.c_str());
  auto connection = std::make_unique<Connection>(handle);
  if (code != SQLITE_OK) {
    if (options.access != Access::create && exists(path, options.vfs) == false) {
      return {ErrorKind::not_found, "There is no store at this place. Choose another file."};
    }
    return error_from_sqlite(code);
  }
  if (auto done = restrict_connection(handle); !done) return done.error();
  sqlite3_busy_timeout(handle, options.busy_timeout_ms);
  if (auto done = set_key(handle, key); !done) return done.error();
  return connection;
}

// Pages in the file, the log counted; reading the first page proves the key.
Result<std::int64_t> count_pages(Connection& connection) {
  auto statement = connection.prepare("SELECT count(*) FROM sqlite_schema");
  if (!statement) return statement.error();
  if (auto row = statement->step(); !row) return row.error();
  auto count = connection.prepare("PRAGMA page_count");
  if (!count) return count.error();
  if (auto row = count->step(); !row) return row.error();
  return count->integer(0);
}

Result<Done> check_structure(Connection& connection) {
  // FTS5 checks its index by what this connection last read of how that is laid out, and calls
  // damaged what another has written since. So all that was read of the schema is read anew.
  if (auto anew = connection.run_script("PRAGMA writable_schema = RESET"); !anew) return anew;
  auto statement = connection.prepare("PRAGMA quick_check(1)");
  if (!statement) return statement.error();
  const auto row = statement->step();
  if (!row) return row.error();
  if (!*row || statement->text(0) != "ok") return error_from_sqlite(SQLITE_CORRUPT);
  return Done{};
}

}  // namespace

Result<Database> Database::open(const std::string& path, const crypto::DatabaseKey& key,
                                const OpenOptions& options) {
  auto opened = open_once(path, key, options);
  if (opened || opened.error().kind == ErrorKind::unavailable) return opened;
  // The cipher takes a page that the disk could not read for one that was altered, and a torn
  // header has been mended by now. Nobody should be told to give up a store for that, so look
  // twice.
  return open_once(path, key, options);
}

Database::Database(std::unique_ptr<Connection> connection, std::string vfs)
    : connection_(std::move(connection)), vfs_(std::move(vfs)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result<Statement> Database::prepare(std::string_view sql) { return connection_->prepare(sql); }
Result<Done> Database::run_script(std::string_view sql) { return connection_->run_script(sql); }

Result<Database> Database::in_memory() {
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(":memory:", &handle,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  auto connection = std::make_unique<Connection>(handle);
  if (code != SQLITE_OK) return error_from_sqlite(code);
  if (auto done = restrict_connection(handle); !done) return done.error();
  if (auto done = settle_in_memory(*connection); !done) return done.error();
  return Database(std::move(connection), {});
}

Result<Database> Database::open_once(const std::string& path, const crypto::DatabaseKey& key,
                                     const OpenOptions& options) {
  auto connection = connect(path, key, options);
  if (!connection) return connection.error();
  auto* handle = (*connection)->handle();
  const auto pages = count_pages(**connection);
  if (!pages) {
    if (pages.error().kind != ErrorKind::corrupt) return pages.error();
    if (options.access != Access::read_only) mend_torn_header(handle);
    return why_it_does_not_open(handle, key);
  }
  if (auto sealed = check_page_seal(handle); !sealed) return sealed.error();
  if (*pages == 0 && options.access != Access::create) {
    return {
        ErrorKind::corrupt,
        "This file is empty where a store should be. Nothing was changed. Keep it as it is, and "
        "ring the central team."};
  }
  if (auto settled = settle(**connection, options); !settled) return settled.error();
  sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
  return Database(*std::move(connection), options.vfs);
}

Result<Done> Database::backup_to(const std::string& path, const crypto::DatabaseKey& key) const {
  const auto taken = exists(path, vfs_);
  if (!taken) return error_from_sqlite(SQLITE_IOERR);
  if (*taken) {
    return {ErrorKind::invalid,
            "There is a file of this name already. Nothing was changed. Choose another name."};
  }
  const auto copy = [&]() -> Result<Done> {
    auto target = connect(path, key, {.access = Access::create, .vfs = vfs_});
    if (!target) return target.error();
    // The copy is written under a rollback journal, whose removal must be durable.
    if (auto set = (*target)->run_script("PRAGMA synchronous = EXTRA"); !set) return set.error();
    auto* backup = sqlite3_backup_init((*target)->handle(), "main", connection_->handle(), "main");
    if (backup == nullptr) {
      return error_from_sqlite(sqlite3_extended_errcode((*target)->handle()));
    }
    const int stepped = sqlite3_backup_step(backup, -1);  // all pages, in one reading
    const int finished = sqlite3_backup_finish(backup);
    if (stepped != SQLITE_DONE) return error_from_sqlite(stepped);
    if (finished != SQLITE_OK) return error_from_sqlite(finished);
    return Done{};
  };
  auto copied = copy();
  if (!copied) remove(path, vfs_);
  return copied;
}

Result<Done> Database::quick_check() {
  auto sound = check_structure(*connection_);
  if (sound || sound.error().kind != ErrorKind::corrupt) return sound;
  return where_damaged(connection_->handle(), sound.error());
}

Result<Done> Database::checkpoint() {
  const int code = sqlite3_wal_checkpoint_v2(connection_->handle(), "main",
                                             SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  if (code != SQLITE_OK) return error_from_sqlite(code);
  return Done{};
}

}  // namespace throughgate::sync::store
