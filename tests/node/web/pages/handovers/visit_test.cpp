// What goes with a visit to the exchange, besides what is sent and received.
#include <catch_amalgamated.hpp>

#include "node/handovers/case_file.h"
#include "node/hub_visit.h"
#include "node/out_of_contact.h"
#include "node/staff/staff.h"
#include "tests/node/web/pages/page_world.h"

namespace throughgate::node::testing {
namespace {

void visit(PageWorld& world, TestSite& site) {
  LinkMemory link;
  must(visit_hub(*site.node, world.hub, site.folder, link));
}

}  // namespace

TEST_CASE("a visit to the exchange opens what was closed for want of contact", "[visit][contact]") {
  PageWorld world;
  world.shared_handover();
  auto& node = *world.partner.node;
  must(note_time_passed(node));
  world.world.now_ms += 130 * day_ms;
  must(note_time_passed(node));
  REQUIRE(must(out_of_contact(node)).is_closed);
  visit(world, world.partner);
  const auto contact = must(out_of_contact(node));
  CHECK_FALSE(contact.is_closed);
  CHECK(contact.days == 0);
}

TEST_CASE("a visit stops sharing what no ground holds for any more, and the partner's copy goes",
          "[visit][grounds]") {
  PageWorld world;
  const auto id = world.shared_handover();
  auto records = world.records(world.prison);
  const auto ground = must(read_case(records, id)).disclosures.at(0).name;
  const auto has_it = [&](TestSite& site) {
    const auto held = world.records(site).whole().dossier(id);
    return held && held->own_role;
  };
  visit(world, world.prison);
  visit(world, world.partner);
  REQUIRE(has_it(world.partner));
  must(records.set_fields(must(records.open(ground)), {{"standing", "Ended"}},
                          world.by(world.prison)));
  visit(world, world.prison);
  visit(world, world.partner);
  CHECK_FALSE(has_it(world.partner));
  CHECK(has_it(world.desk));
  CHECK(has_it(world.prison));
}

TEST_CASE("one thing that cannot be done after an exchange keeps no other from being done",
          "[visit]") {
  PageWorld world;
  const auto id = world.shared_handover();
  visit(world, world.partner);
  auto records = world.records(world.prison);
  By with_reason = world.by(world.prison);
  with_reason.reason = "no longer needed";
  must(Handovers(records).remove_partner(id, world.partner.node->identity().organisation,
                                         with_reason));
  visit(world, world.prison);
  // Somebody who signs in at the partner, and whose name the site's list cannot hold.
  Account unlisted{"sam",
                   sync::ActorId::random(world.partner.node->random()),
                   std::string(3 << 20, 'x'),
                   {"READER"}};
  must(Staff(*world.partner.node).set_account(unlisted));
  LinkMemory link;
  const auto report = must(visit_hub(*world.partner.node, world.hub, world.partner.folder, link));
  REQUIRE(report.failed);
  CHECK(report.failed->kind == sync::ErrorKind::invalid);
  CHECK_THAT(warning_of(report), Catch::Matchers::ContainsSubstring(report.failed->message));
  CHECK_FALSE(world.records(world.partner).whole().dossier(id));  // what went was deleted
  CHECK(must(last_contact(*world.partner.node)).at_ms == world.partner.node->now_ms());
}

}  // namespace throughgate::node::testing
