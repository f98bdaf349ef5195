#include "node/intake/headers.h"

#include <catch_amalgamated.hpp>
#include <fstream>

#include "node/intake/cell_text.h"

using namespace throughgate::node;

namespace {

std::vector<CsvRow> table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<CsvRow> out;
  out.reserve(rows.size());
  for (const auto& cells : rows) out.push_back({out.size() + 1, cells});
  return out;
}
Headings must_find(const std::vector<std::string>& headings) {
  return std::get<Headings>(find_headings(table({headings})));
}
std::string refusal_of(const std::vector<std::vector<std::string>>& rows) {
  const auto found = find_headings(table(rows));
  const auto* refusal = std::get_if<Refusal>(&found);
  return refusal == nullptr ? "" : refusal->why;
}

}  // namespace

TEST_CASE("a heading is known in each of its spellings", "[headers]") {
  const std::vector<std::pair<std::string, Field>> spellings{
      {"Forename", Field::forename},
      {"First name", Field::forename},
      {"FIRST-NAME(S)", Field::forename},
      {"Christian name", Field::forename},
      {"Given names", Field::forename},
      {"Last Name", Field::surname},
      {"Family name:", Field::surname},
      {"D.O.B.", Field::date_of_birth},
      {"Birth date", Field::date_of_birth},
      {"Mobile no.", Field::mobile},
      {"Mob. Tel", Field::mobile},
      {"Tel No", Field::telephone},
      {"E-Mail", Field::email},
      {"Post Code", Field::postcode},
      {"Address line 1", Field::address_line_1},
      {"Maiden name", Field::former_names},
      {"Role(s)", Field::roles},
      {"Dyddiad geni", Field::date_of_birth},
      {"Enw", Field::full_name}};
  for (const auto& [heading, field] : spellings) {
    CAPTURE(heading);
    const std::string name = field == Field::forename ? "Surname" : "Forename";
    CHECK(must_find({name, heading, "Status"}).column_of(field) == 1U);
  }
}

TEST_CASE("an aside in brackets, or two words for the same, leave a heading what it is",
          "[headers]") {
  const std::vector<std::pair<std::string, Field>> spellings{
      {"E-mail (home)", Field::email},
      {"Email Address (work)", Field::email},
      {"First name(s) (as on passport)", Field::forename},
      {"Cell Phone Number", Field::mobile},
      {"Mobile Telephone No", Field::mobile},
      {"Mobile / cell", Field::mobile},
      {"DOB (dd/mm/yyyy)", Field::date_of_birth}};
  for (const auto& [heading, field] : spellings) {
    CAPTURE(heading);
    CHECK(must_find({"Surname", heading, "Status"}).column_of(field) == 1U);
  }
  // Somebody else's, or one of two things.
  for (const char* heading : {"Mobile (next of kin)", "Date of birth (child)", "E-mail (referee)",
                              "Role / status", "Mobile / emergency contact", "Mobile (home"}) {
    CAPTURE(heading);
    CHECK_FALSE(must_find({"Surname", heading, "Forename"}).columns[1].field);
  }
}

TEST_CASE("of two columns for one thing the plainer counts, and the other is said to be left out",
          "[headers]") {
  const auto both = must_find({"Surname", "E-mail (work)", "E-mail", "E-mail (home)"});
  CHECK(both.column_of(Field::email) == 2U);
  CHECK(both.columns[1].left_out_because == "\"E-mail\" is taken for it");
  const auto loose = must_find({"Surname", "E-mail (work)", "E-mail (home)"});
  CHECK(loose.column_of(Field::email) == 1U);
  CHECK(loose.columns[2].left_out_because == "\"E-mail (work)\" is taken for it");
  CHECK(refusal_of({{"Surname", "E-mail", "Email"}, {"x", "y", "z"}}).find("Two columns") == 0);
}

TEST_CASE("every heading that the guide names is known", "[headers]") {
  std::ifstream guide(DAILY_WORK);
  std::size_t named = 0;
  bool in_table = false;
  for (std::string line; std::getline(guide, line);) {
    if (line.starts_with("| What | Headings")) in_table = true;
    if (!line.starts_with("| ")) in_table = in_table && line.starts_with("|-");
    if (!in_table || line.starts_with("| What") || line.starts_with("|-")) continue;
    auto cells = line.substr(line.find(" | ") + 3);
    for (const auto* joint : {", or ", " and ", "; ", " |"}) {
      for (auto at = cells.find(joint); at != std::string::npos; at = cells.find(joint)) {
        cells.replace(at, std::string_view(joint).size(), ",");
      }
    }
    for (const auto& heading : split(cells, ",")) {
      CAPTURE(heading);
      ++named;
      // Beside a name of another kind: two columns may not say the same.
      const bool is_surname = refusal_of({{heading, "Surname"}}).starts_with("Two columns");
      const auto found = must_find({heading, is_surname ? "Forename" : "Surname"});
      CHECK(found.columns[0].field.has_value());
    }
  }
  CHECK(named > 40);
}

TEST_CASE("columns are found in any order", "[headers]") {
  const auto headings = must_find({"Email", "Surname", "", "Forename"});
  CHECK(headings.column_of(Field::forename) == 3U);
  CHECK(headings.column_of(Field::surname) == 1U);
  CHECK(headings.column_of(Field::mobile) == std::nullopt);
}

TEST_CASE("two columns that claim one field are refused, and both are named", "[headers]") {
  const auto why = refusal_of({{"Forename", "First name", "Surname"}});
  CHECK(why.find("\"Forename\" and \"First name\"") != std::string::npos);
}

TEST_CASE("rows of data are never taken for headings", "[headers]") {
  CHECK_FALSE(refusal_of({{"Jo", "Smith", "1/2/1980"}, {"May", "First", "2/2/1980"}}).empty());
}

TEST_CASE("headings are looked for in the first ten rows only", "[headers]") {
  std::vector<std::vector<std::string>> rows(9, {"a title"});
  rows.push_back({"Forename", "Surname"});
  CHECK(std::get<Headings>(find_headings(table(rows))).row == 9);
  rows.insert(rows.begin(), {"a title"});
  CHECK_FALSE(refusal_of(rows).empty());
}

TEST_CASE("Name beside Surname is the forename, beside both it is left out", "[headers]") {
  CHECK(must_find({"Name", "Surname"}).column_of(Field::forename) == 0U);
  const auto headings = must_find({"Name", "Forename", "Surname"});
  CHECK(headings.column_of(Field::full_name) == std::nullopt);
  CHECK_FALSE(headings.columns[0].left_out_because.empty());
}

TEST_CASE("columns that must not be kept are known and say why", "[headers]") {
  const auto headings = must_find({"Name", "Ethnicity", "Convictions", "NI number", "Shoe size"});
  for (const std::size_t column : {1U, 2U, 3U}) {
    CHECK_FALSE(headings.columns[column].field.has_value());
    CHECK_FALSE(headings.columns[column].left_out_because.empty());
  }
  CHECK(headings.columns[4].left_out_because.empty());
}
