// That nothing is left is said by file too: to the exchange, the desk and the owner.
#include <catch_amalgamated.hpp>

#include "node/bundles/export.h"
#include "node/bundles/import.h"
#include "node/desk/erasures.h"
#include "node/sharing/no_longer_shared.h"
#include "schema/directory.pb.h"
#include "sync/purge_receipt.h"
#include "sync/store/bundle_folder.h"
#include "sync/store/packing.h"
#include "sync/store/purge_post.h"
#include "tests/node/flows/bundle_stick.h"

namespace throughgate::node::testing {
namespace {

using sync::DossierId;
using sync::store::Packed;
using sync::store::Purpose;
using sync::store::UnitOfWork;

std::vector<sync::PurgeReceipt> receipts_at(Site& site, const DossierId& id) {
  UnitOfWork work(site.node->database(), Purpose::reading);
  return sync::store::purge_receipts(work, id);
}

// The partner's copy of a handover is gone, and nobody has been told: it has no network. Somebody
// else reads on.
struct Gone {
  World world;
  DossierId id = shared_handover(world);
  Stick stick;

  Gone() {
    schema::DirectoryBody body;
    auto& agreement = *body.add_agreements();
    agreement.set_id(std::string(16, 'b'));
    agreement.set_from(sync::to_wire(world.prison.organisation.view()));
    agreement.set_to(sync::to_wire(world.stranger.organisation.view()));
    agreement.add_dossier_kinds(schema::CASE);
    agreement.set_expires_at_ms(world.now_ms + 365ull * 24 * 3600 * 1000);
    world.publish(body);
    must(world.prison.node->admission().change_members(
        id,
        {sync::store::MemberChange::Kind::set_role, world.stranger.organisation,
         sync::Role::reader},
        world.prison.records->authorship(world.prison.by)));
    world.sync_all(3);
    must(Handovers(*world.prison.records)
             .remove_partner(id, world.partner.organisation,
                             {world.prison.by.actor, "They closed"}));
    world.sync(world.prison);
    world.sync(world.desk);
    CHECK(take_all(world.partner, world.bundles_of_hub(world.partner)).unsound == 0);
    CHECK_FALSE(world.partner.reader().dossier(id));
    CHECK(receipts_at(world.prison, id).empty());
  }
  sync::store::UnpackedCounts carry(Site& from, Site& to) {
    sync::store::UnpackedCounts counts;
    for (const auto& path : stick.carry(from, to)) {
      counts += must(take_bundle(*to.node, must(sync::store::read_bundle_file(path))));
    }
    return counts;
  }
};

int purge_receipts_in(const Packed& packed) {
  int count = 0;
  for (const auto& part : packed.parts) count += part.purge_receipts_size();
  return count;
}

}  // namespace

TEST_CASE("the desk hears by a file alone that a computer holds nothing of what was erased",
          "[bundle][erasure]") {
  World world;
  world.give_desk_the_key();
  const auto id = shared_handover(world);
  world.sync_all();
  must(Desk(*world.desk.node).erase({id}));
  DeskErasures desk(*world.desk.records);
  const auto owes = [&](const std::string& who) {
    const auto owing = must(desk.outstanding());
    return std::any_of(owing.begin(), owing.end(),
                       [&](const auto& each) { return each.who.starts_with(who); });
  };
  // The desk and the exchange exchange; the partner is reached by a stick only.
  world.sync(world.desk);
  world.sync(world.prison);
  world.sync(world.desk);
  REQUIRE(owes("Bridge Trust"));
  CHECK(take_all(world.partner, world.bundles_of_hub(world.partner)).unsound == 0);
  CHECK_FALSE(world.partner.reader().dossier(id));

  SECTION("straight to the desk") {
    Stick stick;
    for (const auto& path : stick.carry(world.partner, world.desk)) {
      CHECK(
          must(take_bundle(*world.desk.node, must(sync::store::read_bundle_file(path)))).unsound ==
          0);
    }
  }
  SECTION("by way of the exchange, and from there by a file too") {
    for (const auto& file : for_hub(world.partner)) must(world.bring_to_hub(file));
    CHECK(take_all(world.desk, world.bundles_of_hub(world.desk)).unsound == 0);
  }
  SECTION("by way of the exchange, and from there by network") {
    for (const auto& file : for_hub(world.partner)) must(world.bring_to_hub(file));
    world.sync(world.desk);
  }
  CHECK_FALSE(owes("Bridge Trust"));
}

TEST_CASE("no file for a site holds what another says of erasure", "[bundle][erasure]") {
  World world;
  world.give_desk_the_key();
  const auto id = shared_handover(world);
  world.sync_all();
  must(Desk(*world.desk.node).erase({id}));
  world.sync(world.desk);
  world.sync(world.prison);
  shared_handover(world);  // there is something to say
  world.sync_all();
  const auto context = world.prison.node->context();
  sync::store::Packing packing(world.prison.node->database(), context, sync::bundle_bytes_max);
  const auto receipts = [](const sync::store::Packed& packed) {
    int count = 0;
    for (const auto& part : packed.parts) count += part.erasure_receipts_size();
    return count;
  };
  CHECK(receipts(must(packing.for_organisation(world.partner.node->identity().organisation))) == 0);
  CHECK(receipts(must(packing.for_organisation(world.desk.node->identity().organisation))) == 1);
  CHECK(receipts(must(packing.for_hub())) == 1);
}

// ---- what is no longer shared

TEST_CASE("owner and desk hear by files alone that a copy is gone once sharing has ended",
          "[bundle][purge]") {
  Gone gone;
  auto& world = gone.world;
  SECTION("straight to whoever ended it") {
    CHECK(gone.carry(world.partner, world.prison).unsound == 0);
    CHECK(receipts_at(world.prison, gone.id).size() == 1);
    CHECK(receipts_at(world.desk, gone.id).empty());
  }
  SECTION("straight to the desk") {
    CHECK(gone.carry(world.partner, world.desk).unsound == 0);
    CHECK(receipts_at(world.desk, gone.id).size() == 1);
  }
  SECTION("by way of the exchange, and from there by a file too") {
    for (const auto& file : for_hub(world.partner)) must(world.bring_to_hub(file));
    for (const auto& file : for_hub(world.partner)) must(world.bring_to_hub(file));  // once more
    for (Site* site : {&world.prison, &world.desk}) {
      CHECK(take_all(*site, world.bundles_of_hub(*site)).unsound == 0);
      REQUIRE(receipts_at(*site, gone.id).size() == 1);
      CHECK(receipts_at(*site, gone.id)[0].own_kept == 0);
    }
    CHECK(take_all(world.stranger, world.bundles_of_hub(world.stranger)).unsound == 0);
    CHECK(receipts_at(world.stranger, gone.id).empty());
  }
  SECTION("by way of the exchange, and from there by network") {
    for (const auto& file : for_hub(world.partner)) must(world.bring_to_hub(file));
    world.sync(world.prison);
    CHECK(receipts_at(world.prison, gone.id).size() == 1);
  }
}

TEST_CASE(
    "only the exchange, the desk and whoever ended it are given what says that a copy is gone",
    "[bundle][purge]") {
  Gone gone;
  auto& world = gone.world;
  const auto context = world.partner.node->context();
  sync::store::Packing packing(world.partner.node->database(), context, sync::bundle_bytes_max);
  const auto given = [&](Site& to) {
    return purge_receipts_in(must(packing.for_organisation(to.node->identity().organisation)));
  };
  CHECK(given(world.stranger) == 0);
  CHECK(given(world.prison) == 1);
  CHECK(given(world.desk) == 1);
  CHECK(purge_receipts_in(must(packing.for_hub())) == 1);
}

TEST_CASE(
    "the exchange's file for who does not lead a record says of nobody's copy that it is gone",
    "[bundle][purge]") {
  Gone gone;
  auto& world = gone.world;
  for (const auto& file : for_hub(world.partner)) must(world.bring_to_hub(file));
  const auto receipts_for = [&](Site& to) {
    const auto& reader = to.node->identity();
    int count = 0;
    for (const auto& file : world.bundles_of_hub(to)) {
      const auto read = sync::read_bundle(file);
      REQUIRE(read.bundle);
      schema::Bundle content;
      REQUIRE_FALSE(sync::open_bundle(*read.bundle, reader.node.bytes, reader.box_key, content));
      count += content.purge_receipts_size();
    }
    return count;
  };
  CHECK(receipts_for(world.prison) == 1);
  CHECK(receipts_for(world.stranger) == 0);
}

TEST_CASE("a file that says a copy is gone is believed of its own computer's copies alone",
          "[bundle][purge]") {
  Gone gone;
  auto& world = gone.world;
  const auto context = world.partner.node->context();
  sync::store::Packing packing(world.partner.node->database(), context, sync::bundle_bytes_max);
  auto content =
      must(packing.for_organisation(world.prison.node->identity().organisation)).parts[0];
  REQUIRE(content.purge_receipts_size() == 1);
  SECTION("nobody else signs it") {
    auto& signature = *content.mutable_purge_receipts(0)->mutable_signature();
    signature[5] = static_cast<char>(signature[5] ^ 1);
    const auto at_prison = world.prison.node->context();
    sync::store::Unpacking unpacking(world.prison.node->database(), at_prison,
                                     world.partner.node->identity().node);
    CHECK(must(unpacking.take(content)).unsound == 1);
    CHECK(receipts_at(world.prison, gone.id).empty());
  }
  SECTION("who does not lead the record keeps none") {
    const auto at_stranger = world.stranger.node->context();
    sync::store::Unpacking unpacking(world.stranger.node->database(), at_stranger,
                                     world.partner.node->identity().node);
    CHECK(must(unpacking.take(content)).unsound == 0);
    CHECK(receipts_at(world.stranger, gone.id).empty());
    CHECK(world.stranger.reader().dossier(gone.id));
  }
}

}  // namespace throughgate::node::testing
