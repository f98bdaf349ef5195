#include "node/days.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace throughgate::node {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

std::string text_of(sys_days day) {
  const std::chrono::year_month_day date(day);
  char out[32];
  std::snprintf(out, sizeof out, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return out;
}

std::optional<sys_days> day_in(std::string_view iso) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  const std::string text(iso);
  if (text.size() != 10 || std::sscanf(text.c_str(), "%4d-%2u-%2u", &year, &month, &day) != 3) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  return date.ok() ? std::optional(sys_days(date)) : std::nullopt;
}

bool is_at_weekend(sys_days day) { return std::chrono::weekday(day).iso_encoding() > 5; }

}  // namespace

std::string iso_day(std::uint64_t ms) {
  constexpr std::uint64_t day_ms = 24ull * 60 * 60 * 1000;
  constexpr std::uint64_t last_day = 2'932'896;  // 9999-12-31
  return text_of(sys_days(days(static_cast<int>(std::min(ms / day_ms, last_day)))));
}

std::optional<std::string> day_after(std::string_view iso, int count) {
  const auto day = day_in(iso);
  return day ? std::optional(text_of(*day + days(count))) : std::nullopt;
}

std::optional<std::string> working_day_after(std::string_view iso, int working_days) {
  auto day = day_in(iso);
  if (!day) return std::nullopt;
  while (working_days > 0) {
    *day += days(1);
    if (!is_at_weekend(*day)) --working_days;
  }
  return text_of(*day);
}

std::optional<std::string> working_day_before(std::string_view iso) {
  auto day = day_in(iso);
  if (!day) return std::nullopt;
  do {
    *day -= days(1);
  } while (is_at_weekend(*day));
  return text_of(*day);
}

std::string years_before(std::string_view iso, int years) {
  const auto day = day_in(iso);
  if (!day) return {};
  const auto date = std::chrono::year_month_day(*day) - std::chrono::years(years);
  // 29 February comes once in four years: the day before, then.
  return text_of(date.ok() ? sys_days(date)
                           : sys_days(date.year() / date.month() / std::chrono::last));
}

}  // namespace throughgate::node
