#include "sync/store/transaction.h"

#include <cassert>

#include "sync/store/connection.h"
#include "sync/store/database.h"

namespace throughgate::sync::store {
namespace {

Result<Done> run(Connection& connection, std::string_view sql) {
  auto statement = connection.prepare(sql);
  if (!statement) return statement.error();
  return statement->run();
}

}  // namespace

Result<Transaction> Transaction::begin(Database& database) {
  auto& connection = database.connection();
  assert(!connection.in_transaction());
  if (auto begun = run(connection, "BEGIN IMMEDIATE"); !begun) return begun.error();
  return Transaction(connection);
}

Result<Transaction> Transaction::begin_reading(Database& database) {
  auto& connection = database.connection();
  assert(!connection.in_transaction());
  if (auto begun = run(connection, "BEGIN DEFERRED"); !begun) return begun.error();
  return Transaction(connection);
}

Transaction::Transaction(Transaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

Transaction::~Transaction() {
  if (connection_ != nullptr) roll_back();
}

Result<Done> Transaction::commit() {
  assert(connection_ != nullptr);
  auto committed = run(*connection_, "COMMIT");
  if (!committed) roll_back();
  connection_ = nullptr;
  return committed;
}

void Transaction::roll_back() {
  // After some errors SQLite has already rolled back by itself. When rolling back fails as well,
  // nothing more can be done here: the log on disk has no commit mark, which is what counts.
  if (connection_->in_transaction()) static_cast<void>(run(*connection_, "ROLLBACK").has_value());
}

}  // namespace throughgate::sync::store
