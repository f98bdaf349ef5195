#include "node/records/codes.h"

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <set>

#include "node/records/catalogue.h"
#include "silent.pb.h"
#include "tests/node/records/silence.h"

using namespace throughgate;
using namespace throughgate::node;

namespace {

CodeLists shipped() {
  auto lists = CodeLists::load(CODES_FOLDER);
  if (!lists) FAIL(lists.error().message);
  return *lists;
}

Messages records() {
  Messages messages;
  for (const RecordType& type : record_types()) messages.push_back(type.descriptor);
  return messages;
}

std::string refusal(std::string_view toml) {
  const auto list = parse_code_list("colours", toml);
  return list ? "taken" : list.error().message;
}

std::string table_refusal(std::string_view csv) {
  const auto list = parse_code_table("places", csv);
  return list ? "taken" : list.error().message;
}

}  // namespace

TEST_CASE("every code list that a field names is shipped, and every list shipped is named",
          "[codes]") {
  const CodeLists codes = shipped();
  CHECK(missing_lists(records(), codes).empty());
  CHECK(missing_lists({silent::UnknownList::descriptor()}, codes) ==
        std::vector<std::string>{"no-such-list"});

  std::set<std::string> named;
  for (const auto* field : fields_of(records())) named.insert(rule_of(*field).codes());
  for (const std::string& name : codes.names()) CHECK(named.contains(name));
}

TEST_CASE("prisons are offered by their names' order, not by that of their codes", "[codes]") {
  const CodeLists codes = shipped();
  const auto* prisons = codes.list("establishments");
  REQUIRE(prisons);
  CHECK(std::is_sorted(prisons->codes().begin(), prisons->codes().end(),
                       [](const Code& a, const Code& b) { return a.label < b.label; }));
}

TEST_CASE("a code fits in every field that keeps it", "[codes]") {
  const CodeLists codes = shipped();
  for (const auto* field : fields_of(records())) {
    const CodeList* list = codes.list(rule_of(*field).codes());
    if (list == nullptr) continue;
    for (const Code& code : list->codes()) {
      CAPTURE(field->full_name(), code.code);
      CHECK(code.code.size() <= rule_of(*field).bytes_max());
    }
  }
}

TEST_CASE("prisons stand under the names and codes of the register", "[codes]") {
  const CodeLists codes = shipped();
  const CodeList& prisons = *codes.list("establishments");
  CHECK(prisons.codes().size() == 126);
  REQUIRE(prisons.find("LEI") != nullptr);
  CHECK(prisons.find("LEI")->label == "Leeds (HMP)");
  CHECK(prisons.find("LEI")->fact("postcode") == "LS12 2TJ");
  CHECK(prisons.find("CFI")->fact("welsh_name") == "Carchar Caerdydd");
  CHECK(prisons.find("lei") == nullptr);
  CHECK(prisons.find_typed("lei") == prisons.find("LEI"));
  CHECK(prisons.find_typed("leeds (hmp)") == prisons.find("LEI"));
}

TEST_CASE("every alert says with whom it may be shared", "[codes]") {
  const CodeLists codes = shipped();
  for (const Code& code : codes.list("alerts")->codes()) {
    CAPTURE(code.code);
    const auto share = code.fact("share");
    CHECK((share == "S0" || share == "S1" || share == "S2" || share == "S3"));
  }
  for (const auto* secret : {"XCI", "XIS", "XPOI", "XEBM", "XN", "OVI", "RCON"}) {
    CHECK(codes.list("alerts")->find(secret)->fact("share") == "S0");
  }
}

TEST_CASE("a retired code keeps its words, and an offered one of the same words comes first",
          "[codes]") {
  const auto list = parse_code_list("colours", R"(title = "Colours"
code = [
  {code = "OLD", label = "Red", retired_on = 2026-12-04},
  {code = "NEW", label = "Red"},
])");
  REQUIRE(list.has_value());
  CHECK(list->find("OLD")->label == "Red");
  CHECK_FALSE(list->find("OLD")->offered());
  CHECK(list->find("OLD")->retired_on == "2026-12-04");
  CHECK(list->find_typed("red") == list->find("NEW"));
  CHECK(list->find_typed("old") == list->find("OLD"));
}

