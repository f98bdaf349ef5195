// "Changed in two places": what each side reads, who may decide, and that nobody loses anything.
#include <catch_amalgamated.hpp>

#include "node/conflicts.h"
#include "node/web/pages/addresses.h"
#include "node/web/pages/pages.h"
#include "records/handover.pb.h"
#include "tests/node/web/pages/page_world.h"

namespace throughgate::node::testing {
namespace {

using namespace web;
using Catch::Matchers::ContainsSubstring;

constexpr char list_address[] = "/changed-in-two-places";
constexpr std::uint32_t release_date = schema::Handover::kReleaseDateFieldNumber;
constexpr std::uint32_t risk = schema::Handover::kRiskToStaffFieldNumber;

// The prison and the partner have changed one date without having seen each other's change.
struct Differing : PageWorld {
  sync::DossierId id = shared_handover();
  sync::store::RecordName record{id, {}, record_type(*schema::Handover::descriptor())->number};
  std::string address = conflict_address(record, release_date);
  Visitor at_prison{prison, codes, {add_conflict_pages}};
  Visitor at_partner{partner, codes, {add_conflict_pages}};
  Visitor at_desk{desk, codes, {add_conflict_pages}};

  Differing() {
    set(prison, id, "release-date", "2026-12-01", "brought forward");
    set(partner, id, "release-date", "2026-12-15", "heard by telephone");
    sync_all();
  }

