// Telephone numbers in one form, so that two spellings of a number are one.
#pragma once

#include <string>
#include <string_view>

#include "node/intake/refusal.h"

namespace throughgate::node {

// E.164: "+447700900123", "+353861234567". UK numbers are taken in every usual form, also with the
// leading 0 that spreadsheets lose (with a warning), "+44 (0)7700 900123", 0044 and a bare 44.
// A problem: scientific notation (the last digits are gone), two numbers in a cell, letters or
// extensions, too few or too many digits.
Reading<std::string> read_telephone(std::string_view text);

// Whether a number that `read_telephone` gave is a UK mobile.
bool is_uk_mobile(std::string_view number);

}  // namespace throughgate::node
