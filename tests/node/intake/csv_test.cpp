#include "node/intake/csv.h"

#include <rapidcheck.h>

#include <catch_amalgamated.hpp>

#include "node/intake/headers.h"
#include "tests/node/intake/hostile_cells.h"

using namespace throughgate::node;

namespace {

using Cells = std::vector<std::string>;

std::vector<CsvRow> must_parse(std::string_view text, char separator = ',') {
  return std::get<std::vector<CsvRow>>(parse_csv(text, separator));
}
Cells first_row(std::string_view text, char separator = ',') {
  return must_parse(text, separator).at(0).cells;
}
std::string refusal_of(std::string_view text, const CsvLimits& limits = {}) {
  const auto parsed = parse_csv(text, ',', limits);
  const auto* refusal = std::get_if<Refusal>(&parsed);
  return refusal == nullptr ? "" : refusal->why;
}
std::string written(const Cells& cells) {
  std::string out;
  append_csv_row(out, cells);
  return out;
}

// Text made mostly of what a reader of tables can trip over.
rc::Gen<std::string> awkward_cell() {
  return rc::gen::container<std::string>(rc::gen::oneOf(
      rc::gen::elementOf(std::string("\",;\t\r\n'=+-@ sep")), rc::gen::inRange('a', 'z')));
}

}  // namespace

TEST_CASE("commas, quotes and line breaks inside quotes belong to the cell", "[csv]") {
  CHECK(first_row("a,\"b,c\",\"d \"\"e\"\" f\",\"g\r\nh\"\r\n") ==
        Cells{"a", "b,c", "d \"e\" f", "g\r\nh"});
  CHECK(first_row("a;\"b;c\";", ';') == Cells{"a", "b;c", ""});
}

TEST_CASE("quotes where they should not be are kept as they stand", "[csv]") {
  CHECK(first_row("5' 11\" tall,x") == Cells{"5' 11\" tall", "x"});
  CHECK(first_row("\"Kim\" Lee,x") == Cells{"Kim Lee", "x"});
}

TEST_CASE("each kind of line end ends a row, and an empty line is a row", "[csv]") {
  for (const char* text : {"a\nb\n\nc", "a\r\nb\r\n\r\nc", "a\rb\r\rc\r"}) {
    const auto rows = must_parse(text);
    REQUIRE(rows.size() == 4);
    CHECK(rows[2].cells == Cells{""});
    CHECK(rows[3].cells == Cells{"c"});
  }
}

TEST_CASE("a row knows the line it began on, whatever breaks stand in cells before it", "[csv]") {
  const auto rows = must_parse("a\r\n\"b\r\nc\nd\re\"\r\nf");
  REQUIRE(rows.size() == 3);
  CHECK(rows[1].line == 2);
  CHECK(rows[2].line == 6);
  CHECK(must_parse("sep=,\r\na")[0].line == 2);
}

TEST_CASE("a quote that is never closed is refused with the line it opened on", "[csv]") {
  CHECK(refusal_of("a\nb,\"c\nd\ne") == "Line 2 has a quotation mark (\") that is never closed.");
}

TEST_CASE("each limit lets its greatest value pass and refuses one more", "[csv]") {
  const CsvLimits small{.columns = 3, .cell_bytes = 4, .rows = 2, .cells = 5};
  CHECK(refusal_of("a,b,c\n", small).empty());
  CHECK(refusal_of("a,b,c,d\n", small) == "Line 1 has more than 3 columns.");
  CHECK(refusal_of("abcd,\"abcd\"", small).empty());
  CHECK(refusal_of("\nabcde", small) == "Line 2 has a cell longer than 4 bytes.");
  CHECK(refusal_of("\"abcdef\"", small) == "Line 1 has a cell longer than 4 bytes.");
  CHECK(refusal_of("a\nb\n", small).empty());
  CHECK_FALSE(refusal_of("a\nb\nc", small).empty());
  CHECK(refusal_of("a,b,c\nd,e", small).empty());
  CHECK_FALSE(refusal_of("a,b,c\nd,e,f", small).empty());
}

TEST_CASE("a file of nothing but separators is refused before it fills the memory", "[csv]") {
  std::string text;
  for (int row = 0; row < 20'000; ++row) text += std::string(199, ',') + "\n";
  CHECK_FALSE(refusal_of(text).empty());
}

TEST_CASE("a cell that a spreadsheet would run is guarded, and read back without the guard",
          "[csv]") {
  for (const auto each : hostile_cells) {
    const std::string cell(each);
    CAPTURE(cell);
    const std::string row = written({cell, "plain"});
    CHECK(row.starts_with("\"'"));
    CHECK(first_row(row) == Cells{cell, "plain"});
  }
}

TEST_CASE("a cell that no spreadsheet would run is written as it is", "[csv]") {
  for (const std::string cell : {"", "Jo", "'", "'tis", "''", "1=1", " =1", "O'Brien"}) {
    CAPTURE(cell);
    CHECK(written({cell}) == "\"" + cell + "\"\r\n");
    CHECK(first_row(written({cell})) == Cells{cell});
  }
}

TEST_CASE("whatever cells are written, the same cells are read back", "[csv]") {
  CHECK(rc::check("round trip", [] {
    const auto separator = *rc::gen::element(',', ';', '\t');
    const auto rows = *rc::gen::container<std::vector<Cells>>(
        rc::gen::nonEmpty(rc::gen::container<Cells>(awkward_cell())));
    std::string text;
    for (const Cells& row : rows) append_csv_row(text, row, separator);
    std::vector<Cells> back;
    for (const CsvRow& row : must_parse(text, separator)) back.push_back(row.cells);
    RC_ASSERT(back == rows);
  }));
}

TEST_CASE("a cell in quotation marks is no longer than another; a guard does not count", "[csv]") {
  const CsvLimits small{.columns = 3, .cell_bytes = 5, .rows = 4, .cells = 8};
  const auto is_read = [&](std::string_view text) {
    return std::holds_alternative<std::vector<CsvRow>>(parse_csv(text, ',', small));
  };
  CHECK(is_read("\"abcde\""));
  CHECK_FALSE(is_read("\"abcdef\""));
  CHECK(is_read("\"'=bcde\""));
  CHECK_FALSE(is_read("\"'=bcdef\""));
}

TEST_CASE("any text at all is read or refused, and no cell exceeds its limit", "[csv]") {
  CHECK(rc::check("never beyond the limits", [] {
    const CsvLimits small{.columns = 3, .cell_bytes = 5, .rows = 4, .cells = 8};
    const auto parsed = parse_csv(*awkward_cell(), ',', small);
    const auto* rows = std::get_if<std::vector<CsvRow>>(&parsed);
    if (rows == nullptr) return;
    RC_ASSERT(rows->size() <= small.rows);
    for (const CsvRow& row : *rows) {
      RC_ASSERT(row.cells.size() <= small.columns);
      for (const std::string& cell : row.cells) RC_ASSERT(cell.size() <= small.cell_bytes);
    }
  }));
}

TEST_CASE("the separator is the one that makes sense of the headings", "[csv]") {
  CHECK(detect_separator("Name,DOB\nJo,1/2/1980") == ',');
  CHECK(detect_separator("Name\tDOB\nJo\t1/2/1980") == '\t');
  CHECK(detect_separator("Name;Address;Phone\nJo;1 High St, Leeds, Yorks, UK;1") == ';');
  CHECK(detect_separator("sep=\t\r\nx,y") == '\t');
  CHECK(detect_separator("nothing known") == ',');
}
