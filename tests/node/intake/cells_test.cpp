// What single cells say: dates, telephone numbers, addresses, names and coded words.
#include <catch_amalgamated.hpp>

#include "node/intake/cell_text.h"
#include "node/intake/codes.h"
#include "node/intake/contact.h"
#include "node/intake/dates.h"
#include "node/intake/establishments.h"
#include "node/intake/names.h"
#include "node/intake/telephone.h"
#include "tests/node/intake/people.h"

using namespace throughgate::node;

namespace {

std::string birth(std::string_view text) {
  const auto reading = read_date(text, DateKind::birth, a_day);
  return reading.value ? iso_date(*reading.value) : "";
}

}  // namespace

TEST_CASE("every way of writing one date gives that date", "[dates]") {
  for (const char* text :
       {"03/04/1981", "3/4/1981", "3.4.1981", "3-4-81", "1981-04-03", "1981/4/3", "19810403",
        "3 Apr 1981", "3rd April 1981", "03-Apr-81", "April 3, 1981", "Fri 3 April 1981",
        "3rd of April 1981", "1981-04-03 00:00:00", "03/04/1981 00:00", "29679", "29679.0",
        "3 Ebrill 1981", "3 / 4 / 1981"}) {
    CAPTURE(text);
    CHECK(birth(text) == "1981-04-03");
  }
}

TEST_CASE("a day that the calendar lacks is a problem", "[dates]") {
  for (const char* text : {"31/04/1981", "29/02/1981", "0/1/1981", "32/1/1981", "1/0/1981"}) {
    CAPTURE(text);
    CHECK(birth(text).empty());
  }
  CHECK(birth("29/02/1984") == "1984-02-29");
}

TEST_CASE("what is no date is never guessed at", "[dates]") {
  for (const char* text :
       {"soon", "April 1981", "1981", "3/4", "3/4/981", "3/4/1981/5", "99999999999999999999",
        "123456", "-3/4/1981x", "3 Foo 1981", "1:2", "::"}) {
    CAPTURE(text);
    CHECK_FALSE(read_date(text, DateKind::birth, a_day).problem.empty());
  }
}

TEST_CASE("a date that fits month first alone is named as such, one that fits both is day first",
          "[dates]") {
  const auto american = read_date("12/25/1981", DateKind::birth, a_day);
  CHECK(american.problem.find("25/12/1981") != std::string::npos);
  CHECK(birth("05/06/1981") == "1981-06-05");
}

TEST_CASE("a volunteer is 16 on the birthday and not the day before", "[dates]") {
  CHECK(birth("01/07/2010") == "2010-07-01");
  CHECK(birth("02/07/2010").empty());
  CHECK(birth("01/07/1925") == "1925-07-01");
  CHECK(birth("30/06/1925").empty());
}

TEST_CASE("two digits of a year are completed to what is possible, with a warning", "[dates]") {
  CHECK(birth("1/7/10") == "2010-07-01");
  CHECK(birth("1/7/55") == "1955-07-01");
  CHECK_FALSE(read_date("1/7/55", DateKind::birth, a_day).warning.empty());
  CHECK(iso_date(*read_date("1/7/26", DateKind::past, a_day).value) == "2026-07-01");
  CHECK(iso_date(*read_date("1/7/31", DateKind::expiry, a_day).value) == "2031-07-01");
}

TEST_CASE("what happened lies in the past, what expires may lie ahead", "[dates]") {
  CHECK(read_date("01/07/2026", DateKind::past, a_day).value.has_value());
  CHECK_FALSE(read_date("02/07/2026", DateKind::past, a_day).value.has_value());
  CHECK(read_date("02/07/2026", DateKind::expiry, a_day).value.has_value());
  CHECK_FALSE(read_date("02/07/2046", DateKind::expiry, a_day).value.has_value());
}

TEST_CASE("every spelling of one number gives that number", "[telephone]") {
  for (const char* text :
       {"07700900123", "07700 900123", "07700-900-123", "(07700) 900123", "+447700900123",
        "+44 (0)7700 900123", "+44 07700 900123", "00447700900123", "447700900123", "7700900123",
        "7700900123.0", "7700900123.00", "=\"07700900123\"", "7.700900123E+09", "7,700900123E9",
        "+4.47700900123E+11", "4.47700900123e+11", "Mob: 07700 900123", "tel. 07700.900.123"}) {
    CAPTURE(text);
    CHECK(read_telephone(text).value == "+447700900123");
  }
}

