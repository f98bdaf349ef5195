// The text of one cell without what spreadsheets, mail programs and word processors leave in it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/intake/refusal.h"

namespace throughgate::node {

// One line in NFC: breaks and every kind of space become one plain space, ends trimmed, invisible
// and control characters gone, and Excel's mark for text before a digit. A problem for letters that
// an earlier program has garbled ("JosÃ©"), for U+FFFD, and for absurd runs of accents; an empty
// cell has no value.
Reading<std::string> clean_line(std::string_view cell);

// The same line by line; empty lines are left out.
Reading<std::vector<std::string>> clean_lines(std::string_view cell);

// Pieces between any of `separators`, trimmed of spaces, empty ones left out.
std::vector<std::string> split(std::string_view text, std::string_view separators);

// Folded and bare of accents, spaces and punctuation: "Mobile no." and "MOBILE NO" are one.
std::string plain_key(std::string_view text);

// Whether `word` is one of `words`, which stand between single spaces.
bool is_among(std::string_view word, std::string_view words);

bool is_digit(char c);
bool is_all_digits(std::string_view text);  // false for an empty text

}  // namespace throughgate::node
