#include "node/web/content_style.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "node/text/numbers.h"

namespace throughgate::node::web {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::sys_days;
using std::chrono::sys_time;

constexpr std::array<std::string_view, 12> month_names = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

std::string_view month_name(Date date) {
  return date.month().ok() ? month_names.at(static_cast<unsigned>(date.month()) - 1) : "";
}

std::string date_with_month(Date date, std::string_view month) {
  return std::to_string(static_cast<unsigned>(date.day())) + " " + std::string(month) + " " +
         std::to_string(static_cast<int>(date.year()));
}

sys_time<milliseconds> within_the_calendar(std::int64_t utc_ms) {
  constexpr sys_days first = std::chrono::year(1) / 1 / 1;
  constexpr sys_days last = std::chrono::year(9999) / 12 / 30;
  return std::clamp(sys_time<milliseconds>(milliseconds(utc_ms)), sys_time<milliseconds>(first),
                    sys_time<milliseconds>(last));
}

bool is_summer_time(sys_time<milliseconds> utc) {
  const auto year = Date(std::chrono::floor<days>(utc)).year();
  const auto change = [&](std::chrono::month month) {
    return sys_days(year / month / std::chrono::Sunday[std::chrono::last]) + std::chrono::hours(1);
  };
  return change(std::chrono::March) <= utc && utc < change(std::chrono::October);
}

}  // namespace

UkTime in_uk_time(std::int64_t utc_ms) {
  const auto utc = within_the_calendar(utc_ms);
  const auto local = is_summer_time(utc) ? utc + std::chrono::hours(1) : utc;
  const auto day = std::chrono::floor<days>(local);
  const auto minutes = std::chrono::floor<std::chrono::minutes>(local - day);
  return {Date(day), static_cast<int>(minutes.count())};
}

std::string date_text(Date date) { return date_with_month(date, month_name(date)); }

std::string short_date_text(Date date) {
  return date_with_month(date, month_name(date).substr(0, 3));
}

std::string time_text(int minute_of_day) {
  if (minute_of_day == 0) return "midnight";
  if (minute_of_day == 720) return "midday";
  const int hour = minute_of_day / 60;
  const int minute = minute_of_day % 60;
  std::string text = std::to_string(hour % 12 == 0 ? 12 : hour % 12);
  if (minute != 0) text += (minute < 10 ? ":0" : ":") + std::to_string(minute);
  return text + (hour < 12 ? "am" : "pm");
}

std::string date_time_text(std::int64_t utc_ms) {
  const UkTime local = in_uk_time(utc_ms);
  return date_text(local.date) + " at " + time_text(local.minute_of_day);
}

std::string machine_date(Date date) {
  std::array<char, 40> text;
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

std::string machine_time(std::int64_t utc_ms) {
  const auto utc = within_the_calendar(utc_ms);
  const auto day = std::chrono::floor<days>(utc);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(utc - day).count();
  std::array<char, 40> text;
  std::snprintf(text.data(), text.size(), "T%02d:%02d:%02dZ", static_cast<int>(seconds / 3600),
                static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
  return machine_date(Date(day)) + text.data();
}

std::string number_text(std::int64_t number) {
  const auto size = static_cast<std::uint64_t>(number < 0 ? -number : number);
  return (number < 0 ? "-" : "") + with_thousands(size);
}

std::string count_text(std::int64_t count, std::string_view one, std::string_view many) {
  if (count == 0) return "no " + std::string(many);
  return number_text(count) + " " + std::string(count == 1 ? one : many);
}

}  // namespace throughgate::node::web
