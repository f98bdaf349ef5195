// Who was removed and has no network hears of it by the files of whoever shares with them.
#include <catch_amalgamated.hpp>

#include "node/bundles/import.h"
#include "node/sharing/no_longer_shared.h"
#include "sync/store/bundle_folder.h"
#include "sync/store/checker.h"
#include "sync/store/packing.h"
#include "tests/node/flows/bundle_stick.h"
#include "tests/node/flows/forged_members.h"

namespace throughgate::node::testing {
namespace {

using sync::DossierId;
using sync::ErrorKind;

void set(Site& site, const DossierId& handover, const std::string& field,
         const std::string& value) {
  const auto form = must(site.records->open({handover, {}, 110}));
  must(site.records->set_fields(form, {{field, value}}, site.by));
}

std::size_t tidy(Site& site) { return must(delete_what_is_no_longer_shared(*site.node)); }

void remove_partner(World& world, const DossierId& id) {
  must(Handovers(*world.prison.records)
           .remove_partner(id, world.partner.organisation, {world.prison.by.actor, "They closed"}));
}

sync::store::UnpackedCounts give(Site& to, const std::vector<std::string>& files) {
  sync::store::UnpackedCounts out;
  for (const auto& each : files) {
    out += must(take_bundle(*to.node, must(sync::store::read_bundle_file(each))));
  }
  return out;
}

}  // namespace

// Only files of the prison's reach the partner from here on.
TEST_CASE(
    "a removed partner without a network hears of it by the owner's file, and deletes nothing",
    "[purge][bundle]") {
  World world;
  Stick stick;
  const auto id = shared_handover(world);
  const auto other = shared_handover(world);
  world.sync_all();
  remove_partner(world, id);
  SECTION("before it has its place") {}
  SECTION("once it has") {
    world.sync(world.prison);
    set(world.prison, id, "licence-headline", "Not for those who left");
    world.sync(world.prison);
  }
  const auto files = stick.carry(world.prison, world.partner);
  CHECK(give(world.partner, files).by_hand == 1);
  const auto file = must(read_case(*world.partner.records, id));
  CHECK_FALSE(file.role());
  CHECK(file.root.dossier.members_provisional);
  CHECK(must(read_case(*world.partner.records, other)).role() == sync::Role::receiver);
  CHECK(tidy(world.partner) == 0);
  const auto form = must(world.partner.records->open({id, {}, 110}));
  const auto refused =
      refusal(world.partner.records->set_fields(form, {{"known-as", "Al"}}, world.partner.by));
  CHECK(refused.kind == ErrorKind::denied);
  CHECK(give(world.partner, files).by_hand == 0);  // again: nothing changes
  CHECK(
      must(sync::store::check_store(world.partner.node->database(), world.partner.node->context()))
          .faults.empty());

  world.sync(world.prison);
  world.sync(world.partner);
  CHECK(tidy(world.partner) == 1);
  CHECK(refusal(read_case(*world.partner.records, id)).kind == ErrorKind::not_found);
}

TEST_CASE("who has said that its copy is gone is told no more, and who never had it is not told",
          "[purge][bundle]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  const auto packed = [&](Site& from, const Site& to) {
    const auto context = from.node->context();
    const auto made =
        must(sync::store::Packing(from.node->database(), context, sync::bundle_content_max)
                 .for_organisation(to.organisation));
    int out = 0;
    for (const auto& part : made.parts) out += part.dossiers_size();
    CHECK(made.dossiers == 0);
    return out;
  };
  CHECK(packed(world.prison, world.stranger) == 0);
  remove_partner(world, id);
  world.sync(world.prison);
  CHECK(packed(world.prison, world.partner) == 1);
  const auto context = world.prison.node->context();
  const auto unheard = [&] {
    return must(sync::store::Packing(world.prison.node->database(), context,
                                     sync::bundle_content_max)
                    .organisations())
        .contains(world.partner.organisation);
  };
  CHECK(unheard());
  world.sync(world.partner);
  CHECK(tidy(world.partner) == 1);
  world.sync_all();
  CHECK(packed(world.prison, world.partner) == 0);
  CHECK_FALSE(unheard());
}

TEST_CASE("only whoever leads a record tells of a removal by a file", "[purge][bundle]") {
  World world;
  const auto id = shared_handover(world);
  must(world.prison.node->admission().change_members(
      id,
      {sync::store::MemberChange::Kind::set_role, world.stranger.organisation,
       sync::Role::contributor},
      {world.prison.by.actor, world.now_ms, ""}, {}));
  world.sync_all();
  remove_partner(world, id);
  world.sync(world.prison);
  world.sync(world.stranger);
  const auto told_by = [&](Site& site) {
    const auto context = site.node->context();
    sync::store::Packing packing(site.node->database(), context, sync::bundle_content_max);
    return must(packing.organisations()).contains(world.partner.organisation);
  };
  CHECK(told_by(world.prison));
  CHECK_FALSE(told_by(world.stranger));
}

TEST_CASE("a forged change of members keeps nobody from hearing of a removal by a file",
          "[purge][bundle]") {
  World world;
  Stick stick;
  const auto id = shared_handover(world);
  world.sync_all();
  const auto forged = forged_members(world.partner, id);
  must(world.prison.node->admission().receive_by_hand(forged.bytes()));
  remove_partner(world, id);
  CHECK(give(world.partner, stick.carry(world.prison, world.partner)).by_hand == 1);
  CHECK_FALSE(must(read_case(*world.partner.records, id)).role());
}

TEST_CASE("a computer that never had the record is not given one that only says it is over",
          "[purge][bundle]") {
  World world;
  Stick stick;
  world.sync_all();
  const auto before = stick.keep(world, world.partner);
  const auto id = shared_handover(world);
  world.sync_all();
  remove_partner(world, id);
  const auto files = stick.carry(world.prison, world.partner);
  stick.put_back(world, world.partner, before);
  CHECK(give(world.partner, files) == sync::store::UnpackedCounts{});
  CHECK(refusal(read_case(*world.partner.records, id)).kind == ErrorKind::not_found);
}

}  // namespace throughgate::node::testing
