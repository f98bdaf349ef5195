// Work carried to the exchange and back by hand: the same order, the same records, the same
// refusals.
#include <catch_amalgamated.hpp>

#include "node/bundles/export.h"
#include "node/bundles/import.h"
#include "schema/directory.pb.h"
#include "sync/store/bundle_folder.h"
#include "sync/store/packing.h"
#include "tests/node/flows/bundle_stick.h"
#include "tests/node/flows/meanwhile.h"

namespace throughgate::node::testing {
namespace {

using sync::ErrorKind;
using sync::Role;
using sync::store::MemberChange;
using sync::store::UnpackedCounts;

// How the work of a site reaches the exchange, and the exchange's answer the site.
class Way {
 public:
  virtual ~Way() = default;
  virtual void meet(World& world, Site& site) = 0;
};

class ByNetwork final : public Way {
 public:
  void meet(World& world, Site& site) override { world.sync(site); }
};

class ByHand final : public Way {
 public:
  void meet(World& world, Site& site) override {
    for (const auto& file : for_hub(site)) {
      const auto tally = must(world.bring_to_hub(file));
      CHECK(tally.held + tally.rejected + tally.fork + tally.bad == 0);
    }
    CHECK(take_all(site, world.bundles_of_hub(site)).unsound == 0);
  }
};

// Draws of one site's randomness go with what it writes, so both ways write the same bytes.
struct Story {
  World world;
  sync::DossierId id;

  explicit Story(Way& way) : id(shared_handover(world)) {
    const auto meet_all = [&] {
      for (Site* site : {&world.prison, &world.partner, &world.desk, &world.prison}) {
        way.meet(world, *site);
      }
    };
    meet_all();
    accept_and_change();
    meet_all();
    way.meet(world, world.partner);
  }

