// Dates as people in England and Wales write them, and as spreadsheets turn them.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "node/intake/refusal.h"

namespace throughgate::node {

using Date = std::chrono::year_month_day;  // always one that the calendar has

enum class DateKind {
  birth,   // of somebody who is 16 to 100 years old today
  past,    // 1950 to today
  expiry,  // 1950 to 20 years from today
};

// Day first, always: 3/4/1981, 3.4.81, 3-4-1981, 3 April 1981, 3rd Apr 81, 03-Apr-1981, April 3
// 1981; also 1981-04-03 (a time after it is dropped), 19810403, and the day number of Excel
// (29679). Two digits of a year are completed to the latest year that `kind` allows, with a
// warning. A problem: no date, a day the calendar lacks, a date that only fits month first, one
// outside `kind`. `today` comes from the caller.
Reading<Date> read_date(std::string_view text, DateKind kind, Date today);

std::string iso_date(Date date);     // 1981-04-03
std::string spoken_date(Date date);  // 3 April 1981

}  // namespace throughgate::node
