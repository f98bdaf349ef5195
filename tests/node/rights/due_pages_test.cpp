// Own copies, parts of records and the list of looks, let go by pages.
#include <catch_amalgamated.hpp>

#include "node/audit.h"
#include "node/days.h"
#include "node/erasure/listed.h"
#include "node/erasure/requests.h"
#include "node/hub_visit.h"
#include "node/web/pages/pages.h"
#include "node/web/pages/rights/rights_pages.h"
#include "tests/node/web/pages/page_world.h"

namespace throughgate::node::testing {
namespace {

constexpr const char* schedule = R"([[rule]]
name = "Sender's copy"
from = "gate-result"
days = 90
source = "made up"
[[rule]]
name = "Partner's copy"
from = "partner-copy"
months = 1
source = "made up"
[[rule]]
name = "Risk"
from = "risk-at-close"
months = 0
source = "made up"
[[rule]]
name = "Expenses"
from = "tax-year"
months = 72
source = "made up"
[[rule]]
name = "Looks"
from = "looked"
months = 1
source = "made up"
[goes-with]
clearance = "goes with the volunteer"
)";

Visitor visitor_of(TestSite& site, const CodeLists& codes) {
  return {site, codes, {[&site](web::SitePages& pages) {
            web::add_rights_pages(
                pages, {site.accounts, site.folder, [] { return parse_retention(schedule); }});
            web::add_notice_pages(pages);
            web::add_handover_pages(pages);
          }}};
}

// Another prison, to which a person may be moved, and everybody's visits to the exchange.
struct DueWorld : PageWorld {
  TestSite elsewhere{world, "HMP Elsewhere", sync::OrganisationKind::prison, "MDI"};
  Visitor at_prison = visitor_of(prison, codes);
  Visitor at_partner = visitor_of(partner, codes);
  Visitor at_elsewhere = visitor_of(elsewhere, codes);

  DueWorld() {
    desk.enrol(elsewhere, hub);
    sites.push_back(&elsewhere);
    sync_all(1);
    must(desk.desk().agree({prison.node->identity().organisation,
                            elsewhere.node->identity().organisation,
                            {static_cast<std::uint32_t>(schema::CASE)},
                            world.now_ms + 300 * day_ms,
                            {}}));
    sync_all(2);
  }
  void visit_all(int rounds = 3) {
    for (int i = 0; i < rounds; ++i) {
      for (TestSite* site : sites) {
        LinkMemory link;
        must(visit_hub(*site->node, hub, site->folder, link));
      }
    }
  }
  // Shared, and stopped by the prison.
  sync::DossierId over() {
    const auto id = shared_handover();
    auto here = records(prison);
    must(Handovers(here).stop(id, "Withdrawn", "made up", by(prison)));
    sync_all();
    return id;
  }
  bool is_here(TestSite& site, const sync::DossierId& id) {
    return static_cast<bool>(records(site).whole().dossier(id));
  }
  static std::string address(const sync::DossierId& id, const char* from) {
    return "/kept-long-enough/" + id.hex() + "/" + from;
  }
};

}  // namespace

TEST_CASE("a partner lets its own copy go by a page, and the prison reads that it has gone",
          "[pages][retention]") {
  DueWorld world;
  const auto id = world.over();
  CHECK(says(world.at_partner.page("/kept-long-enough"), "Nothing has been kept longer"));
  world.world.now_ms += 40 * day_ms;
  const auto list = world.at_partner.page("/kept-long-enough");
  CHECK(says(list, "This organisation's copy. The record stays with"));
  CHECK(says(list, "HMP Example"));
  const auto one = world.address(id, "partner-copy");
  CHECK(says(world.at_partner.page(one), "Let this organisation's copy go"));
  CHECK(world.at_partner.get(world.address(id, "handover-over")).status == 404);
  CHECK(says(world.at_partner.done(one, {{"decision", "erase"}, {"reason", "over"}}),
             "ends your organisation's part in it"));
  CHECK(says(world.at_partner.page("/asked-to-erase"), "which does it by itself"));
  world.visit_all();
  CHECK_FALSE(world.is_here(world.partner, id));
  CHECK(world.is_here(world.prison, id));
  CHECK(says(world.at_prison.page("/notices"), "An organisation takes no part in a"));
  CHECK(says(world.at_partner.page("/notices"), "Your organisation's part in a"));
  CHECK(says(world.at_prison.page("/handovers/" + id.hex()), "deleted its copy on"));
  CHECK(says(world.at_partner.page("/asked-to-erase"), "has ended your organisation's part in it"));
}