  std::vector<Conflict> open(TestSite& site) const {
    auto here = records(site);
    return must(Conflicts(here).list()).conflicts;
  }
  std::string date(TestSite& site) const {
    return must(read_case(records(site), id)).text(static_cast<int>(release_date));
  }
  // What a form of `page` sends for the change with this value.
  static std::string choice(const Response& page, const std::string& value) {
    const auto at = page.body.find("compare__value\">" + value + "<");
    REQUIRE(at != std::string::npos);
    const std::string tag =
        page.body.substr(page.body.rfind("<input", at), at - page.body.rfind("<input", at));
    const auto start = tag.find("value=\"") + 7;
    return tag.substr(start, tag.find('"', start) - start);
  }
  std::size_t writes() { return must(records(prison).reader().history(record, {})).size(); }
};

}  // namespace

TEST_CASE("with nothing changed in two places the list says so", "[pages][conflict]") {
  PageWorld world;
  const Visitor visitor(world.prison, world.codes, {add_conflict_pages});
  const auto page = visitor.get(list_address);
  CHECK(page.status == 200);
  CHECK_THAT(text_of_page(page), ContainsSubstring("nothing was changed in two places"));
}

TEST_CASE("each side finds what differs in its list, with both values and places",
          "[pages][conflict]") {
  Differing world;
  for (const Visitor* visitor : {&world.at_prison, &world.at_partner, &world.at_desk}) {
    const auto page = visitor->get(list_address);
    CHECK_THAT(page.body, ContainsSubstring("href=\"" + world.address + "\""));
    CHECK_THAT(text_of_page(page),
               ContainsSubstring("Handover of Alex Example 1 December 2026 HMP Example "
                                 "15 December 2026 Bridge Trust"));
  }
  CHECK_THAT(text_of_page(world.at_prison.get(list_address)), ContainsSubstring("You decide"));
  CHECK_THAT(text_of_page(world.at_desk.get(list_address)),
             ContainsSubstring("HMP Example, or you if asked"));
}

TEST_CASE("every change is shown with who, where, when, when it reached us and why",
          "[pages][conflict]") {
  Differing world;
  const auto text = text_of_page(world.at_prison.get(world.address));
  CHECK_THAT(text, ContainsSubstring("1 December 2026 Shown until decided HMP Example, Jo Made-Up "
                                     "Entered on 15 January 2027 at 8am Sent on 15 January 2027 "
                                     "at 8am Reason: brought forward"));
  CHECK_THAT(text, ContainsSubstring("15 December 2026 Bridge Trust, Jo Made-Up Entered on 15 "
                                     "January 2027 at 8am Reached us on 15 January 2027 at 8am "
                                     "Reason: heard by telephone"));
  CHECK_THAT(text, ContainsSubstring("everybody is shown \"1 December 2026\", because it comes "
                                     "from HMP Example, which keeps this record."));
  CHECK_THAT(text, ContainsSubstring("HMP Example keeps this record, so you decide."));
}

TEST_CASE("nothing is chosen beforehand, and looking changes nothing", "[pages][conflict]") {
  Differing world;
  const auto before = world.writes();
  const auto page = world.at_prison.get(world.address);
  CHECK(page.body.find(" checked") == std::string::npos);
  world.at_prison.get(list_address);
  CHECK(world.writes() == before);
  CHECK(world.open(world.prison).size() == 1);
}

TEST_CASE("the keeper of a record decides with a reason, and the partner sees who decided",
          "[pages][conflict]") {
  Differing world;
  const auto page = world.at_prison.get(world.address);
  const auto saved =
      world.at_prison.send(page, world.address,
                           {{"value-kept", Differing::choice(page, "15 December 2026")},
                            {"reason", "confirmed by the gate"}});
  CHECK(saved.status == 303);
  CHECK(saved.location == world.address + "?done=decided");
  CHECK(world.open(world.prison).empty());
  const auto after = text_of_page(world.at_prison.get(saved.location));
  CHECK_THAT(after, ContainsSubstring("Decided."));
  CHECK_THAT(after, ContainsSubstring("Not sent yet"));

  world.sync_all();
  CHECK(world.date(world.partner) == "2026-12-15");
  CHECK_THAT(text_of_page(world.at_partner.get(world.address)),
             ContainsSubstring("What holds 15 December 2026 Who, when and why HMP Example, Jo "
                               "Made-Up Entered on 15 January 2027 at 8am Reached us on 15 January "
                               "2027 at 8am Reason: confirmed by the gate"));
}

TEST_CASE("another value than those that stand can be typed", "[pages][conflict]") {
  Differing world;
  const auto page = world.at_prison.get(world.address);
  const auto saved = world.at_prison.send(page, world.address,
                                          {{"value-kept", "other"},
                                           {"release-date-day", "2"},
                                           {"release-date-month", "12"},
                                           {"release-date-year", "2026"},
                                           {"reason", "neither was right"}});
  CHECK(saved.status == 303);
  CHECK(world.date(world.prison) == "2026-12-02");
}

TEST_CASE("a form that lacks something is shown again with all that was typed",
          "[pages][conflict]") {
  Differing world;
  const auto page = world.at_prison.get(world.address);
  const auto empty = world.at_prison.send(page, world.address, {{"reason", " "}});
  CHECK(empty.status == 422);
  CHECK_THAT(empty.body, ContainsSubstring("<title>Error: "));
  CHECK_THAT(empty.body, ContainsSubstring("href=\"#value-kept\""));
  CHECK_THAT(empty.body, ContainsSubstring("href=\"#reason\""));

  const auto wrong = world.at_prison.send(page, world.address,
                                          {{"value-kept", "other"},
                                           {"release-date-day", "31"},
                                           {"release-date-month", "2"},
                                           {"release-date-year", "2026"},
                                           {"reason", "as <told>"}});
  CHECK(wrong.status == 422);
  CHECK_THAT(wrong.body, ContainsSubstring("href=\"#release-date-day\""));
  CHECK_THAT(wrong.body, ContainsSubstring("value=\"31\""));
  CHECK_THAT(wrong.body, ContainsSubstring("as &lt;told&gt;"));
  CHECK_THAT(tag_with(wrong, "value=\"other\""), ContainsSubstring(" checked"));
  CHECK(world.open(world.prison).size() == 1);
}

TEST_CASE("what came in while somebody was deciding is shown, and what they typed is kept",
          "[pages][conflict]") {
  Differing world;
  const auto page = world.at_prison.get(world.address);
  const auto kept = Differing::choice(page, "1 December 2026");
  world.set(world.partner, world.id, "release-date", "2026-12-20", "rang again");
  world.sync_all();

  const auto again =
      world.at_prison.send(page, world.address, {{"value-kept", kept}, {"reason", "as planned"}});
  CHECK(again.status == 422);
  const auto text = text_of_page(again);
  CHECK_THAT(text, ContainsSubstring("Came in: \"20 December 2026\" from Bridge Trust."));
  CHECK_THAT(text, ContainsSubstring("20 December 2026 Came in just now"));
  CHECK_THAT(again.body, ContainsSubstring("\nas planned</textarea>"));
  CHECK(world.open(world.prison).size() == 1);
}

TEST_CASE("who decides second is told that it was decided, and keeps what they typed",
          "[pages][conflict]") {
  Differing world;
  const auto page = world.at_prison.get(world.address);
  const Typed typed = {{"value-kept", Differing::choice(page, "1 December 2026")},
                       {"reason", "as planned"}};
  CHECK(world.at_prison.send(page, world.address, typed).status == 303);
  const auto second = world.at_prison.send(page, world.address, typed);
  CHECK(second.status == 422);
  const auto text = text_of_page(second);
  CHECK_THAT(text, ContainsSubstring("Somebody decided this while you were deciding"));
  CHECK_THAT(text, ContainsSubstring("You had typed: \"as planned\""));
}

TEST_CASE("the partner reads who decides and is refused when it tries", "[pages][conflict]") {
  Differing world;
  const auto page = world.at_partner.get(world.address);
  CHECK(page.status == 200);
  CHECK(page.body.find("<form method=\"post\" action=\"/changed") == std::string::npos);
  CHECK_THAT(text_of_page(page), ContainsSubstring("HMP Example keeps this record and decides. "
                                                   "If it cannot wait, ring HMP Example."));
  const auto forced = world.at_partner.post(
      world.address, {{"value-kept", "other"}, {"release-date-day", "15"}, {"reason", "ours"}});
  CHECK(forced.status == 403);
  CHECK(world.open(world.partner).size() == 1);
}

TEST_CASE("the desk decides when it was asked, or after 24 hours", "[pages][conflict]") {
  Differing world;
  const auto page = world.at_desk.get(world.address);
  const Typed typed = {{"value-kept", Differing::choice(page, "15 December 2026")},
                       {"reason", "agreed with both"}};
  const auto unasked = world.at_desk.send(page, world.address, typed);
  CHECK(unasked.status == 422);
  CHECK_THAT(unasked.body, ContainsSubstring("href=\"#asked\""));
  CHECK(world.open(world.desk).size() == 1);

  SECTION("asked") {
    auto asked = typed;
    asked.emplace_back("asked", "yes");
    CHECK(world.at_desk.send(page, world.address, asked).status == 303);
  }
  SECTION("a day later") {
    world.world.now_ms += day_ms;
    const auto later = world.at_desk.get(world.address);
    CHECK_THAT(text_of_page(later), ContainsSubstring("The central team may decide now."));
    CHECK(later.body.find("name=\"asked\"") == std::string::npos);
    CHECK(world.at_desk.send(later, world.address, typed).status == 303);
  }
  world.sync_all();
  CHECK_THAT(text_of_page(world.at_prison.get(world.address)),
             ContainsSubstring("Who, when and why The central team, Jo Made-Up"));
}

TEST_CASE("a lower risk than the strictest is the keeper's to choose", "[pages][conflict]") {
  Differing world;
  world.set(world.prison, world.id, "risk-to-staff", "High", "new information");
  world.set(world.partner, world.id, "risk-to-staff", "Low", "seems calm");
  world.sync_all();
  const auto address = conflict_address(world.record, risk);
  const auto page = world.at_desk.get(address);
  CHECK_THAT(text_of_page(page), ContainsSubstring("everybody is shown \"High\", because it is "
                                                   "the most careful of these values."));
  const auto lower = world.at_desk.send(
      page, address,
      {{"value-kept", Differing::choice(page, "Low")}, {"reason", "calm"}, {"asked", "yes"}});
  CHECK(lower.status == 422);
  CHECK_THAT(text_of_page(lower), ContainsSubstring("less strict value"));
  CHECK_THAT(lower.body, ContainsSubstring("\ncalm</textarea>"));
}

TEST_CASE("deciding later decides nothing", "[pages][conflict]") {
  Differing world;
  const auto page = world.at_prison.get(world.address);
  const auto left = world.at_prison.send(page, world.address, {{"later", "1"}, {"reason", "hm"}});
  CHECK(left.status == 303);
  CHECK(left.location == std::string(list_address) + "?done=later");
  CHECK(world.open(world.prison).size() == 1);
}

TEST_CASE("a long list of what differs comes a page at a time, each once", "[pages][conflict]") {
  PageWorld world;
  std::vector<std::string> addresses;
  for (int i = 0; i < 30; ++i) {
    const auto id = world.shared_handover();
    world.set(world.prison, id, "release-date", "2026-12-01");
    world.set(world.partner, id, "release-date", "2026-12-15");
    const auto type = record_type(*schema::Handover::descriptor())->number;
    addresses.push_back(conflict_address({id, {}, type}, release_date));
  }
  world.sync_all();
  const Visitor visitor(world.prison, world.codes, {add_conflict_pages});
  const auto first = visitor.get(list_address);
  const auto next = first.body.find("?after=");
  REQUIRE(next != std::string::npos);
  const std::string query = first.body.substr(next, first.body.find('"', next) - next);
  const auto second = visitor.get(list_address + query);
  CHECK(second.body.find("?after=") == std::string::npos);
  for (const auto& address : addresses) {
    const auto holds = [&](const Response& page) {
      return page.body.find("href=\"" + address + "\"") != std::string::npos;
    };
    CHECK(holds(first) != holds(second));
  }
}

TEST_CASE("an address of a field that cannot differ is no page", "[pages][conflict]") {
  Differing world;
  CHECK(world.at_prison.get(conflict_address(world.record, 26)).status == 404);
  CHECK(world.at_prison.get(conflict_address(world.record, 9999)).status == 404);
  auto elsewhere = world.record;
  elsewhere.dossier.bytes.fill(9);
  CHECK(world.at_prison.get(conflict_address(elsewhere, release_date)).status == 404);
  CHECK(world.at_prison.get(std::string(list_address) + "/1/2/3/4").status == 404);
  CHECK(world.at_prison.fault.empty());
}

}  // namespace throughgate::node::testing
