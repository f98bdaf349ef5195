#include "sync/store/settings.h"

#include <sqlite3.h>

#include "sync/store/connection.h"
#include "sync/store/database.h"
#include "sync/store/sqlite_error.h"

namespace throughgate::sync::store {
namespace {

struct Limit {
  int id;
  int value;
};
constexpr Limit limits[] = {
    {SQLITE_LIMIT_LENGTH, 16 << 20},  // one value or row; the largest entry is far smaller
    {SQLITE_LIMIT_SQL_LENGTH, 100'000},
    {SQLITE_LIMIT_COLUMN, 200},
    {SQLITE_LIMIT_EXPR_DEPTH, 100},
    {SQLITE_LIMIT_COMPOUND_SELECT, 20},
    {SQLITE_LIMIT_FUNCTION_ARG, 50},
    {SQLITE_LIMIT_ATTACHED, 1},  // VACUUM attaches its copy, in memory
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 500},
    {SQLITE_LIMIT_VARIABLE_NUMBER, 1000},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 20},
    {SQLITE_LIMIT_WORKER_THREADS, 0},
};

struct Switch {
  int id;
  int value;
};
constexpr Switch switches[] = {
    {SQLITE_DBCONFIG_DEFENSIVE, 1},       // no SQL that could damage the file
    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},  // a schema cannot call what has side effects
    {SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0},
    {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1},  // until the key is known to be right
    {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
    {SQLITE_DBCONFIG_ENABLE_QPSG, 1},  // a plan follows the words of a statement: none is made anew
    {SQLITE_DBCONFIG_DQS_DML, 0},      // "name" is never silently a text
    {SQLITE_DBCONFIG_DQS_DDL, 0},
    {SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE, 0},
    {SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE, 0},
};

struct Setting {
  std::string_view set;
  std::string_view read;
  std::string_view value;  // as read back
};
// In this order. Until the switch to WAL a fresh file has a rollback journal, whose removal must be
// durable (EXTRA): a journal that came back after a power cut would undo the whole store.
constexpr Setting settings[] = {
    {"PRAGMA temp_store = MEMORY", "PRAGMA temp_store", "2"},
    {"PRAGMA secure_delete = ON", "PRAGMA secure_delete", "1"},
    {"PRAGMA cell_size_check = ON", "PRAGMA cell_size_check", "1"},
    {"PRAGMA mmap_size = 0", "PRAGMA mmap_size", "0"},
    {"PRAGMA synchronous = EXTRA", "PRAGMA synchronous", "3"},
    {"PRAGMA journal_mode = WAL", "PRAGMA journal_mode", "wal"},
    {"PRAGMA synchronous = FULL", "PRAGMA synchronous", "2"},
    // 32 MiB: an import does not push its pages out, to be sealed and read again, before it
    // commits.
    {"PRAGMA cache_size = -32768", "PRAGMA cache_size", "-32768"},
    {"PRAGMA journal_size_limit = 16777216", "PRAGMA journal_size_limit", "16777216"},
    {"PRAGMA foreign_keys = ON", "PRAGMA foreign_keys", "1"},
    {"PRAGMA trusted_schema = OFF", "PRAGMA trusted_schema", "0"},
};

// Of a database that has no file: nothing of it may reach the disk either.
constexpr Setting settings_in_memory[] = {
    {"PRAGMA temp_store = MEMORY", "PRAGMA temp_store", "2"},
    {"PRAGMA journal_mode = MEMORY", "PRAGMA journal_mode", "memory"},
    {"PRAGMA foreign_keys = ON", "PRAGMA foreign_keys", "1"},
    {"PRAGMA trusted_schema = OFF", "PRAGMA trusted_schema", "0"},
};

Error not_in_force(std::string_view setting) {
  return {ErrorKind::unavailable, "A protection of the store is not in force (" +
                                      std::string(setting) +
                                      "), so it was not opened. Nothing was lost. Install the "
                                      "program again, or keep the store on a local disk."};
}

Result<Done> apply(Connection& connection, const Setting& setting) {
  if (auto set = connection.run_script(setting.set); !set) return set.error();
  auto statement = connection.prepare(setting.read);
  if (!statement) return statement.error();
  const auto row = statement->step();
  if (!row) return row.error();
  // A pragma without effect answers no row (mmap_size on a disk that cannot).
  const auto found = *row ? statement->text(0) : std::string("0");
  if (found != setting.value) return not_in_force(setting.read);
  return Done{};
}

}  // namespace

Result<Done> restrict_connection(sqlite3* handle) {
  sqlite3_extended_result_codes(handle, 1);
  for (const auto& limit : limits) {
    sqlite3_limit(handle, limit.id, limit.value);
    if (sqlite3_limit(handle, limit.id, -1) != limit.value) return not_in_force("limits");
  }
  for (const auto& each : switches) {
    int now = -1;
    sqlite3_db_config(handle, each.id, each.value, &now);
    if (now != each.value) return not_in_force("defence " + std::to_string(each.id));
  }
  return Done{};
}

Result<Done> settle(Connection& connection, const OpenOptions& options) {
  for (const auto& setting : settings) {
    if (auto applied = apply(connection, setting); !applied) return applied.error();
  }
  if (options.unsafe.synchronous_normal) {
    if (auto set = connection.run_script("PRAGMA synchronous = NORMAL"); !set) return set.error();
  }
  if (options.unsafe.temporary_files) {
    if (auto set = connection.run_script("PRAGMA temp_store = FILE"); !set) return set.error();
  }
  return Done{};
}

Result<Done> settle_in_memory(Connection& connection) {
  for (const auto& setting : settings_in_memory) {
    if (auto applied = apply(connection, setting); !applied) return applied.error();
  }
  return Done{};
}

}  // namespace throughgate::sync::store
