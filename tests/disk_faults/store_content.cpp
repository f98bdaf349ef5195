#include "tests/disk_faults/store_content.h"

#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>
#include <vector>

namespace throughgate::testing {
namespace {

using sync::store::Database;
using sync::store::Statement;

template <class Take>
void each_row(Database& database, const std::string& sql, Take take) {
  auto found = database.prepare(sql);
  if (!found) FAIL(found.error().message);
  for (;;) {
    const auto row = found->step();
    if (!row) FAIL(row.error().message);
    if (!*row) return;
    take(*found);
  }
}

std::string mark_of(const std::string& bytes) {
  return std::to_string(bytes.size()) + "/" + std::to_string(std::hash<std::string>{}(bytes));
}

std::string columns_of(Database& database, const std::string& table) {
  std::string out;
  each_row(database, "SELECT name FROM pragma_table_xinfo('" + table + "')",
           [&](const Statement& row) {
             out += (out.empty() ? "quote(\"" : "||','||quote(\"") + row.text(0) + "\")";
           });
  return out;
}

}  // namespace

Content content_of(Database& database) {
  each_row(database, "PRAGMA quick_check(3)", [](const Statement& row) {
    if (row.text(0) != "ok") FAIL(row.text(0));
  });
  std::vector<std::string> tables;
  each_row(database,
           "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' "
           "AND name NOT LIKE 'sqlite_%'",
           [&](const Statement& row) { tables.push_back(row.text(0)); });
  Content out;
  for (const auto& table : tables) {
    std::string rows;
    each_row(
        database,
        "SELECT " + columns_of(database, table) + " AS row FROM \"" + table + "\" ORDER BY row",
        [&](const Statement& row) {
          const auto text = row.text(0);
          if (table == "setting") out[table + " " + text.substr(0, text.find(','))] = mark_of(text);
          rows += text + "\n";
        });
    if (table != "setting") out[table] = mark_of(rows);
  }
  return out;
}

Content content_of(const std::string& path, const crypto::DatabaseKey& key,
                   const std::string& vfs) {
  sync::store::OpenOptions options;
  options.access = sync::store::Access::read_only;
  options.vfs = vfs;
  auto database = Database::open(path, key, options);
  if (!database) FAIL(path << ": " << database.error().message);
  return content_of(*database);
}

Content files_in(const std::string& folder) {
  Content out;
  if (!std::filesystem::exists(folder)) return out;
  for (const auto& each : std::filesystem::recursive_directory_iterator(folder)) {
    if (each.is_directory() && !each.is_symlink()) continue;
    const auto name = each.path().string().substr(folder.size());
    const bool comes_and_goes = name.ends_with("-wal") || name.ends_with("-shm") ||
                                name.ends_with(".lock") || name.ends_with("attempts");
    if (comes_and_goes) continue;
    const bool is_store =
        name.find(".db") != std::string::npos || !each.is_regular_file() || each.is_symlink();
    if (is_store) {
      out["file " + name] = "";
      continue;
    }
    std::ifstream file(each.path(), std::ios::binary);
    out["file " + name] = mark_of({std::istreambuf_iterator<char>(file), {}});
  }
  return out;
}

}  // namespace throughgate::testing