TEST_CASE("a faulty code list is refused, with the place and what is wrong", "[codes]") {
  const std::string head = "title = \"Colours\"\n";
  CHECK(refusal(head + R"(code = [{code = "A", label = "a"}])") == "taken");
  CHECK_THAT(refusal("title = "), Catch::Matchers::ContainsSubstring("\"colours\", line 1"));
  CHECK_THAT(refusal(head), Catch::Matchers::ContainsSubstring("needs a title and [[code]]"));
  CHECK_THAT(refusal(head + "code = []"), Catch::Matchers::ContainsSubstring("no codes"));
  CHECK_THAT(refusal(head + "code = [1]"),
             Catch::Matchers::ContainsSubstring("must be a [[code]]"));
  CHECK_THAT(refusal(head + R"(code = [{code = "A b", label = "a"}])"),
             Catch::Matchers::ContainsSubstring("code 1: a code has 1 to 32 letters"));
  CHECK_THAT(refusal(head + R"(code = [{label = "a"}])"),
             Catch::Matchers::ContainsSubstring("code 1: a code has 1 to 32 letters"));
  CHECK_THAT(refusal(head + R"(code = [{code = "A"}])"),
             Catch::Matchers::ContainsSubstring("the label is missing"));
  CHECK_THAT(refusal(head + R"(code = [{code = "A", label = "a"}, {code = "A", label = "b"}])"),
             Catch::Matchers::ContainsSubstring("code 2: the code stands here twice"));
  CHECK_THAT(refusal(head + R"(code = [{code = "A", label = "a", colour = "red"}])"),
             Catch::Matchers::ContainsSubstring("line 2: \"colour\" is not a key"));
  CHECK_THAT(refusal(head + R"(code = [{code = "A", label = "a", retired_on = "soon"}])"),
             Catch::Matchers::ContainsSubstring("retired_on must be a date"));
  CHECK_THAT(refusal(head + R"(code = [{code = "A", label = true}])"),
             Catch::Matchers::ContainsSubstring("\"label\" must be text"));
  CHECK_THAT(refusal(head + "code = [{code = \"A\", label = \"" + std::string(301, 'a') + "\"}]"),
             Catch::Matchers::ContainsSubstring("\"label\" is too long"));

  std::string many = head + "code = [";
  for (int i = 0; i < 1001; ++i) {
    many += "{code = \"C" + std::to_string(i) + "\", label = \"c\"},";
  }
  CHECK_THAT(refusal(many + "]"), Catch::Matchers::ContainsSubstring("more than 1,000 codes"));
}

TEST_CASE("a faulty code table is refused, with the row and what is wrong", "[codes]") {
  CHECK(table_refusal("code,name\nA,a\n") == "taken");
  CHECK(table_refusal("code,name\r\nA,a\r\n") == "taken");
  CHECK_THAT(table_refusal("code,name\nA\n"), Catch::Matchers::ContainsSubstring("row 2: it has"));
  CHECK_THAT(table_refusal("code,name\nA,\"a\"\n"), Catch::Matchers::ContainsSubstring("quotes"));
  CHECK_THAT(table_refusal("code,colour\nA,red\n"),
             Catch::Matchers::ContainsSubstring("\"colour\" is not a key"));
  CHECK_THAT(table_refusal("code,name\nA,\xFF\n"), Catch::Matchers::ContainsSubstring("not UTF-8"));
  CHECK_THAT(table_refusal(""), Catch::Matchers::ContainsSubstring("it is empty"));
}

TEST_CASE("a folder without code lists is an error that says what to set", "[codes]") {
  const auto empty = std::filesystem::temp_directory_path() / "throughgate-no-codes";
  std::filesystem::create_directories(empty);
  for (const auto& folder : {empty, empty / "missing"}) {
    const auto lists = CodeLists::load(folder);
    REQUIRE_FALSE(lists.has_value());
    CHECK(lists.error().kind == sync::ErrorKind::not_found);
  }
  std::filesystem::remove(empty);
}
