#include "node/web/content_style.h"

#include <catch_amalgamated.hpp>

using namespace throughgate::node::web;
using namespace std::chrono_literals;

namespace {

std::int64_t utc(int year, unsigned month, unsigned day, int hour, int minute) {
  const std::chrono::sys_days date =
      std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
  const auto time = date + std::chrono::hours(hour) + std::chrono::minutes(minute);
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

}  // namespace

TEST_CASE("dates are written as GOV.UK writes them", "[content]") {
  CHECK(date_text(2026y / std::chrono::December / 4) == "4 December 2026");
  CHECK(short_date_text(2026y / std::chrono::September / 30) == "30 Sep 2026");
  CHECK(machine_date(2026y / std::chrono::March / 7) == "2026-03-07");
}

TEST_CASE("times use am and pm, midday and midnight", "[content]") {
  CHECK(time_text(10 * 60 + 14) == "10:14am");
  CHECK(time_text(9 * 60) == "9am");
  CHECK(time_text(16 * 60 + 5) == "4:05pm");
  CHECK(time_text(12 * 60) == "midday");
  CHECK(time_text(0) == "midnight");
  CHECK(time_text(5) == "12:05am");
  CHECK(time_text(12 * 60 + 30) == "12:30pm");
  CHECK(time_text(23 * 60 + 59) == "11:59pm");
}

TEST_CASE("winter shows UTC and summer an hour more, changing at 1am UTC", "[content]") {
  CHECK(date_time_text(utc(2026, 11, 20, 10, 14)) == "20 November 2026 at 10:14am");
  CHECK(date_time_text(utc(2026, 7, 1, 23, 30)) == "2 July 2026 at 12:30am");
  CHECK(date_time_text(utc(2026, 3, 29, 0, 59)) == "29 March 2026 at 12:59am");
  CHECK(date_time_text(utc(2026, 3, 29, 1, 0)) == "29 March 2026 at 2am");
  CHECK(date_time_text(utc(2026, 10, 25, 0, 59)) == "25 October 2026 at 1:59am");
  CHECK(date_time_text(utc(2026, 10, 25, 1, 0)) == "25 October 2026 at 1am");
  CHECK(machine_time(utc(2026, 7, 1, 23, 30)) == "2026-07-01T23:30:00Z");
}

TEST_CASE("a clock far off is shown, at the calendar's ends, and harms nothing", "[content]") {
  CHECK(date_text(in_uk_time(INT64_MAX).date).ends_with(" December 9999"));
  CHECK(date_text(in_uk_time(INT64_MIN).date) == "1 January 1");
  CHECK(date_time_text(0) == "1 January 1970 at midnight");
}

TEST_CASE("numbers have commas and counts their noun", "[content]") {
  CHECK(number_text(999) == "999");
  CHECK(number_text(1204) == "1,204");
  CHECK(number_text(-1234567) == "-1,234,567");
  CHECK(count_text(1, "change", "changes") == "1 change");
  CHECK(count_text(3, "change", "changes") == "3 changes");
  CHECK(count_text(0, "change", "changes") == "no changes");
}
