// All or nothing: what happens between begin() and commit() is on disk when commit() says so, and
// else it never happened. One Transaction at a time on a Database; a second one inside is a fault
// of ours and asserted.
#pragma once

#include "sync/result.h"

namespace throughgate::sync::store {

class Connection;
class Database;

class Transaction {
 public:
  // Takes the file's one write lock, waiting as long as the Database's busy time-out.
  static Result<Transaction> begin(Database& database);
  // For reading only: the store as of one moment, while others may write.
  static Result<Transaction> begin_reading(Database& database);

  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();  // rolls back what was not committed

  // Durable when it succeeds. After an error everything since begin() is rolled back; only if the
  // power goes at that very moment may the whole of it turn up as committed after all.
  Result<Done> commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  void roll_back();

  Connection* connection_;  // null once it has ended
};

}  // namespace throughgate::sync::store