TEST_CASE("the prison that sent a handover lets its copy go 90 days after the gate result",
          "[pages][retention]") {
  DueWorld world;
  const auto id = world.shared_handover();
  auto here = world.records(world.prison);
  must(Handovers(here).move_to(id, world.elsewhere.node->identity().organisation,
                               world.by(world.prison, "moved on 3 December")));
  world.sync_all();
  auto at_partner = world.records(world.partner);
  Handovers handovers(at_partner);
  const auto someone = world.by(world.partner);
  must(handovers.accept(id, "Kim, 07700 900111", someone));
  must(handovers.plan(id, {{"meeting-place", "Main gate"}, {"meeting-time", "08:30"}}, someone));
  must(handovers.release(id, "2027-01-14", "", someone, true));
  GateReport report;
  report.on = "2027-01-14";
  must(handovers.gate(id, report, someone));
  world.sync_all();
  world.world.now_ms += 89 * day_ms;
  CHECK(says(world.at_prison.page("/kept-long-enough"), "Nothing has been kept longer"));
  world.world.now_ms += 2 * day_ms;
  CHECK(says(world.at_prison.page("/kept-long-enough"), "14 January 2027"));
  // Where it is the record, the page says so, and offers nothing.
  const auto owner = world.at_elsewhere.page("/kept-long-enough");
  CHECK(says(owner, "Nothing has been kept longer"));
  CHECK(says(owner, "1 handover has had its gate result"));
  world.at_prison.done(world.address(id, "gate-result"), {{"decision", "erase"}});
  world.visit_all();
  CHECK_FALSE(world.is_here(world.prison, id));
  CHECK(world.is_here(world.elsewhere, id));
  CHECK(world.is_here(world.partner, id));
}

TEST_CASE("what a handover that is over says of risk is removed by a page, in one step",
          "[pages][retention]") {
  DueWorld world;
  const auto id = world.over();
  const auto list = world.at_prison.page("/kept-long-enough");
  CHECK(says(list, "1 fact about risk"));
  const auto one = world.address(id, "risk-at-close");
  CHECK(world.at_prison.fill_in(one, {{"decision", "keep"}, {"reason", " "}}).status == 422);
  CHECK(says(world.at_prison.done(one, {{"decision", "erase"}, {"reason", "over"}}),
             "it goes wherever the record is"));
  CHECK(says(world.at_prison.page("/kept-long-enough"), "Nothing has been kept longer"));
}

TEST_CASE("old expense claims are removed from a volunteer's file by a page, or kept",
          "[pages][retention]") {
  DueWorld world;
  auto here = world.records(world.prison);
  const auto someone = world.by(world.prison);
  const auto volunteer =
      must(here.new_record(*record_type("volunteer"), {{"family-name", "Planted"}}, someone))
          .record.dossier;
  const auto file = must(here.new_record(*record_type("volunteer-file"),
                                         {{"volunteer", volunteer.hex()}}, someone))
                        .record.dossier;
  must(here.new_record_in(file, *record_type("expense-claim"),
                          {{"spent-on", "2018-05-01"}, {"kind", "Meal"}, {"amount-pence", "4.20"}},
                          someone));
  world.sync_all();
  CHECK(says(world.at_prison.page("/kept-long-enough"), "1 expense claim. The rest"));
  const auto one = world.address(file, "tax-year");
  SECTION("removed") {
    world.at_prison.done(one, {{"decision", "erase"}, {"reason", ""}});
    CHECK(says(world.at_prison.page("/kept-long-enough"), "Nothing has been kept longer"));
  }
  SECTION("kept") {
    CHECK(says(world.at_prison.done(one, {{"decision", "keep"}, {"reason", "an audit"}}),
               "an audit"));
    CHECK(world.at_prison.get(one).status == 404);
  }
}

TEST_CASE("the oldest rows of the list of looks are taken away by a page", "[pages][retention]") {
  DueWorld world;
  auto here = world.records(world.prison);
  const auto site = must(dossiers_of(here, *record_type("site")));
  REQUIRE(site.size() == 1);
  const auto volunteer = must(here.new_record(*record_type("volunteer"),
                                              {{"family-name", "Planted"}}, world.by(world.prison)))
                             .record;
  world.sync_all();
  ReadTrail trail;
  trail[volunteer] = {1};
  const Viewer viewer(Permissions::shipped(), world.prison.actor(), "made up");
  must(Audit(*world.prison.node).note_looks(trail, viewer));
  world.world.now_ms += 40 * day_ms;
  const auto list = world.at_prison.page("/kept-long-enough");
  CHECK(says(list, "List of who looked at what"));
  CHECK(says(world.at_prison.done(world.address(site[0], "looked"),
                                  {{"decision", "erase"}, {"reason", "over"}}),
             "still proves itself"));
  must(Audit(*world.prison.node).check());
}

TEST_CASE("the page says how long each kind of record is kept, and of which nothing is said",
          "[pages][retention]") {
  DueWorld world;
  const auto page = world.at_prison.page("/kept-long-enough");
  CHECK(says(page, "How long each kind of record is kept"));
  CHECK(says(page, "90 days"));
  CHECK(says(page, "At once"));
  CHECK(says(page, "goes with the volunteer"));
  CHECK(says(page, "Nothing is said."));
}

}  // namespace throughgate::node::testing