  void accept_and_change() {
    must(Handovers(*world.partner.records).accept(id, "", world.partner.by));
    const auto& handover = *record_type(*schema::Handover::descriptor());
    const auto open = must(world.prison.records->open({id, {}, handover.number}));
    must(world.prison.records->set_fields(open, {{"sender-name", "Sam at Last"}}, world.prison.by));
  }
};

// Of each field what it shows: the same whatever bytes it came in.
std::vector<std::string> values_in(Site& site, const sync::DossierId& id) {
  std::vector<std::string> out;
  sync::store::UnitOfWork work(site.node->database(), sync::store::Purpose::reading);
  work.each(
      "SELECT quote(f.type)||' '||f.field||' '||quote(f.value)||f.flags FROM field f JOIN dossier "
      "d "
      "ON d.id = f.dossier WHERE d.dossier = ? ORDER BY 1",
      sync::store::bound(id.view()),
      [&](const sync::store::Statement& row) { out.push_back(row.text(0)); });
  must(work.commit());
  return out;
}

std::uint64_t places(Site& site, const sync::DossierId& id) {
  sync::store::UnitOfWork work(site.node->database(), sync::store::Purpose::reading);
  return sync::store::StoredDossier(work, id).length();
}

}  // namespace

TEST_CASE("by network and by hand the same work ends in the same records, everywhere", "[bundle]") {
  ByNetwork network;
  ByHand hand;
  Story one(network), two(hand);
  for (Site World::*site : {&World::prison, &World::partner, &World::desk}) {
    const auto by_network = values_in(one.world.*site, one.id);
    CHECK(by_network.size() > 15);
    CHECK(values_in(two.world.*site, two.id) == by_network);
    CHECK(places(two.world.*site, two.id) == places(one.world.*site, one.id));
  }
  // And none has anything left to do once there is a network.
  const auto before = values_in(two.world.partner, two.id);
  for (Site* site : {&two.world.prison, &two.world.partner, &two.world.desk}) {
    const auto counts = two.world.sync(*site).counts;
    CHECK(counts.received + counts.own_placed + counts.refused + counts.unsound == 0);
  }
  CHECK(values_in(two.world.partner, two.id) == before);
}

TEST_CASE("what was brought to the exchange once is there already when it is brought again",
          "[bundle]") {
  World world;
  shared_handover(world);
  const auto files = for_hub(world.prison);
  const auto first = must(world.bring_to_hub(files.at(0)));
  CHECK(first.accepted > 0);
  for (int i = 0; i < 5; ++i) {
    const auto again = must(world.bring_to_hub(files.at(0)));
    CHECK(again.accepted + again.held + again.rejected + again.bad == 0);
    CHECK(again.duplicate == first.accepted);
  }
}

TEST_CASE("a bundle for another exchange, or for a site, is refused by an exchange", "[bundle]") {
  World world;
  Stick stick;
  shared_handover(world);
  sync::testing::SeededRandom random(8);
  const auto other = crypto::SigningKey::generate(random);
  sync::BundleLabel label;
  label.meant_for = sync::BundleFor::hub;
  label.maker = world.prison.node->identity().node.bytes;
  const auto elsewhere =
      must(sync::seal_bundle(label, {*sync::hub_as_reader(other.verify_key())}, {},
                             world.prison.node->identity().signing_key, random));
  CHECK(refusal(world.bring_to_hub(elsewhere)).message.find("another exchange") !=
        std::string::npos);
  const auto site =
      must(sync::store::read_bundle_file(stick.carry(world.prison, world.partner).at(0)));
  CHECK(refusal(world.bring_to_hub(site)).message.find("for a site") != std::string::npos);
  CHECK(refusal(take_bundle(*world.partner.node, for_hub(world.prison).at(0)))
            .message.find("for the central exchange") != std::string::npos);
}

TEST_CASE("an exchange takes nothing from a computer that was withdrawn, nor in another's name",
          "[bundle]") {
  World world;
  shared_handover(world);
  const auto files = for_hub(world.prison);
  sync::testing::SeededRandom random(8);
  sync::BundleLabel label;
  label.meant_for = sync::BundleFor::hub;
  label.maker = world.prison.node->identity().node.bytes;
  const auto forged =
      must(sync::seal_bundle(label, {*sync::hub_as_reader(world.hub_key().verify_key())}, {},
                             crypto::SigningKey::generate(random), random));
  CHECK(refusal(world.bring_to_hub(forged)).kind == ErrorKind::rejected);
  schema::DirectoryBody body;
  body.add_revoked_nodes(sync::to_wire(world.prison.node->identity().node.view()));
  world.publish(body);
  CHECK(refusal(world.bring_to_hub(files.at(0))).kind == ErrorKind::denied);
}

TEST_CASE("what the exchange refused is heard of by hand too", "[bundle]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  must(Handovers(*world.partner.records).accept(id, "", world.partner.by));
  must(world.prison.node->admission().change_members(
      id, {MemberChange::Kind::remove, world.partner.organisation, Role::reader},
      world.prison.records->authorship(world.prison.by)));
  world.sync(world.prison);
  const auto tally = must(world.bring_to_hub(for_hub(world.partner).at(0)));
  CHECK(tally.rejected > 0);
  const auto files = world.bundles_of_hub(world.partner);
  CHECK(take_all(world.partner, files).refused > 0);
  UnpackedCounts again;  // it has been deleted, as it is not shared any more, and stays away
  again.not_ours = 1;
  CHECK(take_all(world.partner, files) == again);
  const auto before = values_in(world.partner, id);
  world.sync(world.partner);
  CHECK(values_in(world.partner, id) == before);
}

TEST_CASE("what the exchange gives out for one organisation holds no record of another's",
          "[bundle]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  const auto files = world.bundles_of_hub(world.stranger);
  CHECK(take_all(world.stranger, files) == UnpackedCounts{});
  CHECK(refusal(take_bundle(*world.stranger.node, world.bundles_of_hub(world.partner).at(0))) ==
        sync::error_of(sync::BundleFault::not_for_us));
  CHECK(places(world.partner, id) > 0);
}

// ---- what changes meanwhile

TEST_CASE(
    "an erasure while the exchange makes its files is no damage: they are made anew without it",
    "[bundle][erasure]") {
  World world;
  const auto erased = shared_handover(world);
  const auto kept = shared_handover(world);
  world.sync_all();
  world.hold_back = &world.partner;
  once_heads_are_signed = [&] {
    once_heads_are_signed = {};
    schema::DirectoryBody body;
    body.add_erased_dossiers(sync::to_wire(erased.view()));
    world.publish(body);
  };
  const auto files = world.bundles_of_hub(world.partner);
  CHECK(take_all(world.partner, files).unsound == 0);
  CHECK_FALSE(world.partner.reader().dossier(erased));
  CHECK(world.partner.reader().dossier(kept));
  CHECK(world.partner.node->directory().is_erased(erased));
}

TEST_CASE("files that the exchange cannot finish making are refused in words, and not as damage",
          "[bundle]") {
  World world;
  shared_handover(world);
  world.sync_all();
  once_heads_are_signed = [&] { world.publish({}); };  // a new list each time
  const auto refused = refusal(world.try_bundles_of_hub(world.partner));
  once_heads_are_signed = {};
  CHECK(refused.kind == ErrorKind::unavailable);
  CHECK(refused.message.find("Try again in a minute") != std::string::npos);
  must(world.try_bundles_of_hub(world.partner));
}

TEST_CASE("an exchange takes nothing but the list from a program that is too old for it",
          "[bundle][update]") {
  World world;
  const auto id = shared_handover(world);
  schema::DirectoryBody body;
  body.mutable_policy()->set_volunteers_shared_with_desk(true);
  body.mutable_policy()->set_minimum_program(1);
  world.publish(body);
  const auto file = for_hub(world.prison).at(0);
  // The same, as a program made it that did not say its number.
  const auto context = world.prison.node->context();
  auto packed =
      must(sync::store::Packing(world.prison.node->database(), context, sync::bundle_content_max)
               .for_hub());
  packed.parts.at(0).set_program(0);
  sync::testing::SeededRandom random(8);
  sync::BundleLabel label;
  label.meant_for = sync::BundleFor::hub;
  label.maker = world.prison.node->identity().node.bytes;
  const auto old = must(
      sync::seal_bundle(label, {*sync::hub_as_reader(world.hub_key().verify_key())},
                        packed.parts.at(0), world.prison.node->identity().signing_key, random));
  const auto refused = refusal(world.bring_to_hub(old));
  CHECK(refused.kind == ErrorKind::denied);
  CHECK(refused.message.find("a program that is too old") != std::string::npos);
  CHECK(must(world.bring_to_hub(file)).accepted > 0);
  CHECK(places(world.prison, id) == 0);  // nobody has told it yet
}

// As by network, where nobody asks an exchange for its number: it writes no records.
TEST_CASE("what an exchange of an older program made is taken in, as its answers are",
          "[bundle][update]") {
  World world;
  const auto id = shared_handover(world);
  world.sync(world.prison);
  schema::DirectoryBody body;
  body.mutable_policy()->set_volunteers_shared_with_desk(true);
  body.mutable_policy()->set_minimum_program(1);
  world.publish(body);
  auto files = world.bundles_of_hub(world.partner);
  REQUIRE(files.size() == 1);
  const auto bundle = sync::read_bundle(files[0]);
  REQUIRE(bundle.bundle);
  const auto& reader = world.partner.node->identity();
  schema::Bundle content;
  REQUIRE_FALSE(
      sync::open_bundle(*bundle.bundle, reader.node.bytes, reader.box_key, content).has_value());
  content.set_program(0);
  sync::testing::SeededRandom random(9);
  const auto older = must(sync::seal_bundle(bundle.bundle->label(),
                                            {{reader.node.bytes, reader.box_key.public_key()}},
                                            content, world.hub_key(), random));
  CHECK(must(take_bundle(*world.partner.node, older)).placed > 0);
  CHECK(world.partner.reader().dossier(id));
}

}  // namespace throughgate::node::testing
