// What the page of a handover tells of its changes: why, by whom, and how far each has come.
#include <catch_amalgamated.hpp>

#include "sync/store/admission.h"
#include "tests/node/web/pages/handovers/handover_world.h"

namespace throughgate::node::testing {
namespace {

// The items of the timeline with these words in them, as a person reads them, newest first.
std::vector<std::string> told(const std::string& page, const std::string& words) {
  static const std::string begin = "<div class=\"moj-timeline__item\">";
  std::vector<std::string> out;
  for (auto at = page.find(begin); at != std::string::npos;) {
    const auto next = page.find(begin, at + 1);
    const auto text = text_of_page(page.substr(at, std::min(next, page.size()) - at));
    if (text.find(words) != std::string::npos) out.push_back(text);
    at = next;
  }
  return out;
}

std::string only(const std::vector<std::string>& items) {
  REQUIRE(items.size() == 1);
  return items.front();
}

bool holds(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

// The page on which the need of the handover is changed.
std::string need_page(const std::string& page, const std::string& address) {
  const auto at = page.find("href=\"" + address + "/needs/") + 6;
  return page.substr(at, page.find('"', at) - at);
}

// The prison takes this site out of a handover.
void take_out(PageWorld& world, const sync::DossierId& id, TestSite& site) {
  const sync::store::MemberChange out{sync::store::MemberChange::Kind::remove,
                                      site.node->identity().organisation, sync::Role::reader};
  must(world.prison.node->admission().change_members(
      id, out, world.records(world.prison).authorship(world.by(world.prison, "ended"))));
  must(world.prison.sync(world.hub));
}

}  // namespace

TEST_CASE("why a record was changed is asked, and read by everybody who shares the handover",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.accepted();
  const Typed dates = {{"release-date-day", "10"},
                       {"release-date-month", "12"},
                       {"release-date-year", "2026"},
                       {"change_reason", "Sentence recalculated <twice>"}};
  CHECK(
      says(world.at_prison.page(address + "/change/release"),
           "Why you are changing this (optional) Everybody who shares this handover can read it"));
  world.at_prison.done(address + "/change/release", dates);
  world.at_partner.done(address + "/plan", {{"meeting-place", "Main gate"},
                                            {"meeting-time", "8:30"},
                                            {"change_reason", "Agreed by telephone"}});
  world.sync_all();
  for (const Visitor* site : {&world.at_prison, &world.at_partner}) {
    const auto page = site->page(address);
    CHECK(holds(only(told(page, "Expected release date changed")),
                "Why: Sentence recalculated <twice>"));
    CHECK(holds(only(told(page, "Planned")), "Why: Agreed by telephone"));
  }
}

TEST_CASE("a change that nobody has to read is told too where somebody said why",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.accepted();
  world.at_prison.done(address + "/change/person", {{"contact-route", "through the chaplain"}});
  CHECK(told(world.at_prison.page(address), "chaplain").empty());
  world.at_prison.done(address + "/change/person", {{"contact-route", "through the library"},
                                                    {"change_reason", "The chaplain is away"}});
  const auto need = need_page(world.at_prison.page(address), address);
  world.at_prison.done(need, {{"need", "a room"}, {"change_reason", "The flat was let"}});
  world.sync_all();
  const auto page = world.at_partner.page(address);
  const auto route = only(told(page, "through the library"));
  CHECK(holds(route, "How to reach the person changed by Jo Made-Up, HMP Example"));
  CHECK(holds(route, "Why: The chaplain is away"));
  CHECK(holds(only(told(page, "a room")), "Why: The flat was let"));
}

TEST_CASE("a reason is never lost with a form that comes back, and does not change anything alone",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.accepted();
  const Typed wrong = {{"release-date-day", "31"},
                       {"release-date-month", "2"},
                       {"release-date-year", "2027"},
                       {"change_reason", "The court rang"}};
  const auto again = world.at_prison.fill_in(address + "/change/release", wrong);
  CHECK(again.status == 422);
  CHECK(again.body.find("value=\"The court rang\"") != std::string::npos);

  const auto opened = world.at_prison.get(address + "/change/release");
  world.at_partner.done(address + "/change/release", {{"release-area", "Bradford"}});
  world.sync_all();
  const auto meanwhile =
      world.at_prison.send(opened, address + "/change/release",
                           {{"release-area", "Wakefield"}, {"change_reason", "The court rang"}});
  CHECK(meanwhile.status == 422);
  CHECK(meanwhile.body.find("value=\"The court rang\"") != std::string::npos);

  const auto alone =
      world.at_prison.done(address + "/change/release", {{"change_reason", "No change"}});
  CHECK(says(alone, "Nothing was changed."));
  CHECK(told(alone, "No change").empty());
}

TEST_CASE("the history says when a step or a change was sent, reached us, arrived and was read",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.shared();
  world.at_partner.done(address + "/accept", {{"contact", "Kim, 07700 900111"}});
  CHECK(holds(only(told(world.at_partner.page(address), "Accepted")), "Not sent yet"));
  must(world.partner.sync(world.hub));
  world.world.now_ms += day_ms + 90ull * 60 * 1000;
  must(world.prison.sync(world.hub));
  const auto at_prison = only(told(world.at_prison.page(address), "Accepted"));
  CHECK(holds(at_prison, "Sent on 15 January 2027 Reached us on 16 January 2027 at 9:30am"));
  world.sync_all();
  const auto at_partner = only(told(world.at_partner.page(address), "Accepted"));
  CHECK(holds(at_partner, "Sent on 15 January 2027 Arrived at"));
  CHECK(holds(at_partner, "Arrived at HMP Example (A PC)"));
  CHECK_FALSE(holds(at_partner, "Reached us"));

  world.at_partner.done(address + "/read", {{"all", "1"}});
  world.sync_all();
  const auto begun = only(told(world.at_prison.page(address), "Draft begun"));
  CHECK(holds(begun, "Read by Jo Made-Up, Bridge Trust, on 16 January 2027"));
  CHECK(holds(begun, "Arrived at Bridge Trust (A PC)"));
}

TEST_CASE("what could not be added says why, and what it was", "[pages][handover]") {
  PageWorld world;
  const auto id = world.shared_handover();
  world.set(world.partner, id, "release-date", "2026-12-15", "heard by telephone");
  world.set(world.partner, id, "release-area", "York");
  take_out(world, id, world.partner);
  must(world.partner.sync(world.hub));

  const Visitor at_partner(world.partner, world.codes, {web::add_handover_pages});
  const auto page = at_partner.page("/handovers/" + id.hex());
  const auto date = only(told(page, "Expected release date changed: could not be added"));
  CHECK(holds(date, "It could not be added, because Bridge Trust was no longer part of this"));
  CHECK(holds(date, "Did not apply"));
  const auto area = only(told(page, "Area of release changed: could not be added"));
  CHECK(holds(area, "Area of release: York"));
  CHECK(holds(area, "because an earlier change of this computer could not be added either"));
}

TEST_CASE("what this computer wrote again says when, and not that it did not apply",
          "[pages][handover]") {
  PageWorld world;
  const auto id = world.shared_handover();
  world.set(world.partner, id, "release-date", "2026-12-15", "heard by telephone");
  world.set(world.partner, id, "release-area", "York");
  take_out(world, id, world.partner);
  must(world.partner.sync(world.hub));
  const auto type = record_type(*schema::Handover::descriptor())->number;
  const auto ops = must(world.records(world.partner).reader().ops({id, {}, type}));
  sync::store::UnitOfWork work(world.partner.node->database());
  for (const auto& op : ops) {
    if (op.standing != sync::store::OpStanding::refused) continue;
    add_notice(work, sync::store::NoticeKind::written_again, id, op.id.entry, 0,
               world.world.now_ms);
  }
  must(work.commit());

  const Visitor at_partner(world.partner, world.codes, {web::add_handover_pages});
  const auto page = at_partner.page("/handovers/" + id.hex());
  const auto again = only(told(page, "Expected release date changed: written again on"));
  CHECK(holds(again, "written again on 15 January 2027"));
  CHECK_FALSE(holds(again, "Did not apply"));
  CHECK_FALSE(holds(again, "Replaced since"));
  CHECK(told(page, "could not be added").empty());
  CHECK(told(page, "Area of release").empty());  // nobody gave a reason, nor does its copy tell
}

}  // namespace throughgate::node::testing