TEST_CASE("a number that Excel has mangled is refused, for its end is lost", "[telephone]") {
  for (const char* text : {"4.47701E+11", "7.70E+09", "7,7E+09", "4.4770090012E+11", "4E+11"}) {
    const auto reading = read_telephone(text);
    CHECK_FALSE(reading.value.has_value());
    CHECK(reading.problem.find("cannot be recovered") != std::string::npos);
  }
}

TEST_CASE("Excel's mark for text is no part of the cell", "[cells]") {
  CHECK(clean_line("'07700 900123").value == "07700 900123");
  CHECK(clean_line(" '+44 7700 900123").value == "+44 7700 900123");
  CHECK(clean_line("'Ali").value == "'Ali");
}

TEST_CASE("a guess does not become a fact", "[codes]") {
  const auto guess = read_status("retired?");
  CHECK_FALSE(guess.value.has_value());
  CHECK(guess.problem.find("in doubt") != std::string::npos);
  CHECK(read_status("retired").value == "LEFT");
  CHECK_FALSE(read_roles("mentor?").problem.empty());
  CHECK_FALSE(read_vetting_outcome("cleared?").problem.empty());
}

TEST_CASE("a number whose 0 was put back says so", "[telephone]") {
  CHECK_FALSE(read_telephone("7700900123").warning.empty());
  CHECK(read_telephone("07700900123").warning.empty());
}

TEST_CASE("numbers too short, too long or doubled are refused", "[telephone]") {
  for (const char* text : {"07700 90012", "07700 9001234", "0", "+", "+44", "12", "07700 900123 x5",
                           "07700900123/07700900124", "07700 900123 or 07700 900124", "+1234567",
                           "+1234567890123456", "none of these"}) {
    CAPTURE(text);
    CHECK_FALSE(read_telephone(text).problem.empty());
  }
}

TEST_CASE("foreign numbers are kept", "[telephone]") {
  CHECK(read_telephone("+353 86 123 4567").value == "+353861234567");
  CHECK(read_telephone("00353861234567").value == "+353861234567");
}

TEST_CASE("a mobile is told from a landline", "[telephone]") {
  CHECK(is_uk_mobile("+447700900123"));
  CHECK_FALSE(is_uk_mobile("+447000900123"));
  CHECK_FALSE(is_uk_mobile("+441134960123"));
  CHECK_FALSE(is_uk_mobile("+353861234567"));
}

TEST_CASE("postcodes get their space, and only digits typed as letters are mended", "[postcode]") {
  CHECK(read_postcode("sw1a1aa").value == "SW1A 1AA");
  CHECK(read_postcode("M1  1AE").value == "M1 1AE");
  CHECK(read_postcode("LS1 IAA").value == "LS1 1AA");
  CHECK_FALSE(read_postcode("LS1 IAA").warning.empty());
  for (const char* text : {"LS1", "12345", "LS1 1A", "LS1 1AAA", "LSÉ 1AA", "ABC 1AA"}) {
    CAPTURE(text);
    CHECK_FALSE(read_postcode(text).problem.empty());
  }
}

TEST_CASE("an e-mail address is one address", "[email]") {
  CHECK(read_email("Jo.Smith@EXAMPLE.org").value == "Jo.Smith@example.org");
  CHECK(read_email("Jo Smith <jo@example.org>").value == "jo@example.org");
  CHECK(read_email("MAILTO:jo@example.org").value == "jo@example.org");
  for (const char* text :
       {"jo", "jo@", "@example.org", "jo@example", "jo@@example.org", "jo smith@example.org",
        "a@example.org;b@example.org", "jo@-example.org", "jo@example.123", ".jo@example.org"}) {
    CAPTURE(text);
    CHECK_FALSE(read_email(text).problem.empty());
  }
  CHECK_FALSE(read_email(std::string(65, 'a') + "@example.org").problem.empty());
}

TEST_CASE("a whole name is taken apart as its owner would", "[names]") {
  const auto taken = [](std::string_view text) { return read_full_name(text).value.value(); };
  CHECK(taken("SMITH, John Paul") == PersonName{"John Paul", "Smith", "", {}});
  CHECK(taken("Mr John Smith") == PersonName{"John", "Smith", "", {}});
  CHECK(taken("Dafydd ap Gwilym") == PersonName{"Dafydd", "ap Gwilym", "", {}});
  CHECK(taken("SIOBHAN O'BRIEN") == PersonName{"Siobhan", "O'Brien", "", {}});
  CHECK(taken("mary smith-jones") == PersonName{"Mary", "Smith-Jones", "", {}});
  CHECK(taken("FLORA MCDONALD") == PersonName{"Flora", "McDonald", "", {}});
  CHECK(taken("Flora MacDonald") == PersonName{"Flora", "MacDonald", "", {}});
  CHECK(taken("Robert \"Bob\" Jones") == PersonName{"Robert", "Jones", "Bob", {}});
  CHECK(taken("Ann Smith (née Taylor)") == PersonName{"Ann", "Smith", "", {"Taylor"}});
  CHECK(taken("Sukarno") == PersonName{"", "Sukarno", "", {}});
  CHECK(taken("Dr") == PersonName{"", "Dr", "", {}});
}

