#include "node/intake/csv.h"

#include <algorithm>
#include <array>

namespace throughgate::node {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t sample_bytes = std::size_t{64} << 10;  // enough rows to judge a separator by

// A cell that begins so is run as a formula by some spreadsheet; the last four are full-width.
constexpr std::array formula_starts{"="sv,  "+"sv,  "-"sv,  "@"sv,  "\t"sv, "\r"sv,
                                    "\n"sv, "＝"sv, "＋"sv, "－"sv, "＠"sv};

bool needs_guard(std::string_view cell) {
  cell.remove_prefix(std::min(cell.find_first_not_of('\''), cell.size()));
  return std::any_of(formula_starts.begin(), formula_starts.end(),
                     [&](std::string_view start) { return cell.starts_with(start); });
}

bool is_line_end(char c) { return c == '\n' || c == '\r'; }

// Reads one character after the other; knows the line it is on.
class Parser {
 public:
  Parser(std::string_view text, char separator, const CsvLimits& limits, std::size_t first_line)
      : text_(text), separator_(separator), limits_(limits), line_(first_line) {}

  bool at_end() const { return at_ >= text_.size(); }

  Read<CsvRow> row() {
    CsvRow row{line_, {}};
    while (true) {
      if (auto refusal = cell(row)) return *refusal;
      if (at_end()) return row;
      if (is_line_end(text_[at_])) break;
      ++at_;  // the separator
    }
    line_end();
    return row;
  }

 private:
  std::optional<Refusal> cell(CsvRow& row) {
    if (row.cells.size() == limits_.columns) {
      return refusal_here("more than " + std::to_string(limits_.columns) + " columns");
    }
    std::string cell;
    if (!at_end() && text_[at_] == '"') {
      if (auto refusal = quoted(cell)) return refusal;
    }
    while (!at_end() && text_[at_] != separator_ && !is_line_end(text_[at_])) {
      cell += text_[at_++];
      if (cell.size() > limits_.cell_bytes) return too_long();
    }
    if (cell.starts_with('\'') && needs_guard(cell)) cell.erase(0, 1);
    if (cell.size() > limits_.cell_bytes) return too_long();
    row.cells.push_back(std::move(cell));
    return std::nullopt;
  }

  std::optional<Refusal> quoted(std::string& cell) {
    const auto opened_on = line_;
    for (++at_; !at_end(); ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        if (at_end() || text_[at_] != '"') return std::nullopt;
      }
      if (ends_a_line_here()) ++line_;
      cell += c;
      if (cell.size() > limits_.cell_bytes + 1) return too_long();  // 1 for the guard
    }
    line_ = opened_on;
    return refusal_here("a quotation mark (\") that is never closed");
  }

  bool ends_a_line_here() const {
    const bool before_line_feed = at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
    return text_[at_] == '\n' || (text_[at_] == '\r' && !before_line_feed);
  }

  void line_end() {
    const bool pair = text_.substr(at_).starts_with("\r\n");
    at_ += pair ? 2 : 1;
    ++line_;
  }

  Refusal too_long() const {
    return refusal_here("a cell longer than " + std::to_string(limits_.cell_bytes) + " bytes");
  }
  Refusal refusal_here(const std::string& what) const {
    return {"Line " + std::to_string(line_) + " has " + what + "."};
  }

  std::string_view text_;
  char separator_;
  CsvLimits limits_;
  std::size_t at_ = 0;
  std::size_t line_;
};

// The bytes of a first line "sep=;" with its end; 0 when there is none.
std::size_t declaration_bytes(std::string_view text) {
  if (text.size() < 5 || (!text.starts_with("sep=") && !text.starts_with("SEP="))) return 0;
  if (std::string_view(",;\t").find(text[4]) == std::string_view::npos) return 0;
  const auto rest = text.substr(5);
  if (rest.empty()) return 5;
  if (rest.starts_with("\r\n")) return 7;
  return is_line_end(rest[0]) ? 6 : 0;
}

}  // namespace

char declared_separator(std::string_view text) {
  return declaration_bytes(text) > 0 ? text[4] : '\0';
}

std::vector<CsvRow> sample_csv(std::string_view text, char separator, std::size_t rows_max) {
  std::vector<CsvRow> rows;
  Parser parser(text.substr(0, sample_bytes), separator, {}, 1);
  while (rows.size() < rows_max && !parser.at_end()) {
    auto row = parser.row();
    auto* read = std::get_if<CsvRow>(&row);
    if (read == nullptr) break;  // the sample may end inside quotes
    rows.push_back(std::move(*read));
  }
  return rows;
}

Read<std::vector<CsvRow>> parse_csv(std::string_view text, char separator,
                                    const CsvLimits& limits) {
  std::vector<CsvRow> rows;
  std::size_t cells = 0;
  const auto declared = declaration_bytes(text);
  Parser parser(text.substr(declared), separator, limits, declared > 0 ? 2 : 1);
  while (!parser.at_end()) {
    if (rows.size() == limits.rows) {
      return Refusal{"The file has more than " + std::to_string(limits.rows) +
                     " rows. Split it and import the parts."};
    }
    auto row = parser.row();
    if (auto* refusal = std::get_if<Refusal>(&row)) return *refusal;
    auto& read = std::get<CsvRow>(row);
    cells += read.cells.size();
    if (cells > limits.cells) {
      return Refusal{"The file has more than " + std::to_string(limits.cells) +
                     " cells. Remove empty columns, or split it and import the parts."};
    }
    rows.push_back(std::move(read));
  }
  return rows;
}

void append_csv_row(std::string& out, const std::vector<std::string>& cells, char separator) {
  bool first = true;
  for (const std::string& cell : cells) {
    if (!first) out += separator;
    first = false;
    out += '"';
    if (needs_guard(cell)) out += '\'';
    for (const char c : cell) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }
  out += "\r\n";
}

}  // namespace throughgate::node
