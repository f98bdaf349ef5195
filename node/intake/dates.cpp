#include "node/intake/dates.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "node/intake/cell_text.h"
#include "node/text/unicode.h"

namespace throughgate::node {
namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;

constexpr std::array<std::string_view, 12> month_names{
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 12> welsh_month_names{
    "ionawr",     "chwefror", "mawrth", "ebrill", "mai",      "mehefin",
    "gorffennaf", "awst",     "medi",   "hydref", "tachwedd", "rhagfyr"};

struct Span {
  Date first;
  Date last;
};

Date years_after(Date date, int count) {
  const Date moved = date + std::chrono::years(count);
  return moved.ok() ? moved : moved.year() / moved.month() / std::chrono::last;  // 29 February
}

Span span_of(DateKind kind, Date today) {
  const Date start = year(1950) / 1 / 1;
  switch (kind) {
    case DateKind::birth:
      return {years_after(today, -101), years_after(today, -16)};
    case DateKind::past:
      return {start, today};
    case DateKind::expiry:
      return {start, years_after(today, 20)};
  }
  return {start, today};
}

// What a text says before the calendar is asked.
struct Written {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  bool short_year = false;
};

std::optional<int> number(std::string_view digits) {
  int value = 0;
  const auto* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (!is_all_digits(digits) || error != std::errc() || stop != end) return std::nullopt;
  return value;
}

unsigned month_named(std::string_view word) {
  const std::string lower = lower_case(word);
  if (lower == "sept") return 9;
  for (unsigned index = 0; index < month_names.size(); ++index) {
    const std::string whole = lower_case(month_names[index]);
    if (lower == whole || lower == whole.substr(0, 3) || lower == welsh_month_names[index]) {
      return index + 1;
    }
  }
  return 0;
}

std::string_view without_ordinal(std::string_view word) {
  for (const std::string_view ending : {"st", "nd", "rd", "th"}) {
    if (word.size() > 2 && word.ends_with(ending) && is_digit(word[0])) {
      return word.substr(0, word.size() - 2);
    }
  }
  return word;
}

bool is_weekday(std::string_view word) {
  const std::string lower = lower_case(word);
  constexpr std::array<std::string_view, 7> names{"monday", "tuesday",  "wednesday", "thursday",
                                                  "friday", "saturday", "sunday"};
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
    return lower == name || lower == name.substr(0, 3);
  });
}

// "1981-03-03 00:00:00" and "03/03/1981T00:00" lose their time; nothing else is cut off.
std::string_view without_time(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon < 3) return text;
  const auto space = text.find_last_of(" T", colon);
  const bool only_time =
      space != std::string_view::npos &&
      text.substr(space + 1).find_first_not_of("0123456789:.Z") == std::string_view::npos;
  return only_time ? text.substr(0, space) : text;
}

std::optional<Written> with_year(std::string_view digits, unsigned month_number, int day_number) {
  const auto year_number = number(digits);
  if (!year_number || (digits.size() != 2 && digits.size() != 4)) return std::nullopt;
  return Written{*year_number, month_number, static_cast<unsigned>(day_number), digits.size() == 2};
}

std::optional<Written> from_three(const std::vector<std::string>& parts) {
  const auto first = number(without_ordinal(parts[0]));
  const auto second = number(without_ordinal(parts[1]));
  const auto third = number(parts[2]);
  if (const unsigned named = month_named(parts[1]); named && first) {
    return parts[0].size() == 4 && third ? with_year(parts[0], named, *third)
                                         : with_year(parts[2], named, *first);
  }
  if (const unsigned named = month_named(parts[0]); named && second) {
    return with_year(parts[2], named, *second);
  }
  if (!first || !second || !third) return std::nullopt;
  if (parts[0].size() == 4) return with_year(parts[0], static_cast<unsigned>(*second), *third);
  if (parts[0].size() > 2 || parts[1].size() > 2) return std::nullopt;
  return with_year(parts[2], static_cast<unsigned>(*second), *first);
}

