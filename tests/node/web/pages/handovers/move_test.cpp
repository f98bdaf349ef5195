// The person is moved to another prison, and the handover goes there too.
#include <catch_amalgamated.hpp>

#include "node/erasure/holds.h"
#include "node/handovers/acknowledgement.h"
#include "node/hub_visit.h"
#include "node/sharing/late.h"
#include "node/sharing/no_longer_shared.h"
#include "tests/node/web/pages/handovers/handover_world.h"

namespace throughgate::node::testing {
namespace {

using schema::Handover;
using sync::ErrorKind;
using sync::Role;

template <class T>
sync::Error refusal(const sync::Result<T>& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error();
}

struct TwoPrisons : HandoverWorld {
  TestSite elsewhere{world, "HMP Elsewhere", sync::OrganisationKind::prison, "MDI"};
  Visitor at_elsewhere{elsewhere, codes, {web::add_handover_pages, web::add_late_pages}};

  TwoPrisons() {
    desk.enrol(elsewhere, hub);
    sites.push_back(&elsewhere);
    sync_all(1);
  }
  void agree() { agree_with(elsewhere); }
  void agree_with(TestSite& site) {
    must(desk.desk().agree({prison.node->identity().organisation,
                            site.node->identity().organisation,
                            {static_cast<std::uint32_t>(schema::CASE)},
                            world.now_ms + 300 * day_ms,
                            {}}));
    sync_all(2);
  }
  std::optional<Role> role_at(TestSite& site, const sync::DossierId& id) {
    const auto file = read_case(records(site), id);
    return file ? file->role() : std::nullopt;
  }
  void read_all(TestSite& site, const sync::DossierId& id) {
    auto here = records(site);
    Acknowledgements reading(here);
    std::vector<sync::OpId> all;
    for (const auto& each : must(reading.awaiting(id))) all.push_back(each.change.id);
    if (!all.empty()) must(reading.acknowledge(id, all, by(site)));
  }
  bool has_to_read_the_prison(TestSite& site, const sync::DossierId& id) {
    auto here = records(site);
    const auto waiting = must(Acknowledgements(here).awaiting(id));
    return std::any_of(waiting.begin(), waiting.end(), [](const Unread& each) {
      return each.change.field == Handover::kEstablishmentFieldNumber;
    });
  }
};

}  // namespace

TEST_CASE(
    "a handover moves with the person: the new prison keeps it, the old one reads on, and the "
    "partner has to read it",
    "[pages][handover]") {
  TwoPrisons world;
  const auto id = world.shared_handover();
  const std::string address = "/handovers/" + id.hex();
  world.read_all(world.partner, id);
  world.read_all(world.prison, id);
  world.sync_all();
  CHECK_FALSE(world.has_to_read_the_prison(world.partner, id));
  const auto& there = world.elsewhere.node->identity().organisation;
  auto here = world.records(world.prison);
  const auto why = world.by(world.prison, "moved on 3 December");
  CHECK(refusal(Handovers(here).move_to(id, there, why)).kind == ErrorKind::denied);
  world.agree();
  CHECK(refusal(Handovers(here).move_to(id, world.partner_id(), why)).kind == ErrorKind::denied);
  CHECK(says(world.at_prison.done(address + "/move-to", {{"organisation", there.hex()},
                                                         {"reason", "moved on 3 December"}}),
             "You can still read it."));
  world.sync_all();
  CHECK(world.role_at(world.elsewhere, id) == Role::owner);
  CHECK(world.role_at(world.prison, id) == Role::reader);
  CHECK(says(world.at_elsewhere.page(address), "Stop sharing with somebody"));
  CHECK_FALSE(says(world.at_prison.page(address), "Stop sharing with somebody"));
  CHECK(world.has_to_read_the_prison(world.partner, id));
  CHECK(world.has_to_read_the_prison(world.elsewhere, id));
  CHECK_FALSE(world.has_to_read_the_prison(world.prison, id));
  const auto form = must(here.open({id, {}, 110}));
  CHECK(refusal(here.set_fields(form, {{"known-as", "Al"}}, world.by(world.prison))).kind ==
        ErrorKind::denied);
  // The new one ends that it can be read there, and goes on.
  world.at_elsewhere.done(address + "/remove-partner",
                          {{"organisation", world.prison.node->identity().organisation.hex()},
                           {"reason", "90 days are over"}});
  world.sync_all();
  CHECK(must(delete_what_is_no_longer_shared(*world.prison.node)) == 1);
  CHECK(world.at_prison.get(address).status == 404);
  world.at_partner.done(address + "/accept", {{"contact", "Kim, 07700 900111"}});
  world.sync_all();
  CHECK(says(world.at_elsewhere.page(address), "Accepted"));
}

TEST_CASE("what the old prison typed before it heard of the move reaches the new one",
          "[pages][handover]") {
  TwoPrisons world;
  world.agree();
  const auto id = world.shared_handover();
  auto at_desk = world.records(world.desk);
  must(Handovers(at_desk).move_to(id, world.elsewhere.node->identity().organisation,
                                  world.by(world.desk, "moved")));
  world.set(world.prison, id, "contact-route", "Rosemary hostel");
  must(world.desk.sync(world.hub));
  world.sync_all();
  CHECK(world.role_at(world.elsewhere, id) == Role::owner);
  CHECK(says(world.at_elsewhere.page("/late"), "Rosemary hostel"));
  auto there = world.records(world.elsewhere);
  const auto late = must(Late(there).list());
  REQUIRE(late.size() == 1);
  must(Late(there).take(late[0].entry, world.by(world.elsewhere)));
  world.sync_all();
  CHECK(
      must(read_case(world.records(world.partner), id)).text(Handover::kContactRouteFieldNumber) ==
      "Rosemary hostel");
}

TEST_CASE("a legal hold is told to whoever keeps the record once the person has moved",
          "[hold][handover]") {
  TwoPrisons world;
  world.agree();
  const auto id = world.shared_handover();
  auto at_partner = world.records(world.partner);
  must(Holds(at_partner).set({id}, "a claim against us", world.by(world.partner)));
  const auto lifted =
      must(Holds(at_partner).set({id}, "an inquiry", world.by(world.partner))).record.dossier;
  must(Holds(at_partner).lift(lifted, "it is over", world.by(world.partner)));
  world.sync_all();
  auto here = world.records(world.prison);
  must(Handovers(here).move_to(id, world.elsewhere.node->identity().organisation,
                               world.by(world.prison, "moved on 3 December")));
  must(world.prison.sync(world.hub));
  must(world.elsewhere.sync(world.hub));
  auto there = world.records(world.elsewhere);
  CHECK(must(holds_on(there, {id})).empty());  // nobody has told it yet

  LinkMemory link;
  must(visit_hub(*world.partner.node, world.hub, world.partner.folder, link));
  must(world.elsewhere.sync(world.hub));
  const auto told = must(all_holds(there));
  REQUIRE(told.size() == 1);
  CHECK(told[0].reason == "a claim against us");
  CHECK(refusal(check_not_held(there, id)).kind == ErrorKind::denied);
  CHECK(must(Holds(at_partner).tell_new_keepers()) == 0);
}

TEST_CASE("whoever cannot be told of a legal hold yet is told with the next visit",
          "[hold][handover]") {
  TwoPrisons world;
  TestSite third{world.world, "HMP Third", sync::OrganisationKind::prison, "DMI"};
  world.desk.enrol(third, world.hub);
  world.agree();
  world.agree_with(third);
  must(third.sync(world.hub));
  const auto one = world.shared_handover();
  const auto other = world.shared_handover();
  auto at_partner = world.records(world.partner);
  must(Holds(at_partner).set({one, other}, "a claim against us", world.by(world.partner)));
  world.sync_all();
  auto here = world.records(world.prison);
  const auto by = world.by(world.prison, "moved");
  must(Handovers(here).move_to(one, world.elsewhere.node->identity().organisation, by));
  must(Handovers(here).move_to(other, third.node->identity().organisation, by));
  world.sync_all();
  must(third.sync(world.hub));
  LinkMemory link;
  for (int visit = 0; visit < 2; ++visit) {
    must(visit_hub(*world.partner.node, world.hub, world.partner.folder, link));
    world.sync_all();
    must(third.sync(world.hub));
  }
  for (auto* site : {&world.elsewhere, &third}) {
    CHECK(must(all_holds(world.records(*site))).size() == 1);
  }
}

}  // namespace throughgate::node::testing
