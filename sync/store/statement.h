// One prepared SQL statement, borrowed from the Database that keeps it. Values are always bound,
// never written into the SQL text.
//
//   auto find = database.prepare("SELECT seq, header FROM entry WHERE stream = ?");
//   if (!find) return find.error();
//   find->bind(stream);
//   for (;;) {
//     const auto row = find->step();
//     if (!row) return row.error();
//     if (!*row) break;
//     use(find->unsigned_integer(0), find->view(1));
//   }
//
// Threads: those of its Database. Lifetime: must end before its Database does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "crypto/bytes.h"
#include "sync/result.h"

struct sqlite3_stmt;

namespace throughgate::sync::store {

class Connection;

class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();  // back to the Database, values forgotten

  // Binds every parameter in order: integers, bool, text, bytes, nullptr or an optional of these.
  // The values are copied. What cannot be bound (an unsigned integer above 2^63 - 1, something too
  // large) makes the next step() or run() fail with `invalid`. A statement may be bound and run
  // again.
  template <typename... Values>
  Statement& bind(const Values&... values) {
    start_binding(sizeof...(values));
    int index = 0;
    (bind_value(++index, values), ...);
    return *this;
  }

  // True: there is a row to read. False: no more rows.
  Result<bool> step();
  // To the end; rows, if any, are passed over.
  Result<Done> run();

  // Columns of the row that step() found, counted from 0.
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::uint64_t unsigned_integer(int column) const;  // 0 when negative
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] crypto::Bytes bytes(int column) const;
  [[nodiscard]] crypto::ByteView view(
      int column) const;  // valid until the next step(), run() or bind()

 private:
  friend class Connection;
  Statement(Connection& connection, sqlite3_stmt* statement)
      : connection_(&connection), statement_(statement) {}

  void start_binding(std::size_t count);
  void bind_integer(int index, std::int64_t value);
  void bind_unsigned(int index, std::uint64_t value);
  void bind_text(int index, std::string_view value);
  void bind_bytes(int index, crypto::ByteView value);
  void bind_null(int index);
  void note(int result_code);

  template <typename T>
  void bind_value(int index, const std::optional<T>& value) {
    value ? bind_value(index, *value) : bind_null(index);
  }
  template <typename T>
  void bind_value(int index, const T& value) {
    static_assert(!std::is_floating_point_v<T>, "no floating point: it would not compare alike");
    if constexpr (std::is_same_v<T, std::nullptr_t>) {
      bind_null(index);
    } else if constexpr (std::is_integral_v<T> && std::is_unsigned_v<T>) {
      bind_unsigned(index, value);
    } else if constexpr (std::is_integral_v<T>) {
      bind_integer(index, value);
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      bind_text(index, value);
    } else {
      bind_bytes(index, value);
    }
  }

  Connection* connection_;
  sqlite3_stmt* statement_;
  std::optional<Error> binding_fault_;
  bool started_ = false;  // stepped since it was last reset
};

}  // namespace throughgate::sync::store
