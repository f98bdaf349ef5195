// What members say of the records they hold, and what they are told where it is not the same.
#include <catch_amalgamated.hpp>

#include "node/handovers/case_file.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {
namespace {

using sync::store::bound;
using sync::store::NoticeKind;
using sync::store::UnitOfWork;

struct SharedHandover {
  World world;
  sync::DossierId id = shared_handover(world);

  SharedHandover() { world.sync_all(3); }

  void change_name_at_prison(const std::string& name) {
    const auto& handover = *record_type(*schema::Handover::descriptor());
    const auto open = must(world.prison.records->open({id, {}, handover.number}));
    must(world.prison.records->set_fields(open, {{"sender-name", name}}, world.prison.by));
  }

  // As a merge that went wrong: what it holds is no longer what everybody else makes of the same
  // changes.
  void spoil_merge(Site& site) {
    UnitOfWork work(site.node->database());
    work.run(
        "UPDATE op SET value = x'4576' WHERE type = 110 AND field = ? AND dossier = "
        "(SELECT id FROM dossier WHERE dossier = ?)",
        std::int64_t{schema::Handover::kSenderNameFieldNumber}, id.view());
    must(work.commit());
  }

  std::vector<sync::store::Notice> told_of_difference(const Site& site) const {
    auto notices = must(site.reader().notices(false));
    std::erase_if(notices, [](const auto& each) {
      return each.kind != static_cast<int>(NoticeKind::digest_differs);
    });
    return notices;
  }

  void nobody_is_told() const {
    for (const Site* site : {&world.prison, &world.partner, &world.desk}) {
      CHECK(told_of_difference(*site).empty());
    }
  }

  void all_have_seen() {
    for (Site* site : {&world.prison, &world.partner}) {
      UnitOfWork work(site->node->database());
      work.run("UPDATE notice SET seen = 1");
      must(work.commit());
    }
  }
};

}  // namespace

TEST_CASE("members whose records differ at one place are told, whoever came to it first",
          "[sync][digest]") {
  SharedHandover at;
  World& world = at.world;
  at.change_name_at_prison("Sam Changed");

  SECTION("the one that fetches later compares with what was said before") {
    world.sync(world.prison);
    world.sync(world.prison);   // its digest is at the hub
    world.sync(world.partner);  // hears of the digest and the change at once
    at.spoil_merge(world.partner);
    world.sync(world.partner);
    REQUIRE(at.told_of_difference(world.partner).size() == 1);
    CHECK(at.told_of_difference(world.prison).empty());  // has heard nothing yet
    world.sync(world.prison);
  }
  SECTION("the one that came first compares when it hears of the other") {
    at.spoil_merge(world.prison);
    world.sync(world.prison);
    world.sync(world.prison);
    world.sync(world.partner);
    world.sync(world.partner);
    world.sync(world.prison);
  }
  for (const Site* site : {&world.prison, &world.partner}) {
    const auto told = at.told_of_difference(*site);
    REQUIRE(told.size() == 1);
    CHECK(told[0].dossier == at.id);
    CHECK(told[0].detail == static_cast<int>(must(site->reader().dossier(at.id)).length));
  }
  at.all_have_seen();
  world.sync_all(3);
  CHECK(at.told_of_difference(world.prison).size() == 1);
  CHECK(at.told_of_difference(world.partner).size() == 1);
}

TEST_CASE("members whose records are the same are told of no difference", "[sync][digest]") {
  SharedHandover at;
  at.nobody_is_told();
  for (const std::string name : {"Sam First", "Sam Second", "Sam Third"}) {
    at.change_name_at_prison(name);
    at.world.sync_all(1);  // each is a step behind the others at some time
    at.nobody_is_told();
  }
  at.world.sync_all(3);
  at.nobody_is_told();
}

TEST_CASE("what differs at another place is no difference", "[sync][digest]") {
  SharedHandover at;
  World& world = at.world;
  at.change_name_at_prison("Sam Changed");
  world.sync(world.prison);
  world.sync(world.prison);
  world.sync(world.partner);
  at.change_name_at_prison("Sam Changed Again");
  world.sync(world.prison);  // one place further than what the partner holds
  world.sync(world.prison);
  at.spoil_merge(world.partner);  // at a place that nobody speaks of any more
  world.sync(world.partner);
  CHECK(at.told_of_difference(world.prison).empty());
}

}  // namespace throughgate::node::testing
