// What commands print: tables and facts for people, one JSON value for programs (--json), and
// remarks that only people get. Text that came from elsewhere cannot steer the terminal: characters
// that nobody sees are shown as "?".
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "node/text/json_text.h"

namespace throughgate::node::cli {

using Value = std::variant<std::string, std::uint64_t, bool, std::vector<std::string>>;
using Facts = std::vector<std::pair<std::string, Value>>;  // in the order shown
using Row = std::vector<Value>;

// A table among others.
struct NamedTable {
  std::string name;
  std::vector<std::string> columns;
  std::vector<Row> rows;
};

class Output {
 public:
  // `out` must outlive it.
  Output(std::ostream& out, bool json) : out_(out), json_(json) {}

  bool is_json() const { return json_; }
  // Every row has one value for each column. `when_empty` is what people read if there are none.
  // Rows that no line holds are printed one below the other, value by value.
  void table(const std::vector<std::string>& columns, const std::vector<std::vector<Value>>& rows,
             std::string_view when_empty);
  void facts(const Facts& facts);
  // Facts, then each table that has rows under its name; in JSON one object with all of them.
  void facts(const Facts& facts, const std::vector<NamedTable>& tables);
  // For people; nothing in JSON.
  void say(std::string_view text);
  // One JSON value made elsewhere, as it is; only with --json.
  void raw_json(std::string_view json);

 private:
  void json_facts(const Facts& facts);
  void listed_rows(const std::vector<std::string>& columns, const std::vector<Row>& rows);
  void json_rows(const std::vector<std::string>& columns, const std::vector<Row>& rows);

  std::ostream& out_;
  bool json_;
};

// "2026-12-04 08:30 UTC"; "never" for 0.
std::string shown_time(std::uint64_t ms);
// "340 kB", "8.4 MB", as mail programs count.
std::string shown_size(std::uint64_t bytes);

}  // namespace throughgate::node::cli
