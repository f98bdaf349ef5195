// What the text of a field must look like, by its format: what people type becomes the one form
// that is stored, and the stored form becomes what people read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schema/options.pb.h"
#include "sync/result.h"

namespace throughgate::node {

using Format = schema::FieldRule::Format;

struct Date {
  int year;
  unsigned month;
  unsigned day;
};

// The stored form of what was typed: dates become 2026-12-04, times 08:30, telephones
// +447700900123, post and establishment codes and prison numbers upper case; spaces at either end
// go, and signs that nobody sees (hidden_sign()). Fails with `invalid` and a sentence that says
// what to type; it never repeats what was typed.
sync::Result<std::string> stored_text(Format format, std::string_view typed);

// How people read it: "4 December 2026", "07700 900123". Text that does not fit its format shows as
// it is.
std::string shown_text(Format format, std::string_view stored);

// The whole number meant: pence from "12.50" or "£12.50", minutes from "90" or "1:30", ms since
// 1970 UTC from "2026-12-04 08:30" (UTC), anything else from digits. Fails with `invalid`, as
// above.
sync::Result<std::uint64_t> stored_number(Format format, std::string_view typed);
std::string shown_number(Format format, std::uint64_t stored);

bool is_utf8(std::string_view text);
// A real day from 1900 to 2199, as 2026-12-04.
bool is_date(std::string_view text);
std::string iso_date(const Date& date);

}  // namespace throughgate::node
