#include "sync/store/statement.h"

#include <sqlite3.h>

#include <cassert>
#include <limits>

#include "sync/store/connection.h"
#include "sync/store/sqlite_error.h"

namespace throughgate::sync::store {

Statement::Statement(Statement&& other) noexcept
    : connection_(other.connection_),
      statement_(std::exchange(other.statement_, nullptr)),
      binding_fault_(std::move(other.binding_fault_)),
      started_(other.started_) {}

Statement::~Statement() {
  if (statement_ != nullptr) connection_->take_back(statement_);
}

void Statement::start_binding(std::size_t count) {
  assert(count == static_cast<std::size_t>(sqlite3_bind_parameter_count(statement_)));
  sqlite3_reset(statement_);
  started_ = false;
  binding_fault_.reset();
}

void Statement::note(int result_code) {
  if (result_code != SQLITE_OK && !binding_fault_) binding_fault_ = error_from_sqlite(result_code);
}

void Statement::bind_integer(int index, std::int64_t value) {
  note(sqlite3_bind_int64(statement_, index, value));
}

void Statement::bind_unsigned(int index, std::uint64_t value) {
  if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return note(SQLITE_TOOBIG);
  }
  bind_integer(index, static_cast<std::int64_t>(value));
}

void Statement::bind_text(int index, std::string_view value) {
  const char* start = value.empty() ? "" : value.data();  // a null pointer would bind NULL
  note(sqlite3_bind_text64(statement_, index, start, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bind_bytes(int index, crypto::ByteView value) {
  const void* start = value.empty() ? static_cast<const void*>("") : value.data();
  note(sqlite3_bind_blob64(statement_, index, start, value.size(), SQLITE_TRANSIENT));
}

void Statement::bind_null(int index) { note(sqlite3_bind_null(statement_, index)); }

Result<bool> Statement::step() {
  if (binding_fault_) return *binding_fault_;
  started_ = true;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  sqlite3_reset(statement_);
  started_ = false;
  if (code == SQLITE_DONE) return false;
  return error_from_sqlite(code);
}

Result<Done> Statement::run() {
  for (;;) {
    const auto row = step();
    if (!row) return row.error();
    if (!*row) return Done{};
  }
}

bool Statement::is_null(int column) const {
  assert(started_);
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
  assert(started_);
  return sqlite3_column_int64(statement_, column);
}

std::uint64_t Statement::unsigned_integer(int column) const {
  const auto value = integer(column);
  return value < 0 ? 0 : static_cast<std::uint64_t>(value);
}

std::string Statement::text(int column) const { return std::string(crypto::as_text(view(column))); }

crypto::Bytes Statement::bytes(int column) const {
  const auto seen = view(column);
  return {seen.begin(), seen.end()};
}

crypto::ByteView Statement::view(int column) const {
  assert(started_);
  const auto* start = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return start == nullptr ? crypto::ByteView{} : crypto::ByteView{start, size};
}

}  // namespace throughgate::sync::store
