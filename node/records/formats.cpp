#include "node/records/formats.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <vector>

#include "node/text/spoken_telephone.h"
#include "node/text/unicode.h"

namespace throughgate::node {
namespace {

using schema::FieldRule;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr std::uint64_t number_max = 1'000'000;  // £10,000, or two years of minutes: more is a slip
constexpr std::size_t typed_bytes_max = 20'000;
constexpr std::array<std::string_view, 12> month_names = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

Error refused(std::string_view sentence) { return {ErrorKind::invalid, std::string(sentence)}; }

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_letter(char letter) { return std::isalpha(static_cast<unsigned char>(letter)) != 0; }
char upper(char letter) {
  return static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
}

std::string in_capitals(std::string_view text) {
  std::string capitals(text);
  std::transform(capitals.begin(), capitals.end(), capitals.begin(), upper);
  return capitals;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

// Up to nine digits.
std::optional<unsigned> digits_value(std::string_view text) {
  if (!all_digits(text) || text.size() > 9) return std::nullopt;
  unsigned value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Each of `text`'s pieces between any of `separators`; empty pieces are left out.
std::vector<std::string_view> pieces(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> found;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    if (end > 0) found.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return found;
}

std::chrono::year_month_day calendar_day(const Date& date) {
  return {std::chrono::year(date.year), std::chrono::month(date.month), std::chrono::day(date.day)};
}

bool is_real(const Date& date) {
  return date.year >= 1900 && date.year < 2200 && calendar_day(date).ok();
}

// 1 to 12 from "12", "December" or "dec".
std::optional<unsigned> month_of(std::string_view text) {
  if (const auto number = digits_value(text)) return text.size() <= 2 ? number : std::nullopt;
  if (text.size() < 3) return std::nullopt;
  for (std::size_t i = 0; i < month_names.size(); ++i) {
    const std::string_view name = month_names[i];
    if (text.size() > name.size()) continue;
    if (std::equal(text.begin(), text.end(), name.begin(),
                   [](char a, char b) { return upper(a) == upper(b); })) {
      return static_cast<unsigned>(i + 1);
    }
  }
  return std::nullopt;
}

std::optional<Date> read_date(std::string_view text) {
  auto parts = pieces(text, "/-. ");
  if (parts.size() != 3) return std::nullopt;
  if (parts[0].size() == 4) std::swap(parts[0], parts[2]);
  const auto day = digits_value(parts[0]);
  const auto month = month_of(parts[1]);
  const auto year = digits_value(parts[2]);
  if (!day || !month || !year || parts[2].size() != 4 || parts[0].size() > 2) return std::nullopt;
  const Date date{static_cast<int>(*year), *month, *day};
  return is_real(date) ? std::optional(date) : std::nullopt;
}

// "4 12 26": which century is not guessed.
bool has_short_year(std::string_view text) {
  const auto parts = pieces(text, "/-. ");
  return parts.size() == 3 && parts[0].size() <= 2 && all_digits(parts[0]) && month_of(parts[1]) &&
         parts[2].size() <= 2 && all_digits(parts[2]);
}

// The hour meant by "8am" or "12pm"; nullopt: no such hour.
std::optional<unsigned> hour_of_half(unsigned hour, bool afternoon) {
  if (hour < 1 || hour > 12) return std::nullopt;
  return hour % 12 + (afternoon ? 12 : 0);
}

// Minutes since midnight from "8:30", "08.30", "8.30am" or "3pm".
std::optional<unsigned> read_time(std::string_view text) {
  const std::size_t letters = std::min(text.find_first_of("aApP"), text.size());
  const std::string half = in_capitals(trimmed(text.substr(letters)));
  if (!half.empty() && half != "AM" && half != "PM") return std::nullopt;
  const auto parts = pieces(trimmed(text.substr(0, letters)), ":.");
  const bool whole_hour = parts.size() == 1 && !half.empty();
  if (!whole_hour && (parts.size() != 2 || parts[1].size() != 2)) return std::nullopt;
  if (parts[0].size() > 2) return std::nullopt;
  auto hours = digits_value(parts[0]);
  const auto minutes = whole_hour ? std::optional(0U) : digits_value(parts[1]);
  if (hours && !half.empty()) hours = hour_of_half(*hours, half == "PM");
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return *hours * 60 + *minutes;
}

std::string padded(unsigned number, int width) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%0*u", width, number);
  return text.data();
}

std::string clock_text(unsigned minutes) {
  return padded(minutes / 60, 2) + ":" + padded(minutes % 60, 2);
}

std::string spoken_date(const Date& date) {
  return std::to_string(date.day) + " " + std::string(month_names[date.month - 1]) + " " +
         std::to_string(date.year);
}

std::optional<std::string> read_telephone(std::string_view text) {
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_digit(text[i])) {
      digits += text[i];
    } else if (text[i] == '+' && digits.empty()) {
      digits = "00";
    } else if (text.substr(i, 3) == "(0)" && digits.starts_with("00")) {
      i += 2;  // +44 (0)7700: the zero is not dialled
    } else if (std::string_view(" ()-.").find(text[i]) == std::string_view::npos) {
      return std::nullopt;
    }
  }
  if (digits.starts_with("00")) {
    digits.erase(0, 2);
  } else if (digits.starts_with('0')) {
    digits.replace(0, 1, "44");
  } else {
    return std::nullopt;
  }
  const bool british = digits.starts_with("44");
  const bool mobile = digits.starts_with("447");
  const std::size_t shortest = mobile ? 12 : british ? 11 : 8;  // with the country's code
  const std::size_t longest = british ? 12 : 15;
  if (digits.size() < shortest || digits.size() > longest) return std::nullopt;
  return "+" + digits;
}

bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == 0 || at == std::string_view::npos || text.size() > 254) return false;
  const std::string_view domain = text.substr(at + 1);
  const bool odd = std::any_of(text.begin(), text.end(), [](char letter) {
    return letter <= ' ' || std::string_view(",;<>()\"").find(letter) != std::string_view::npos;
  });
  return !odd && domain.find('@') == std::string_view::npos && !domain.starts_with('.') &&
         !domain.ends_with('.') && domain.find('.') != std::string_view::npos;
}

