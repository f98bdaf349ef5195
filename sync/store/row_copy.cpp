#include "sync/store/row_copy.h"

#include <sqlite3.h>

#include "sync/store/connection.h"
#include "sync/store/sqlite_error.h"

namespace throughgate::sync::store {
namespace {

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Prepared = std::unique_ptr<sqlite3_stmt, Finalize>;

Result<Prepared> prepare(Database& database, const std::string& sql) {
  sqlite3_stmt* made = nullptr;
  const int code =
      sqlite3_prepare_v2(database.connection().handle(), sql.c_str(), -1, &made, nullptr);
  if (code != SQLITE_OK) return error_from_sqlite(code);
  return Prepared(made);
}

int write_row(sqlite3_stmt* row, sqlite3_stmt* writing) {
  for (int i = 0; i < sqlite3_column_count(row); ++i) {
    const int code = sqlite3_bind_value(writing, i + 1, sqlite3_column_value(row, i));
    if (code != SQLITE_OK) return code;
  }
  sqlite3_step(writing);
  return sqlite3_reset(writing);
}

// `write` takes the columns of `read`.
Result<Done> copy_rows(Database& from, const std::string& read, Database& to,
                       const std::string& write) {
  const auto reading = prepare(from, read);
  if (!reading) return reading.error();
  const auto writing = prepare(to, write);
  if (!writing) return writing.error();
  for (;;) {
    const int code = sqlite3_step(reading->get());
    if (code == SQLITE_DONE) return Done{};
    if (code != SQLITE_ROW) return error_from_sqlite(code);
    if (const int wrote = write_row(reading->get(), writing->get()); wrote != SQLITE_OK) {
      return error_from_sqlite(wrote);
    }
  }
}

Result<std::vector<std::string>> names_in(Database& database, const std::string& sql, int column) {
  const auto reading = prepare(database, sql);
  if (!reading) return reading.error();
  std::vector<std::string> out;
  for (;;) {
    const int code = sqlite3_step(reading->get());
    if (code == SQLITE_DONE) return out;
    if (code != SQLITE_ROW) return error_from_sqlite(code);
    out.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(reading->get(), column)));
  }
}

Result<std::vector<std::string>> columns_of(Database& database, const std::string& table) {
  return names_in(database, "PRAGMA table_info(" + table + ")", 1);
}

std::string listed(const std::vector<std::string>& names, const std::string& after_each,
                   const std::string& between) {
  std::string out;
  for (const auto& name : names) {
    if (!out.empty()) out += between;
    out.append(name).append(after_each);
  }
  return out;
}

}  // namespace

Result<std::vector<std::string>> tables_of(Database& database) {
  return names_in(database,
                  "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND "
                  "name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
                  0);
}

Result<Done> copy_table(Database& from, Database& to, const std::string& table) {
  const auto columns = columns_of(to, table);
  if (!columns) return columns.error();
  if (auto cleared = to.run_script("DELETE FROM " + table); !cleared) return cleared;
  const auto names = listed(*columns, "", ", ");
  return copy_rows(from, "SELECT " + names + " FROM " + table, to,
                   "INSERT INTO " + table + " (" + names + ") VALUES (" +
                       listed(std::vector<std::string>(columns->size(), "?"), "", ", ") + ")");
}

Result<Done> copy_columns(Database& from, Database& to, const std::string& table,
                          const std::string& key, const std::set<std::string>& but) {
  auto columns = columns_of(to, table);
  if (!columns) return columns.error();
  std::erase_if(*columns, [&](const auto& name) { return name == key || but.contains(name); });
  return copy_rows(
      from, "SELECT " + listed(*columns, ", ", "") + key + " FROM " + table, to,
      "UPDATE " + table + " SET " + listed(*columns, " = ?", ", ") + " WHERE " + key + " = ?");
}

}  // namespace throughgate::sync::store
