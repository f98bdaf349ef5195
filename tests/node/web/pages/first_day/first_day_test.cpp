// The whole way of a set-up by pages, and what comes of it.
#include <catch_amalgamated.hpp>

#include "crypto/recovery_key.h"
#include "node/recovery_sheet.h"
#include "node/staff/staff.h"
#include "tests/node/web/pages/first_day/new_computer.h"
#include "tests/node/web/pages/page_world.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
using sync::OrganisationKind;

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

}  // namespace

TEST_CASE("an organisation's first computer is set up by its pages, whatever kind it is",
          "[first-day]") {
  const auto [word, kind] =
      GENERATE(table<std::string, OrganisationKind>({{"prison", OrganisationKind::prison},
                                                     {"partner", OrganisationKind::partner},
                                                     {"central", OrganisationKind::central}}));
  INFO(word);
  NewComputer at;
  at.be_first(word);
  const auto words = joined(at.words_on_sheet());
  const auto number = at.number_on_sheet();
  at.keep_sheet();
  CHECK(at.went_on == 0);
  const auto done = at.choose_password();
  CHECK(done.status == 303);
  CHECK(done.location == "/sign-in");
  CHECK(at.went_on == 1);

  const auto node = at.open();
  const auto facts = must(facts_of(*node));
  CHECK(facts.kind == kind);
  CHECK(facts.site.name == "Made-Up Place");
  CHECK(facts.site.establishment == (word == "prison" ? "LEI" : ""));
  const auto staff = must(Staff(*node).list());
  REQUIRE(staff.size() == 1);
  CHECK(staff.front().name == "Mary Made-Up");
  CHECK(staff.front().roles == usual_first_roles());
  CHECK(must(Staff(*node).actor_for("mary")).name == "Mary Made-Up");

  // The sheet that was shown is this store's.
  const auto on_paper = must(recovery_key_from_typed(words));
  CHECK(node->identity().recovery_key == on_paper.public_key());
  CHECK(at.accounts.open_with_recovery(on_paper));
  CHECK(must(organisation_on_sheet(on_paper, number)) == node->identity().organisation);
}

TEST_CASE("another computer of an organisation is set up with its recovery sheet", "[first-day]") {
  NewComputer at;
  World elsewhere;
  TestSite first(elsewhere, "HMP Example", OrganisationKind::prison, "LEI");
  const auto& organisation = first.node->identity().organisation;
  const std::string words(crypto::recovery_words(*first.sheet).view());

  at.type_code();
  CHECK(at.answer("/set-up/which-computer", {{"which-computer", "another"}}) ==
        "/set-up/organisations-sheet");
  CHECK(at.answer("/set-up/organisations-sheet",
                  {{"number", sheet_number(*first.sheet, organisation)}, {"sheet-words", words}}) ==
        "/set-up/kind");
  at.answer("/set-up/kind", {{"kind", "prison"}});
  at.answer("/set-up/prison", {{"prison", "LEI"}});
  at.answer("/set-up/name", {{"name", "HMP Example"}});
  at.answer("/set-up/person", {{"person", "Mary Made-Up"}, {"sign-in", "mary"}});
  CHECK(says(at.get("/set-up/check").body, sheet_number(*first.sheet, organisation)));
  CHECK(at.answer("/set-up/check", {}) == "/set-up/password");
  CHECK(at.get("/set-up/recovery-sheet").status == 303);
  const auto number = sheet_number(*first.sheet, organisation);
  CHECK(at.answer("/set-up/organisations-sheet", {{"number", number}, {"sheet-words", words}}) ==
        "/set-up/check");  // as something may be another now
  at.answer("/set-up/check", {});
  CHECK(at.choose_password().status == 303);

  const auto node = at.open();
  CHECK(node->identity().organisation == organisation);
  CHECK(node->identity().recovery_key == first.sheet->public_key());
  CHECK(at.accounts.open_with_recovery(*first.sheet));
  CHECK_FALSE(must(Staff(*node).site()));  // that comes with the first exchange
}

