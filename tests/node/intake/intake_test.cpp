// What becomes of rows: likeness, keys, the file to mend.
#include "node/intake/intake.h"

#include <rapidcheck.h>

#include <catch_amalgamated.hpp>

#include "crypto/bytes.h"
#include "node/intake/report.h"
#include "tests/node/intake/people.h"

using namespace throughgate;
using namespace throughgate::node;

namespace {

struct Person {
  std::string forenames;
  std::string surname;
  int born = 0;  // a year; 0 for unknown
  std::string email{};
  std::string mobile{};
};

MatchParts parts(const Person& person) {
  Identity identity{{person.forenames, person.surname, "", {}}};
  if (person.born != 0) identity.date_of_birth = std::chrono::year(person.born) / 5 / 6;
  identity.email = person.email;
  identity.mobile = person.mobile;
  return match_parts(identity);
}
Likeness likeness(const Person& a, const Person& b) { return compare(parts(a), parts(b)).likeness; }

RowKey only_key(std::string_view file) { return must_read(file).rows.at(0).key; }

}  // namespace

TEST_CASE("one volunteer is recognised by name and birth, by e-mail, by mobile", "[matching]") {
  CHECK(likeness({"Jo", "Smith", 1981}, {"JO", "SMITH", 1981}) == Likeness::same);
  CHECK(likeness({"José Luis", "O'Neill", 1981}, {"Jose", "ONeill", 1981}) == Likeness::same);
  CHECK(likeness({"Jo", "Smith", 1981}, {"Smith", "Jo", 1981}) == Likeness::same);
  CHECK(likeness({"Jo", "Smith", 0, "jo@example.org"}, {"Jo", "Brown", 0, "JO@example.org"}) ==
        Likeness::same);
  CHECK(likeness({"Jo", "Smith", 0, "", "+447700900123"},
                 {"Al", "Brown", 0, "", "+447700900123"}) == Likeness::same);
}

TEST_CASE("a household that shares its e-mail is never taken for one volunteer", "[matching]") {
  CHECK(likeness({"Jo", "Smith", 0, "s@example.org"}, {"Kim", "Smith", 0, "s@example.org"}) ==
        Likeness::worth_a_look);
  CHECK(likeness({"Jo", "Smith", 1981, "s@example.org"}, {"Kim", "Smith", 1981, "s@example.org"}) ==
        Likeness::worth_a_look);  // twins
}

TEST_CASE("namesakes born on different days are two", "[matching]") {
  CHECK(likeness({"Jo", "Smith", 1981}, {"Jo", "Smith", 1982}) == Likeness::different);
  CHECK(likeness({"Jo", "Smith", 1981}, {"Kim", "Smith", 1981}) == Likeness::different);
  CHECK(likeness({"Jo", "Smith", 0, "a@example.org"}, {"Jo", "Smith", 0, "b@example.org"}) ==
        Likeness::worth_a_look);
}

TEST_CASE("likeness is the same both ways round, and whoever is alike shares a key", "[matching]") {
  CHECK(rc::check("symmetric, and found by key", [] {
    const auto person = rc::gen::build<Person>(
        rc::gen::set(&Person::forenames, rc::gen::element<std::string>("Jo", "Kim", "Smith", "")),
        rc::gen::set(&Person::surname, rc::gen::element<std::string>("Smith", "Jo", "Brown")),
        rc::gen::set(&Person::born, rc::gen::element(0, 1981, 1982)),
        rc::gen::set(&Person::email,
                     rc::gen::element<std::string>("", "a@example.org", "b@example.org")),
        rc::gen::set(&Person::mobile, rc::gen::element<std::string>("", "+447700900123")));
    const auto a = parts(*person);
    const auto b = parts(*person);
    RC_ASSERT(compare(a, b).likeness == compare(b, a).likeness);
    IdentityIndex index;
    index.add(7, a);
    RC_ASSERT(index.find(b).empty() == (compare(a, b).likeness == Likeness::different));
  }));
}

TEST_CASE("a row's key does not depend on columns, spelling or encoding", "[row_key]") {
  const auto key = only_key("Forename,Surname,DOB,Mobile\nZoë,Hill,3/4/1981,07700 900123\n");
  CHECK(only_key("Mobile;Last name;x;First name;D.O.B.\n7700900123;HILL;9;Zo\xEB;1981-04-03\n") ==
        key);
  CHECK(only_key("Name,DOB,Mobile\n\"HILL, ZOË\",3 April 1981,+44 (0)7700 900123\n") == key);
  CHECK(only_key("Forename,Surname,DOB,Mobile\nZoe,Hill,3/4/1981,07700 900123\n") != key);
  CHECK(only_key("Forename,Surname,DOB,Mobile\nZoë,Hill,4/4/1981,07700 900123\n") != key);
  CHECK(only_key("Forename,Surname,DOB,Telephone,Notes\nZoë,Hill,3/4/1981,07700 900123,x\n") !=
        key);
}