std::optional<Written> from_digits(std::string_view digits) {
  const auto value = number(digits);
  if (!value) return std::nullopt;
  if (digits.size() == 8) {
    return Written{*value / 10000, static_cast<unsigned>(*value / 100 % 100),
                   static_cast<unsigned>(*value % 100)};
  }
  if (digits.size() != 4 + 1) return std::nullopt;
  // Excel counts days from 1900 and thinks that 1900 was a leap year; five digits begin in 1927.
  const Date date(sys_days(year(1899) / 12 / 30) + days(*value));
  return Written{int(date.year()), unsigned(date.month()), unsigned(date.day())};
}

std::optional<Written> take_apart(std::string_view text) {
  text = without_time(text);
  if (text.ends_with(".0")) text.remove_suffix(2);
  if (is_all_digits(text)) return from_digits(text);
  auto parts = split(text, "/-., ");
  if (!parts.empty() && is_weekday(parts[0])) parts.erase(parts.begin());
  if (parts.size() == 4 && lower_case(parts[1]) == "of") parts.erase(parts.begin() + 1);
  if (parts.size() != 3) return std::nullopt;
  return from_three(parts);
}

std::optional<Date> on_calendar(const Written& written) {
  const Date date = year(written.year) / month(written.month) / day(written.day);
  if (!date.ok()) return std::nullopt;
  return date;
}

// The latest century that keeps the date inside the span; the latest of all when none does.
Written with_century(Written written, const Span& span) {
  if (!written.short_year) return written;
  const int two_digits = written.year;
  for (const int century : {2000, 1900}) {
    written.year = century + two_digits;
    const auto date = on_calendar(written);
    if (date && *date <= span.last) break;
  }
  return written;
}

std::string two(unsigned value) { return (value < 10 ? "0" : "") + std::to_string(value); }

std::string outside(DateKind kind, Date date, bool short_year, const Span& span) {
  if (kind == DateKind::birth && short_year) return "fits no age from 16 to 100";
  if (date > span.last) {
    switch (kind) {
      case DateKind::birth:
        return "would make the volunteer younger than 16";
      case DateKind::past:
        return "is in the future";
      case DateKind::expiry:
        return "is more than 20 years ahead";
    }
  }
  return kind == DateKind::birth ? "would make the volunteer older than 100" : "is before 1950";
}

std::string not_on_calendar(const Written& written) {
  const Written swapped{written.year, written.day, written.month};
  if (written.month > 12 && on_calendar(swapped)) {
    return "fits only with the month first; if it is " + spoken_date(*on_calendar(swapped)) +
           ", write it day first: " + two(written.month) + "/" + two(written.day) + "/" +
           std::to_string(written.year);
  }
  return "is not a day in the calendar";
}

}  // namespace

Reading<Date> read_date(std::string_view text, DateKind kind, Date today) {
  if (text.empty()) return {};
  const auto quoted = "\"" + std::string(text) + "\" ";
  const auto apart = take_apart(text);
  if (!apart) return {{}, quoted + "is not a date; write it as 31/12/1980", {}};
  const Span span = span_of(kind, today);
  const Written written = with_century(*apart, span);
  const auto date = on_calendar(written);
  if (!date) return {{}, quoted + not_on_calendar(written), {}};
  if (*date < span.first || *date > span.last) {
    return {{}, quoted + outside(kind, *date, written.short_year, span), {}};
  }
  if (written.short_year) return {date, {}, quoted + "was read as " + spoken_date(*date)};
  if (is_all_digits(text) && text.size() == 5) {
    return {date, {}, quoted + "is a day number of Excel, read as " + spoken_date(*date)};
  }
  return {date, {}, {}};
}

std::string iso_date(Date date) {
  std::string digits = std::to_string(int(date.year()));
  digits.insert(0, digits.size() < 4 ? 4 - digits.size() : 0, '0');
  return digits + "-" + two(unsigned(date.month())) + "-" + two(unsigned(date.day()));
}

std::string spoken_date(Date date) {
  return std::to_string(unsigned(date.day())) + " " +
         std::string(month_names.at(unsigned(date.month()) - 1)) + " " +
         std::to_string(int(date.year()));
}

}  // namespace throughgate::node