TEST_CASE("who was ticked for other work gets it, and always looks after the computer",
          "[first-day]") {
  NewComputer at;
  at.type_code();
  at.answer("/set-up/which-computer", {{"which-computer", "first"}});
  at.answer("/set-up/kind", {{"kind", "partner"}});
  at.answer("/set-up/name", {{"name", "Made-Up Place"}});
  const auto token = at.token();
  const auto sent = at.post("/set-up/person", {{"csrf", token},
                                               {"person", "Mary Made-Up"},
                                               {"sign-in", "mary"},
                                               {"roles", "gate_meeter"},
                                               {"roles", "no-such-role"}});
  REQUIRE(sent.status == 303);
  const auto page = at.get("/set-up/check");
  CHECK(says(page, "Meets people at the gate Looks after this computer"));
  CHECK_FALSE(says(page, "Volunteer coordinator"));
  at.answer("/set-up/check", {});
  at.keep_sheet();
  at.choose_password();
  CHECK(must(Staff(*at.open()).list()).front().roles ==
        std::vector<std::string>{"gate_meeter", "administrator"});
}

TEST_CASE(
    "nothing but an empty folder is there before the last page, and what was broken off is "
    "begun again",
    "[first-day]") {
  NewComputer at;
  at.be_first();
  const auto words = at.words_on_sheet();
  at.keep_sheet();
  CHECK(std::filesystem::is_empty(at.folder.path()));
  const auto before = at.cookie;

  at.start();
  CHECK(at.told.size() == 2);
  CHECK(at.told.front() != at.told.back());
  at.cookie = before;
  CHECK(at.get("/set-up/password").location == "/set-up");
  at.be_first("partner");
  CHECK(at.words_on_sheet() != words);
  at.keep_sheet();
  CHECK(at.choose_password().status == 303);
  at.open();
}

TEST_CASE("an answer that is changed is checked again, and the sheet shown again with its words",
          "[first-day]") {
  NewComputer at;
  at.be_first();
  const auto words = at.words_on_sheet();
  at.keep_sheet();
  CHECK(at.answer("/set-up/name", {{"name", "Another Place"}}) == "/set-up/check");
  CHECK(at.get("/set-up/password").location == "/set-up/check");
  CHECK(at.answer("/set-up/check", {}) == "/set-up/recovery-sheet");
  CHECK(says(at.get("/set-up/recovery-sheet"), "Another Place"));
  CHECK(at.words_on_sheet() == words);
  at.keep_sheet();
  CHECK(at.choose_password().status == 303);
  CHECK(must(facts_of(*at.open())).site.name == "Another Place");
}

TEST_CASE("a computer that changes from a prison to a partner has no prison's code",
          "[first-day]") {
  NewComputer at;
  at.be_first("prison");
  CHECK(at.answer("/set-up/kind", {{"kind", "partner"}}) == "/set-up/check");
  at.answer("/set-up/check", {});
  at.keep_sheet();
  CHECK(at.choose_password().status == 303);
  CHECK(must(facts_of(*at.open())).site.establishment.empty());
}

TEST_CASE("a question is not asked before those that it depends on", "[first-day]") {
  NewComputer at;
  at.type_code();
  for (const char* page : {"kind", "prison", "name", "person", "check", "recovery-sheet", "words",
                           "password", "organisations-sheet"}) {
    INFO(page);
    CHECK(at.get("/set-up/" + std::string(page)).location == "/set-up/which-computer");
  }
}

TEST_CASE("once it is set up every page leads to signing in", "[first-day]") {
  NewComputer at;
  at.be_first();
  at.keep_sheet();
  const auto token = at.token();
  at.choose_password();
  CHECK(at.get("/set-up/password").location == "/sign-in");
  CHECK(at.get("/set-up").location == "/sign-in");
  const auto again = at.post("/set-up/password", {{"csrf", token},
                                                  {"new-password", "another long password"},
                                                  {"again-password", "another long password"}});
  CHECK(again.location == "/sign-in");
  CHECK(at.went_on == 1);
  at.open();
}

TEST_CASE("where signing in cannot begin at once, the page says what to do", "[first-day]") {
  NewComputer at;
  at.be_first();
  at.keep_sheet();
  at.can_go_on = false;
  CHECK(at.choose_password().status == 303);
  const auto page = at.get("/set-up");
  CHECK(page.status == 503);
  CHECK(says(page, "This computer is set up"));
  CHECK(says(page, "start it once more"));
  at.open();
}
