#include "node/records/formats.h"

#include <catch_amalgamated.hpp>

using namespace throughgate;
using namespace throughgate::node;
using schema::FieldRule;

namespace {

std::string stored(Format format, std::string_view typed) {
  const auto text = stored_text(format, typed);
  return text ? *text : "refused";
}

std::uint64_t number(Format format, std::string_view typed) {
  const auto found = stored_number(format, typed);
  REQUIRE(found.has_value());
  return *found;
}

}  // namespace

TEST_CASE("a date is stored in one form, however it was typed", "[formats]") {
  for (const auto* typed : {"4/12/2026", "04/12/2026", "04-12-2026", "4.12.2026", "4 12 2026",
                            "2026-12-04", "4 December 2026", "4 dec 2026", " 4/12/2026 "}) {
    CAPTURE(typed);
    CHECK(stored(FieldRule::DATE, typed) == "2026-12-04");
  }
  CHECK(stored(FieldRule::DATE, "29/2/2028") == "2028-02-29");
}

TEST_CASE("a day that never was, or a year in two digits, is refused", "[formats]") {
  for (const auto* typed :
       {"29/2/2026", "31/4/2026", "0/1/2026", "1/13/2026", "4/12/26", "1899-12-31", "2200-01-01",
        "12/2026", "4/12/2026/1", "4 De 2026", "tomorrow", "", "004/12/2026", "2026-12-04T00:00"}) {
    CAPTURE(typed);
    CHECK(stored(FieldRule::DATE, typed) == "refused");
  }
}

TEST_CASE("a date reads as people say it", "[formats]") {
  CHECK(shown_text(FieldRule::DATE, "2026-12-04") == "4 December 2026");
  CHECK(shown_text(FieldRule::DATE, "2026-12-44") == "2026-12-44");
  CHECK_FALSE(is_date("04/12/2026"));
  CHECK_FALSE(is_date("2026/12/04"));
}

TEST_CASE("a telephone number is stored in one form, however it was typed", "[formats]") {
  for (const auto* typed : {"07700 900123", "07700900123", "+44 7700 900123", "0044 7700 900123",
                            "+44 (0)7700 900123", "(07700) 900-123"}) {
    CAPTURE(typed);
    CHECK(stored(FieldRule::TELEPHONE, typed) == "+447700900123");
  }
  for (const auto* typed : {"07700 900123", "0113 496 0001", "020 7946 0958", "01632 960123"}) {
    CAPTURE(typed);
    CHECK(shown_text(FieldRule::TELEPHONE, stored(FieldRule::TELEPHONE, typed)) == typed);
  }
  CHECK(stored(FieldRule::TELEPHONE, "+353 20 913 0123") == "+353209130123");
  for (const auto* typed : {"7700 900123", "07700 90012", "07700 9001234", "07700 9OO123",
                            "ring me", "", "+", "0", "999"}) {
    CAPTURE(typed);
    CHECK(stored(FieldRule::TELEPHONE, typed) == "refused");
  }
}

TEST_CASE("codes and numbers of the service are stored in capitals, or refused", "[formats]") {
  CHECK(stored(FieldRule::PRISON_NUMBER, "a1234bc") == "A1234BC");
  CHECK(stored(FieldRule::PRISON_NUMBER, "A123BC") == "refused");
  CHECK(stored(FieldRule::PRISON_NUMBER, "11234BC") == "refused");
  CHECK(stored(FieldRule::POSTCODE, "ls122tj") == "LS12 2TJ");
  CHECK(stored(FieldRule::POSTCODE, "L9 7LH") == "L9 7LH");
  CHECK(stored(FieldRule::POSTCODE, "LS12") == "refused");
  CHECK(stored(FieldRule::POSTCODE, "12S 2TJ") == "refused");
  CHECK(stored(FieldRule::ESTABLISHMENT, "lei") == "LEI");
  CHECK(stored(FieldRule::ESTABLISHMENT, "L EI") == "refused");
}

