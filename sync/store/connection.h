// Inside the store only: the open SQLite connection behind a Database, and its prepared statements.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sync/result.h"
#include "sync/store/statement.h"

struct sqlite3;
struct sqlite3_stmt;

namespace throughgate::sync::store {

class Connection {
 public:
  explicit Connection(sqlite3* handle) : handle_(handle) {}  // owns `handle`
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();  // every Statement must have gone

  Result<Statement> prepare(std::string_view sql);
  Result<Done> run_script(std::string_view sql);
  [[nodiscard]] sqlite3* handle() const { return handle_; }
  [[nodiscard]] bool in_transaction() const;

 private:
  friend class Statement;
  void take_back(sqlite3_stmt* statement);
  std::vector<sqlite3_stmt*>& idle(std::string_view sql);

  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;  // a text is looked up as it stands, not copied first
  };

  sqlite3* handle_;
  std::unordered_map<std::string, std::vector<sqlite3_stmt*>, TextHash, std::equal_to<>>
      idle_;  // by SQL text
  int borrowed_ = 0;
};

}  // namespace throughgate::sync::store