std::optional<std::string> read_postcode(std::string_view text) {
  std::string letters;
  for (const char letter : text) {
    if (letter == ' ') continue;
    if (!is_letter(letter) && !is_digit(letter)) return std::nullopt;
    letters += upper(letter);
  }
  if (letters.size() < 5 || letters.size() > 7 || !is_letter(letters[0])) return std::nullopt;
  const std::size_t inward = letters.size() - 3;
  if (!is_digit(letters[inward]) || !is_letter(letters[inward + 1]) || !is_letter(letters.back())) {
    return std::nullopt;
  }
  return letters.insert(inward, " ");
}

bool is_prison_number(std::string_view text) {  // A1234BC
  return text.size() == 7 && is_letter(text[0]) && all_digits(text.substr(1, 4)) &&
         is_letter(text[5]) && is_letter(text[6]);
}

bool is_establishment(std::string_view text) {
  return text.size() >= 2 && text.size() <= 6 &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

// One line or several, without control characters; lines end as "\n".
Result<std::string> read_prose(std::string_view text, bool several_lines) {
  std::string prose;
  for (const char letter : text) {
    if (letter == '\r') continue;
    if (letter == '\n' && !several_lines) return refused("Type this on one line.");
    const bool control = static_cast<unsigned char>(letter) < ' ' && letter != '\n';
    if (control && letter != '\t') return refused("This holds signs that cannot be printed.");
    prose += letter == '\t' ? ' ' : letter;
  }
  return prose;
}

Result<std::string> or_refused(std::optional<std::string> text, std::string_view sentence) {
  if (!text) return refused(sentence);
  return *std::move(text);
}

// Pence from "12", "12.5" or "12.50", with or without a pound sign.
std::optional<std::uint64_t> read_pence(std::string_view text) {
  if (text.starts_with("\xC2\xA3")) text.remove_prefix(2);
  const std::size_t dot = std::min(text.find('.'), text.size());
  const auto pounds = digits_value(text.substr(0, dot));
  if (!pounds) return std::nullopt;
  if (dot == text.size()) return std::uint64_t{*pounds} * 100;
  const std::string_view fraction = text.substr(dot + 1);
  const auto pence = digits_value(fraction);
  if (!pence || fraction.size() > 2) return std::nullopt;
  return std::uint64_t{*pounds} * 100 + (fraction.size() == 1 ? *pence * 10 : *pence);
}

std::optional<std::uint64_t> read_minutes(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return digits_value(text);
  const auto hours = digits_value(text.substr(0, colon));
  const auto minutes = digits_value(text.substr(colon + 1));
  if (!hours || !minutes || *minutes > 59) return std::nullopt;
  return std::uint64_t{*hours} * 60 + *minutes;
}

std::optional<std::uint64_t> read_instant(std::string_view text) {
  const auto parts = pieces(text, " T");
  if (parts.size() != 2) return std::nullopt;
  const auto date = read_date(parts[0]);
  const auto minutes = read_time(parts[1]);
  if (!date || !minutes || date->year < 1970) return std::nullopt;
  const auto days = std::chrono::sys_days(calendar_day(*date));
  const auto since = std::chrono::milliseconds(days.time_since_epoch());
  return static_cast<std::uint64_t>(since.count()) + std::uint64_t{*minutes} * 60'000;
}

std::string shown_instant(std::uint64_t since_1970_ms) {
  constexpr std::uint64_t day_ms = 86'400'000;
  constexpr std::uint64_t year_2200_ms = 7'258'118'400'000;
  if (since_1970_ms >= year_2200_ms) return "after 2199";
  const auto days = std::chrono::days(static_cast<std::int64_t>(since_1970_ms / day_ms));
  const std::chrono::year_month_day date{std::chrono::sys_days(days)};
  const auto minutes = static_cast<unsigned>(since_1970_ms % day_ms / 60'000);
  return spoken_date({static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                      static_cast<unsigned>(date.day())}) +
         " at " + clock_text(minutes) + " UTC";
}

std::string counted(std::uint64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string shown_minutes(std::uint64_t minutes) {
  if (minutes < 60) return counted(minutes, "minute");
  const std::string hours = counted(minutes / 60, "hour");
  return minutes % 60 == 0 ? hours : hours + " " + counted(minutes % 60, "minute");
}

}  // namespace

Result<std::string> stored_text(Format format, std::string_view typed) {
  if (typed.size() > typed_bytes_max) return refused("This is too long.");
  if (!is_utf8(typed)) return refused("This holds signs that are not text. Type it again.");
  // What nobody sees may not alter what is read: they come along with what is pasted, or on
  // purpose.
  const std::string seen = without_hidden_signs(typed, format == FieldRule::LONG_TEXT ? '\n' : ' ');
  const std::string_view text = trimmed(seen);
  switch (format) {
    case FieldRule::DATE: {
      const auto date = read_date(text);
      if (!date && has_short_year(text)) {
        return refused("Type the year with four digits, such as 2026.");
      }
      if (!date) return refused("Type a real date: a day, a month and a year from 1900 to 2199.");
      return iso_date(*date);
    }
    case FieldRule::TIME: {
      const auto minutes = read_time(text);
      if (!minutes) return refused("Type a time from 00:00 to 23:59, such as 08:30.");
      return clock_text(*minutes);
    }
    case FieldRule::EMAIL:
      if (!is_email(text)) return refused("Type an e-mail address, such as name@example.org.");
      return std::string(text);
    case FieldRule::TELEPHONE:
      return or_refused(read_telephone(text),
                        "Type a telephone number with its area code, such as 07700 900123, or "
                        "with + and the country's code.");
    case FieldRule::POSTCODE:
      return or_refused(read_postcode(text), "Type a whole postcode, such as LS12 2TJ.");
    case FieldRule::PRISON_NUMBER:
      if (!is_prison_number(text)) {
        return refused("Type a prison number: a letter, four digits, two letters, as A1234BC.");
      }
      return in_capitals(text);
    case FieldRule::ESTABLISHMENT:
      if (!is_establishment(text)) return refused("Type the code of a prison, such as LEI.");
      return in_capitals(text);
    default:
      return read_prose(text, format == FieldRule::LONG_TEXT);
  }
}

std::string shown_text(Format format, std::string_view stored) {
  if (format == FieldRule::DATE && is_date(stored)) return spoken_date(*read_date(stored));
  if (format == FieldRule::TELEPHONE) return spoken_telephone(stored);
  return std::string(stored);
}

Result<std::uint64_t> stored_number(Format format, std::string_view typed) {
  const std::string_view text = trimmed(typed);
  if (format == FieldRule::DATE_TIME) {
    const auto instant = read_instant(text);
    if (!instant) return refused("Type a date and a time, such as 2026-12-04 08:30.");
    return *instant;
  }
  const bool money = format == FieldRule::MONEY_PENCE;
  const bool minutes = format == FieldRule::MINUTES;
  const auto number = money     ? read_pence(text)
                      : minutes ? read_minutes(text)
                                : std::optional<std::uint64_t>(digits_value(text));
  if (number && *number <= number_max) return *number;
  if (number) return refused("This number is too large.");
  if (money) return refused("Type an amount in pounds, such as 12.50.");
  if (minutes) return refused("Type minutes, such as 90, or hours and minutes, such as 1:30.");
  return refused("Type a whole number, such as 3.");
}

std::string shown_number(Format format, std::uint64_t stored) {
  switch (format) {
    case FieldRule::MONEY_PENCE:
      return "\xC2\xA3" + std::to_string(stored / 100) + "." +
             padded(static_cast<unsigned>(stored % 100), 2);
    case FieldRule::MINUTES:
      return shown_minutes(stored);
    case FieldRule::DATE_TIME:
      return shown_instant(stored);
    default:
      return std::to_string(stored);
  }
}

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    const int more = first < 0x80 ? 0 : first < 0xC2 ? -1 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    if (more < 0 || first > 0xF4 || i + static_cast<std::size_t>(more) >= text.size()) return false;
    char32_t point = more == 0 ? first : first & (0x3FU >> static_cast<unsigned>(more));
    for (int k = 1; k <= more; ++k) {
      const auto next = static_cast<unsigned char>(text[i + static_cast<std::size_t>(k)]);
      if ((next & 0xC0U) != 0x80U) return false;
      point = (point << 6) | (next & 0x3FU);
    }
    const bool overlong = (more == 2 && point < 0x800) || (more == 3 && point < 0x10000);
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    if (overlong || surrogate || point > 0x10FFFF) return false;
    i += static_cast<std::size_t>(more) + 1;
  }
  return true;
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto date = read_date(text);
  return date && iso_date(*date) == text;
}

std::string iso_date(const Date& date) {
  return padded(static_cast<unsigned>(date.year), 4) + "-" + padded(date.month, 2) + "-" +
         padded(date.day, 2);
}

}  // namespace throughgate::node
