#include "node/free_text.h"

#include <catch_amalgamated.hpp>
#include <fstream>
#include <sstream>

#include "tests/node/web/pages/page_world.h"

namespace throughgate::node::testing {
namespace {

const CodeLists& codes() {
  static const CodeLists lists = must(CodeLists::load(CODES_FOLDER));
  return lists;
}

std::vector<std::string> found_in(std::string_view text, const std::set<std::string>& own = {}) {
  std::vector<std::string> out;
  for (const auto& doubt :
       FreeText::shipped().doubts_in("Notes", text, own, codes().list("alerts"))) {
    out.push_back(doubt.part + " = " + doubt.looks_like);
  }
  return out;
}

}  // namespace

TEST_CASE("the list in config is the one in the program, and each kind says where it comes from",
          "[free-text]") {
  std::ifstream file(FREE_TEXT_FILE);
  std::stringstream text;
  text << file.rdbuf();
  const auto read = must(FreeText::parse(text.str()));
  CHECK(read.looked_for() == FreeText::shipped().looked_for());
  CHECK(read.looked_for().size() == 9);
  CHECK_FALSE(FreeText::parse("[[kind]]\nname = \"x\"\nwords = [\"y\"]\n"));
  CHECK_FALSE(FreeText::parse("[[kind]]\nname = \"x\"\nsource = \"z\"\n"));
  CHECK_FALSE(FreeText::parse("[[kind]]\nname = \"x\"\nsource = \"z\"\nnumbers = \"y\"\n"));
  CHECK_FALSE(FreeText::parse("[[kind]\n"));
}

TEST_CASE(
    "free text that looks as if it should not be shared is found, whatever its case and blanks",
    "[free-text]") {
  const std::vector<std::pair<std::string, std::string>> texts{
      {"friend of A9876XY", "A9876XY = a prison number of somebody else"},
      {"see a9876xy.", "a9876xy = a prison number of somebody else"},
      {"NI QQ 12 34 56 C", "QQ 12 34 56 C = a National Insurance number"},
      {"qq123456c", "qq123456c = a National Insurance number"},
      {"NHS 943 476 5919", "943 476 5919 = an NHS number"},
      {"marked XCI last year", "XCI = an alert that never leaves the prison"},
      {"is a Person of Interest", "Person of Interest = an alert that never leaves the prison"},
      {"Murdered his wife", "Murdered = an offence or a conviction"},
      {"a Sex  Offender", "Sex  Offender = an offence or a conviction"},
      {"is HIV positive", "HIV = a diagnosis or a treatment"},
      {"an intelligence report says", "intelligence report = security intelligence"},
      {"the victim's name is", "victim's name = a victim or whoever protects one"},
      {"MAPPA 2", "MAPPA = a level that only the practitioner shares"}};
  for (const auto& [text, found] : texts) {
    INFO(text);
    CHECK(found_in(text) == std::vector<std::string>{found});
  }
}

TEST_CASE("what is said at a gate every day is not asked about", "[free-text]") {
  for (const char* text :
       {"Ring 07700 900123 first, then 01632 960123",
        "Do not meet alone; no contact with the victim",
        "Meets him at Leeds on 4 December 2026 at 08:30",
        "Needs a wheelchair and somewhere to live", "Mrs Rapeley and Mr Hivert drive",
        "LS1 4AP, 12 34 56", "Owes 943 476 5918 nothing", "AB 12 34 56 E", "xci is no word",
        "an intelligent man", "", "\xC3\xA9\xC3\xA9"}) {
    INFO(text);
    CHECK(found_in(text).empty());
  }
  CHECK(found_in("A1234BC asked for it", {"A1234BC"}).empty());  // their own
}

TEST_CASE("one thing is told once in each text, however often it stands there", "[free-text]") {
  std::string long_text;
  for (int i = 0; i < 400; ++i) long_text += "murder XCI ";
  CHECK(found_in(long_text).size() == 2);
}

}  // namespace throughgate::node::testing
