// Tables as spreadsheets write them: reading what people have, writing what spreadsheets can open
// without running it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "node/intake/refusal.h"

namespace throughgate::node {

struct CsvLimits {
  std::size_t columns = 200;
  std::size_t cell_bytes = std::size_t{32} << 10;
  std::size_t rows = 100'000;
  std::size_t cells = 3'000'000;  // in all: a file of nothing but commas must not fill the memory
};

struct CsvRow {
  std::size_t line;                // where it begins in the file, counted from 1
  std::vector<std::string> cells;  // at least one; an empty line is one empty cell
};

// The separator that a first line "sep=;" names, as Excel writes it; 0 when there is no such line.
char declared_separator(std::string_view text);

// The first rows, for judging which separator a text uses: stops without complaint at `rows_max`
// rows, after 64 KiB, or where parse_csv would refuse.
std::vector<CsvRow> sample_csv(std::string_view text, char separator, std::size_t rows_max);

// `text` is strict UTF-8. Line ends are LF, CRLF or CR. Quotes that open a cell end at the next
// single quote; two together are one quote. Forgiven: quotes inside a bare cell, text after a
// closing quote (both kept as they stand). Breaks inside quotes stay as they are. A line "sep=;"
// at the start is no row. The guard that `append_csv_row` puts on is taken off again.
// Rows come in the order of the file, empty ones too: the first is row 1 in Excel.
// Refused, with the line: a quote never closed, and whatever exceeds the limits.
Read<std::vector<CsvRow>> parse_csv(std::string_view text, char separator,
                                    const CsvLimits& limits = {});

// Appends one row, every cell quoted, ended with CRLF. A cell that a spreadsheet would run as a
// formula (it begins with = + - @ TAB CR LF, or their full-width forms) is guarded by one ' before
// it, and so is one that already begins with such a guard: parse_csv gives back the same cells.
void append_csv_row(std::string& out, const std::vector<std::string>& cells, char separator = ',');

}  // namespace throughgate::node
