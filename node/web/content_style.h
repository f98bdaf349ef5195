// Dates, times and numbers as GOV.UK content style writes them, in UK time.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace throughgate::node::web {

using Date = std::chrono::year_month_day;

struct UkTime {
  Date date{};
  int minute_of_day = 0;  // 0 to 1439
};

// `utc_ms`: milliseconds since 1970 UTC. Summer time runs from the last Sunday of March to the last
// Sunday of October, 1am UTC each. Years outside 1 to 9999 are held at that limit.
UkTime in_uk_time(std::int64_t utc_ms);

std::string date_text(Date date);                 // 4 December 2026
std::string short_date_text(Date date);           // 4 Dec 2026, for narrow table columns
std::string time_text(int minute_of_day);         // 10:14am, 9am, midday, midnight
std::string date_time_text(std::int64_t utc_ms);  // 20 November 2026 at 10:14am
std::string machine_date(Date date);              // 2026-12-04, for <time datetime>
std::string machine_time(std::int64_t utc_ms);    // 2026-11-20T10:14:00Z, for <time datetime>

std::string number_text(std::int64_t number);  // 12,345
// "1 change", "3 changes", "no changes".
std::string count_text(std::int64_t count, std::string_view one, std::string_view many);

}  // namespace throughgate::node::web