TEST_CASE("times, e-mail addresses and prose are taken as they should be", "[formats]") {
  CHECK(stored(FieldRule::TIME, "8:30") == "08:30");
  CHECK(stored(FieldRule::TIME, "08.30") == "08:30");
  CHECK(stored(FieldRule::TIME, "8.30am") == "08:30");
  CHECK(stored(FieldRule::TIME, "12:15 PM") == "12:15");
  CHECK(stored(FieldRule::TIME, "12.15am") == "00:15");
  CHECK(stored(FieldRule::TIME, "3pm") == "15:00");
  CHECK(stored(FieldRule::TIME, "13pm") == "refused");
  CHECK(stored(FieldRule::TIME, "8 a.m. or so") == "refused");
  CHECK(stored(FieldRule::TIME, "8") == "refused");
  CHECK(stored(FieldRule::TIME, "24:00") == "refused");
  CHECK(stored(FieldRule::TIME, "8:3") == "refused");
  CHECK(stored(FieldRule::EMAIL, " a.b@example.org ") == "a.b@example.org");
  for (const auto* typed : {"a.b", "@example.org", "a@b@example.org", "a@example",
                            "a b@example.org", "a@.org", "a@example.org."}) {
    CAPTURE(typed);
    CHECK(stored(FieldRule::EMAIL, typed) == "refused");
  }
  CHECK(stored(FieldRule::LONG_TEXT, "one\r\ntwo\n") == "one\ntwo");
  CHECK(stored(FieldRule::PLAIN, "one\ntwo") == "refused");
  CHECK(stored(FieldRule::PLAIN, "one\x1b[31m") == "refused");
  CHECK(stored(FieldRule::PLAIN, "Si\xC3\xA2n") == "Si\xC3\xA2n");
}

TEST_CASE("bytes that are not UTF-8 are refused", "[formats]") {
  for (const auto* typed : {"\xFF", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80",
                            "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "a\x80"}) {
    CHECK_FALSE(is_utf8(typed));
    CHECK(stored(FieldRule::PLAIN, typed) == "refused");
  }
  CHECK(is_utf8("\xF0\x9F\x98\x80"));
  CHECK(is_utf8("\xEF\xBF\xBF"));
}

TEST_CASE("amounts, times taken and instants become whole numbers, and read as people say them",
          "[formats]") {
  CHECK(number(FieldRule::MONEY_PENCE, "12.50") == 1250);
  CHECK(number(FieldRule::MONEY_PENCE,
               "\xC2\xA3"
               "12.5") == 1250);
  CHECK(number(FieldRule::MONEY_PENCE, "12") == 1200);
  CHECK(shown_number(FieldRule::MONEY_PENCE, 1205) ==
        "\xC2\xA3"
        "12.05");
  CHECK(number(FieldRule::MINUTES, "90") == 90);
  CHECK(number(FieldRule::MINUTES, "1:30") == 90);
  CHECK(shown_number(FieldRule::MINUTES, 90) == "1 hour 30 minutes");
  CHECK(shown_number(FieldRule::MINUTES, 120) == "2 hours");
  CHECK(shown_number(FieldRule::MINUTES, 1) == "1 minute");
  CHECK(number(FieldRule::DATE_TIME, "1970-01-02 00:01") == 86'460'000);
  CHECK(shown_number(FieldRule::DATE_TIME, 86'460'000) == "2 January 1970 at 00:01 UTC");
  CHECK(shown_number(FieldRule::DATE_TIME, ~0ULL) == "after 2199");
  for (const auto* typed : {"12.345", "-1", "", "1.2.3", "1000001", "99999999999999999999"}) {
    CAPTURE(typed);
    CHECK_FALSE(stored_number(FieldRule::MONEY_PENCE, typed).has_value());
  }
  CHECK_FALSE(stored_number(FieldRule::PLAIN, "1000001").has_value());
  CHECK_FALSE(stored_number(FieldRule::MINUTES, "1:60").has_value());
}

TEST_CASE("signs that nobody sees are not stored, whatever the format", "[formats]") {
  CHECK(stored(FieldRule::PLAIN, "Ev\u202Eil") == "Evil");
  CHECK(stored(FieldRule::LONG_TEXT, "at the\u2067 gate\u2069\nat nine") == "at the gate\nat nine");
  CHECK(stored(FieldRule::TELEPHONE, "\u202A07700 900123\u202C") == "+447700900123");
  CHECK(stored(FieldRule::DATE, "\u200E4/12/2026") == "2026-12-04");
  CHECK(stored(FieldRule::EMAIL, "jo\u200B@example.org") == "jo@example.org");
}