TEST_CASE("a row's key is what it was in the first release", "[row_key]") {
  CHECK(crypto::to_hex(only_key("Forename,Surname,DOB\nJo,Smith,3/4/1981\n")) ==
        "0858ad73898a01bf8697e7202b1db0b2ca2055c033f06bcbd166e8e88905cb0c");
}

TEST_CASE("moving text from one field to the next changes the key", "[row_key]") {
  Candidate a;
  a.identity.name = {"Jo", "Smith", "", {}};
  Candidate b = a;
  a.address_lines = {"1 Mill Lane", "Leeds"};
  b.address_lines = {"1 Mill Lane\nLeeds"};
  CHECK(row_key(a) != row_key(b));
  b = a;
  b.clearances.push_back({});
  CHECK(row_key(a) != row_key(b));
}

TEST_CASE("a row that was mended is imported once, and its old self never", "[intake]") {
  FakeVolunteers held;
  held.import(must_read("Name,DOB,Email\nJo Smith,31/02/1981,jo@example.org\n", held));
  CHECK(held.size() == 0);
  held.import(must_read("Name,DOB,Email\nJo Smith,28/02/1981,jo@example.org\n", held));
  CHECK(held.size() == 1);
  held.import(must_read("Name,DOB,Email,Notes\nJo Smith,28/02/1981,jo@example.org,new\n", held));
  CHECK(held.size() == 1);
}

TEST_CASE("a good row is not held up by a bad one that looks like it", "[intake]") {
  const auto intake = must_read(
      "Name,DOB,Email\nJo Smith,31/02/1981,jo@example.org\nJo Smith,28/02/1981,jo@example.org\n");
  CHECK(intake.rows.at(0).verdict == Verdict::mend);
  CHECK(intake.rows.at(1).verdict == Verdict::make);
}

TEST_CASE("the file to mend holds every column of the file and what to do", "[report]") {
  const auto intake =
      must_read("Name,Shoe size,Mobile\nJo Smith,6,+44\n\nAl Brown,7,07700 900123\n");
  CHECK(mend_csv(intake) ==
        "\xEF\xBB\xBF\"Name\",\"Shoe size\",\"Mobile\",\"What to mend\"\r\n"
        "\"Jo Smith\",\"6\",\"'+44\",\"Mobile: \"\"+44\"\" has too few or too many digits for a "
        "telephone number\"\r\n");
}

TEST_CASE("nothing to mend makes no file", "[report]") {
  CHECK(mend_csv(must_read("Name\nJo Smith\n")).empty());
}

TEST_CASE("a row with more cells than headings is still to mend in the file of those to mend",
          "[intake]") {
  const auto first = must_read("First name,Last name,Email\nAnn,Jones,ann@example.org, Dr\n");
  CHECK(first.count(Verdict::mend) == 1);
  const auto once = mend_csv(first);
  CHECK(once.find("Beyond the headings") != std::string::npos);
  const auto again = must_read(once);
  CHECK(again.count(Verdict::mend) == 1);
  CHECK(mend_csv(again) == once);
  const auto mended = must_read(
      "First name,Last name,Email,Beyond the headings,What to mend\n"
      "Ann,\"Jones, Dr\",ann@example.org,,\n");
  CHECK(mended.count(Verdict::make) == 1);
}

TEST_CASE("what to mend is written anew, not beside the old", "[report]") {
  const auto once = mend_csv(must_read("Name,Mobile\nJo Smith,12\n"));
  CHECK(mend_csv(must_read(once)) == once);
}

TEST_CASE("ten thousand rows are read, all of them sharing one mailbox", "[intake]") {
  std::string file = "Forename,Surname,DOB,Email\n";
  for (int row = 0; row < 10'000; ++row) {
    std::string name;
    for (int rest = row + 1; rest > 0; rest /= 26) name += static_cast<char>('a' + rest % 26);
    file.append("Jo").append(name).append(",Smith").append(name).append(",0");
    file.append(std::to_string(1 + row % 9)).append("/04/").append(std::to_string(1950 + row % 50));
    file.append(",office@example.org\n");
  }
  const auto intake = must_read(file);
  CHECK(intake.rows.size() == 10'000);
  CHECK(intake.count(Verdict::mend) == 0);
}
