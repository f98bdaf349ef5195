// One transaction and the first thing that went wrong in it. After an error every further step does
// nothing, and commit() returns that error: so the steps of a save read as a list, and a save is
// whole or not there.
//
//   UnitOfWork work(database);
//   const auto seq = work.first("SELECT seq FROM stream WHERE id = ?", bound(id), unsigned_column);
//   work.run("UPDATE stream SET seq = ? WHERE id = ?", *seq + 1, id);
//   return work.commit();
//
// An answer read after an error is empty; nothing that follows from it can be committed.
#pragma once

#include <cassert>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include "sync/ids.h"
#include "sync/store/database.h"

namespace throughgate::sync::store {

template <typename... Values>
auto bound(const Values&... values) {
  return std::tuple<const Values&...>(values...);
}

enum class Purpose { writing, reading };

class UnitOfWork {
 public:
  // `reading` takes no lock and sees the store as of one moment; it may only ask.
  explicit UnitOfWork(Database& database, Purpose purpose = Purpose::writing)
      : database_(database), purpose_(purpose) {
    auto begun = purpose == Purpose::writing ? Transaction::begin(database)
                                             : Transaction::begin_reading(database);
    if (begun) {
      transaction_.emplace(std::move(*begun));
    } else {
      error_ = begun.error();
    }
  }

  template <typename... Values>
  void run(std::string_view sql, const Values&... values) {
    if (error_) return;
    assert(purpose_ == Purpose::writing);
    if (auto done = database_.run(sql, values...); !done) error_ = done.error();
  }

  // Calls `take(row)` for each row. `take` may not run another statement of the same text.
  template <typename Bound, typename Take>
  void each(std::string_view sql, const Bound& values, Take take) {
    if (error_) return;
    auto statement = database_.prepare(sql);
    if (!statement) {
      error_ = statement.error();
      return;
    }
    std::apply([&](const auto&... value) { statement->bind(value...); }, values);
    for (;;) {
      const auto row = statement->step();
      if (!row) error_ = row.error();
      if (!row || !*row) return;
      take(*statement);
    }
  }

  // What `read(row)` makes of the first row, if there is one.
  template <typename Bound, typename Read>
  auto first(std::string_view sql, const Bound& values, Read read)
      -> std::optional<decltype(read(std::declval<const Statement&>()))> {
    std::optional<decltype(read(std::declval<const Statement&>()))> out;
    each(sql, values, [&](const Statement& row) {
      if (!out) out.emplace(read(row));
    });
    return out;
  }

  void fail(Error error) {
    if (!error_) error_ = std::move(error);
  }
  // A stored value that does not decode: the file is damaged.
  void fail_as_damaged() {
    fail({ErrorKind::corrupt,
          "Part of the store is damaged. Stop using this computer for Throughgate and restore it "
          "from a backup."});
  }
  bool failed() const { return error_.has_value(); }
  const Error& error() const { return *error_; }

  Result<Done> commit() {
    if (error_) return *error_;
    return transaction_->commit();
  }

 private:
  Database& database_;
  Purpose purpose_;
  std::optional<Transaction> transaction_;
  std::optional<Error> error_;
};

inline std::uint64_t unsigned_column(const Statement& row) { return row.unsigned_integer(0); }
inline Bytes bytes_column(const Statement& row) { return row.bytes(0); }

}  // namespace throughgate::sync::store
