// What the hub keeps for owner and desk: entries refused for ever, and who has deleted its copy.
#include "hub/late_box.h"

#include <catch_amalgamated.hpp>

#include "hub/wire.h"
#include "sync/purge_receipt.h"
#include "tests/hub/made_up.h"

namespace throughgate::hub::testing {
namespace {

schema::SyncRequest after(std::uint64_t number) {
  schema::SyncRequest request;
  request.set_late_after(number);
  return request;
}

// A record from which the partner was removed, and the place where that stands.
struct Removed : World {
  TestDossier dossier{*this};
  Stream stream = dossier.begin();
  Hash removal{};
  std::uint64_t dsn = 0;

  Removed() {
    auto next = dossier.next_membership();
    next.members = without(next.members, partner_a.organisation);
    dossier.renew_key(next);
    auto request = with({dossier.write(prison_a, stream, TestDossier::membership_draft(next))});
    add(request, dossier.envelopes(prison_a, next.epoch(), dossier.recovery_keys(next)));
    sync(prison_a, request);
    dsn = length(dossier.id);
    removal =
        look(dossier.id, [&](const StoredOrder& order) { return order.entry_at(dsn).value(); });
    REQUIRE(dsn == 2);
  }
  sync::PurgeReceipt receipt(const Node& node) const {
    sync::PurgeReceipt out{dossier.id, node.id, removal, dsn, 0, 1'790'000'000'000, {}};
    sync::sign(out, node.key);
    return out;
  }
};

schema::SyncRequest with_receipt(const sync::PurgeReceipt& receipt) {
  schema::SyncRequest request;
  auto& out = *request.add_purge_receipts();
  out.set_bytes(wire::text(receipt.encode()));
  out.set_signature(wire::text(receipt.signature));
  return request;
}

}  // namespace

TEST_CASE("the late box is told to owner and desk alone, each entry once", "[late]") {
  Removed world;
  Stream late = world.dossier.new_stream();
  const auto entry = world.dossier.write(world.partner_a, late);
  CHECK(send(world, world.partner_a, entry) == rejected(sync::Reason::not_a_member));
  for (Node* node : {&world.prison_a, &world.desk}) {
    const auto told = world.sync(*node, after(0));
    REQUIRE(told.late_size() == 1);
    CHECK(told.late(0).header() == wire::text(entry.bytes().header));
    CHECK(told.late(0).sealed() == wire::text(entry.bytes().sealed));
    CHECK(told.late_to() == 1);
    CHECK_FALSE(told.late_more());
    CHECK(world.sync(*node, after(told.late_to())).late_size() == 0);
  }
  CHECK(world.sync(world.partner_a, after(0)).late_size() == 0);
  CHECK(world.sync(world.other_a, after(0)).late_size() == 0);
}

TEST_CASE("who comes to lead a record is told of what was late before", "[late]") {
  Removed world;
  Stream late = world.dossier.new_stream();
  send(world, world.partner_a, world.dossier.write(world.partner_a, late));
  const auto told_to = world.sync(world.other_a, after(0)).late_to();
  CHECK(told_to == 1);  // passed over, as it was not for them
  auto next = world.dossier.next_membership();
  for (auto& member : next.members) {
    if (member.role == sync::Role::owner) member.role = sync::Role::contributor;
  }
  next.members.push_back({world.other_a.organisation, sync::Role::owner});
  std::sort(next.members.begin(), next.members.end(),
            [](const auto& a, const auto& b) { return a.organisation < b.organisation; });
  world.sync(world.prison_a, with({world.dossier.write(world.prison_a, world.stream,
                                                       TestDossier::membership_draft(next))}));
  CHECK(world.sync(world.other_a, after(told_to)).late_size() == 1);
}

TEST_CASE("that a copy was deleted is told to owner and desk, and only its own computer says so",
          "[purge]") {
  Removed world;
  const auto ask = [](Node& node, World& in) { return in.sync(node).purge_receipts_size(); };
  CHECK(ask(world.prison_a, world) == 0);
  // Of another computer, or of one whose organisation still takes part: kept for nobody.
  world.sync(world.partner_a, with_receipt(world.receipt(world.prison_a)));
  const auto still = world.sync(world.prison_b, with_receipt(world.receipt(world.prison_b)));
  CHECK(still.purge_receipts_taken_size() == 1);  // and need not be sent again
  CHECK(ask(world.prison_a, world) == 0);
  auto forged = world.receipt(world.partner_a);
  forged.own_kept = 7;
  CHECK(world.sync(world.partner_a, with_receipt(forged)).purge_receipts_taken_size() == 0);
  auto wrong = world.receipt(world.partner_a);
  wrong.removal[0] ^= 1;
  sync::sign(wrong, world.partner_a.key);
  world.sync(world.partner_a, with_receipt(wrong));
  CHECK(ask(world.prison_a, world) == 0);

  const auto taken = world.sync(world.partner_a, with_receipt(world.receipt(world.partner_a)));
  REQUIRE(taken.purge_receipts_taken_size() == 1);
  CHECK(taken.purge_receipts_size() == 0);
  CHECK(ask(world.prison_a, world) == 1);
  CHECK(ask(world.prison_a, world) == 0);
  CHECK(ask(world.desk, world) == 1);
  CHECK(ask(world.other_a, world) == 0);
}

}  // namespace throughgate::hub::testing
