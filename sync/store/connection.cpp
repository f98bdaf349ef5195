#include "sync/store/connection.h"

#include <sqlite3.h>

#include <cassert>
#include <memory>

#include "sync/store/sqlite_error.h"

namespace throughgate::sync::store {

Connection::~Connection() {
  assert(borrowed_ == 0);
  for (const auto& [text, statements] : idle_) {
    for (auto* statement : statements) sqlite3_finalize(statement);
  }
  sqlite3_close(handle_);
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

Result<Statement> Connection::prepare(std::string_view sql) {
  if (auto& kept = idle(sql); !kept.empty()) {
    auto* statement = kept.back();
    kept.pop_back();
    ++borrowed_;
    return Statement(*this, statement);
  }
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return error_from_sqlite(sqlite3_extended_errcode(handle_));
  assert(statement != nullptr);  // the text is ours and is not empty
  ++borrowed_;
  return Statement(*this, statement);
}

void Connection::take_back(sqlite3_stmt* statement) {
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  idle(sqlite3_sql(statement)).push_back(statement);
  --borrowed_;
}

std::vector<sqlite3_stmt*>& Connection::idle(std::string_view sql) {
  if (const auto found = idle_.find(sql); found != idle_.end()) return found->second;
  return idle_[std::string(sql)];
}

Result<Done> Connection::run_script(std::string_view sql) {
  while (!sql.empty()) {
    sqlite3_stmt* made = nullptr;
    const char* rest = nullptr;
    int code =
        sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), 0, &made, &rest);
    if (code != SQLITE_OK) return error_from_sqlite(sqlite3_extended_errcode(handle_));
    sql.remove_prefix(static_cast<std::size_t>(rest - sql.data()));
    if (made == nullptr) continue;  // white space or a comment
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement(made,
                                                                               sqlite3_finalize);
    do code = sqlite3_step(made);
    while (code == SQLITE_ROW);
    if (code != SQLITE_DONE) return error_from_sqlite(sqlite3_extended_errcode(handle_));
  }
  return Done{};
}

}  // namespace throughgate::sync::store