TEST_CASE("what cannot be a name is a problem", "[names]") {
  for (const char* text :
       {"Smith2", "jo@example.org", "Smith, John, Paul", "=cmd", "---", "Jo (a@b)"}) {
    CAPTURE(text);
    CHECK_FALSE(read_full_name(text).problem.empty());
  }
  CHECK_FALSE(read_full_name(std::string(201, 'a')).problem.empty());
  CHECK(read_former_names("née Burke; Hill").value == std::vector<std::string>{"Burke", "Hill"});
}

TEST_CASE("words for roles, stages and vetting become codes", "[codes]") {
  CHECK(read_roles("Chaplaincy; visits / gate-meeter, chaplaincy").value ==
        std::vector<std::string>{"CHAPLAINCY", "VISITS_CENTRE", "GATE_MEETER"});
  CHECK(read_roles("MENTOR_TTG").value == std::vector<std::string>{"MENTOR_TTG"});
  CHECK_FALSE(read_roles("Chaplaincy; wizard").problem.empty());
  CHECK_FALSE(read_roles("IMB").problem.empty());
  CHECK(read_status("On hold").value == "PAUSED");
  CHECK(read_vetting_level("Enhanced Level 2").value == "ENHANCED_2");
  CHECK(read_vetting_level("Standard").value == "STANDARD");
  CHECK(read_vetting_level("Standard+").value == "STANDARD_PLUS");
  CHECK_FALSE(read_vetting_level("Enhanced").problem.empty());  // level 1 or 2?
  CHECK(read_dbs_level("Enhanced").value == "DBS_ENHANCED");
  CHECK(read_vetting_outcome("cleared").value == "GRANTED");
  CHECK_FALSE(read_vetting_outcome("no").problem.empty());
  CHECK(read_yes_no("Y").value == true);
  CHECK(read_yes_no("No").value == false);
  CHECK_FALSE(read_yes_no("maybe").problem.empty());
}

TEST_CASE("prison numbers and establishments are told by their shape", "[codes]") {
  CHECK(prison_number("a1234bc") == "A1234BC");
  for (const char* text : {"A123BC", "A12345BC", "1A234BC", "A1234B1", "A1234BCD"}) {
    CHECK(prison_number(text) == std::nullopt);
  }
  CHECK(mentions_prison_number("met A1234BC, twice"));
  CHECK_FALSE(mentions_prison_number("rang 07700 900123"));
  CHECK(read_establishment_code("stc3").value == "STC3");
  CHECK_FALSE(read_establishment_code("HMP Leeds").problem.empty());
}

TEST_CASE("an establishment is known by code and by name", "[codes]") {
  const auto list = some_establishments();
  for (const char* text : {"LEI", "lei", "Leeds", "HMP Leeds", "H.M.P. LEEDS", "Leeds (HMP)"}) {
    CAPTURE(text);
    CHECK(list.read(text).value == "LEI");
  }
  CHECK(list.read("HMP & YOI Wandsworth").value == "WWI");
  CHECK_FALSE(list.read("HMP").problem.empty());
  CHECK_FALSE(list.read("Azkaban").problem.empty());
  CHECK(EstablishmentList().read("abc").value == "ABC");
}

TEST_CASE("a cell loses what nobody can see, and garbled letters are found", "[cells]") {
  CHECK(clean_line(" \u00A0Jo\u200B \t\r\n Smith\u202E\x01 ").value == "Jo Smith");
  CHECK(clean_line("Sia\u0302n").value == "Siân");
  CHECK(clean_line(" \u00A0\t").value == std::nullopt);
  for (const char* text : {"JosÃ©", "Oâ€™Neill", "Jo\uFFFDe", "Â£5"}) {
    CAPTURE(text);
    CHECK_FALSE(clean_line(text).problem.empty());
  }
  for (const char* text : {"JOÃO", "Âurel", "José"}) {
    CAPTURE(text);
    CHECK(clean_line(text).problem.empty());
  }
}
