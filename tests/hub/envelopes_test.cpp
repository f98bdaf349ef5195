// Which envelope lists the hub keeps, whom it sends them to, and whom it tells who lacks one.
#include <catch_amalgamated.hpp>

#include "hub/envelope_shelf.h"
#include "hub/outgoing.h"
#include "hub/wire.h"
#include "tests/hub/made_up.h"

namespace {

using namespace throughgate;
using namespace throughgate::hub;
using namespace throughgate::hub::testing;
using sync::Outcome;
using sync::Recipient;
using sync::RecipientKind;

TEST_CASE("envelopes go to those they are for, while their organisation may have them",
          "[sync][envelopes]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  CHECK(world.sync(world.partner_a).envelopes_size() == 1);  // to its recovery key
  schema::SyncRequest request;
  add(request, dossier.envelopes(world.prison_a, dossier.first.epoch(),
                                 {recipient(world.prison_b), recipient(world.other_a)}));
  world.sync(world.prison_a, request);
  CHECK(world.sync(world.prison_b).envelopes_size() == 2);
  CHECK(world.sync(world.other_a).envelopes_size() == 0);
  CHECK(world.sync(world.partner_a).envelopes_size() == 0);  // it holds none for it

  // A later epoch, whose list names the partner although it has been removed.
  auto next = dossier.next_membership();
  next.members = without(next.members, world.partner);
  dossier.renew_key(next);
  auto removal = with({dossier.write(world.prison_a, stream, TestDossier::membership_draft(next))});
  auto recipients = dossier.recovery_keys(next);
  recipients.push_back(recipient(world.partner_a));
  add(removal, dossier.envelopes(world.prison_a, next.epoch(), recipients));
  CHECK(ruling_of(world, world.sync(world.prison_a, removal)).outcome == Outcome::accepted);
  const auto reply = world.sync(world.partner_a);
  CHECK(reply.heads().heads_size() == 1);
  CHECK(reply.envelopes_size() == 0);
}

TEST_CASE("a key that had not reached an organisation when it was removed never does",
          "[sync][envelopes]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();  // its recovery key has an envelope, which nobody has fetched
  auto next = dossier.next_membership();
  next.members = without(next.members, world.partner);
  dossier.renew_key(next);
  auto removal = with({dossier.write(world.prison_a, stream, TestDossier::membership_draft(next))});
  add(removal, dossier.envelopes(world.prison_a, next.epoch(), dossier.recovery_keys(next)));
  CHECK(ruling_of(world, world.sync(world.prison_a, removal)).outcome == Outcome::accepted);
  const auto reply = world.sync(world.partner_a);
  CHECK(reply.heads().heads_size() == 1);  // it hears of the removal
  CHECK(reply.envelopes_size() == 0);
}

TEST_CASE("a bad list by one sender displaces no other's, and an outsider's is not kept",
          "[sync][envelopes]") {
  World world;
  TestDossier dossier(world);
  dossier.begin();
  const std::vector<Recipient> to{recipient(world.prison_b)};
  schema::SyncRequest request;
  for (auto* sender : {&world.prison_a, &world.partner_a}) {
    add(request, dossier.envelopes(*sender, dossier.first.epoch(), to));
  }
  world.sync(world.prison_a, request);
  const auto before = world.disk.changes();
  schema::SyncRequest outsider;
  add(outsider, dossier.envelopes(world.other_a, dossier.first.epoch(), to));
  world.sync(world.prison_a, outsider);
  CHECK(world.disk.changes() == before);
  CHECK(world.sync(world.prison_b).envelopes_size() == 3);  // two of these, and the first one
}

TEST_CASE("a list with an envelope for nobody who is enrolled is not kept", "[sync][envelopes]") {
  World world;
  TestDossier dossier(world);
  dossier.begin();
  const auto send = [&](const Recipient& stranger) {
    schema::SyncRequest request;
    add(request, dossier.envelopes(world.partner_a, dossier.first.epoch(),
                                   {recipient(world.prison_b), stranger}));
    world.sync(world.partner_a, request);
  };
  world.sync(world.partner_a);
  const auto before = world.disk.changes();
  send({RecipientKind::node, world.random.bytes<16>()});
  send({RecipientKind::recovery_key, world.random.bytes<16>()});
  CHECK(world.disk.changes() == before);
  send(recipient(world.desk));
  CHECK(world.disk.changes() > before);
}

TEST_CASE("a list that adds nothing is not kept; a wider one takes its place",
          "[sync][envelopes]") {
  World world;
  TestDossier dossier(world);
  dossier.begin();
  const auto epoch = dossier.first.epoch();
  const auto narrow = dossier.envelopes(world.partner_a, epoch, {recipient(world.prison_b)});
  const auto wide = dossier.envelopes(world.partner_a, epoch,
                                      {recipient(world.prison_b), recipient(world.prison_a)});
  schema::SyncRequest send_narrow;
  add(send_narrow, narrow);
  schema::SyncRequest send_wide;
  add(send_wide, wide);
  world.sync(world.partner_a, send_narrow);
  world.sync(world.partner_a, send_wide);
  world.sync(world.prison_b);
  const auto before = world.disk.changes();
  world.sync(world.partner_a, send_narrow);
  world.sync(world.partner_a, send_wide);
  CHECK(world.disk.changes() == before);
  world.prison_b.cursor.clear();
  const auto reply = world.sync(world.prison_b);
  REQUIRE(reply.envelopes_size() == 2);
  CHECK(reply.envelopes(1).bytes() == wire::text(wide.encode()));
}

TEST_CASE("a list with one bit flipped is not kept", "[sync][envelopes]") {
  World world;
  TestDossier dossier(world);
  dossier.begin();
  schema::SyncRequest good;
  add(good, dossier.envelopes(world.prison_a, dossier.first.epoch(), {recipient(world.prison_b)}));
  const auto size = good.envelopes(0).bytes().size();
  for (std::size_t at = 0; at < size; at += 5) {
    auto request = good;
    auto& byte = (*request.mutable_envelopes(0)->mutable_bytes())[at];
    byte = static_cast<char>(byte ^ 1);
    world.sync(world.prison_a, request);
  }
  CHECK(world.sync(world.prison_b).envelopes_size() == 1);  // the first one
}

TEST_CASE("who lacks an envelope is named to its own organisation, the owner and the desk",
          "[sync][envelopes]") {
  World world;
  TestDossier dossier(world);
  dossier.begin();
  const auto wanted_of = [&](Node& node) {
    std::set<std::string> out;
    node.cursor.clear();
    const auto reply = world.sync(node);
    for (const auto& each : reply.wanted()) out.insert(each.recipient());
    return out;
  };
  const auto id = [](const Node& node) { return wire::text(node.id.bytes); };
  const std::set<std::string> all{id(world.prison_a), id(world.prison_b), id(world.partner_a),
                                  id(world.desk)};
  CHECK(wanted_of(world.prison_a) == all);
  CHECK(wanted_of(world.desk) == all);
  CHECK(wanted_of(world.partner_a) == std::set{id(world.partner_a)});
  CHECK(wanted_of(world.other_a).empty());

  schema::SyncRequest request;
  add(request, dossier.envelopes(world.prison_a, dossier.first.epoch(),
                                 {recipient(world.partner_a), recipient(world.prison_a)}));
  world.sync(world.prison_a, request);
  CHECK(wanted_of(world.desk) == std::set{id(world.prison_b), id(world.desk)});
}

TEST_CASE("a partner's envelope for another organisation keeps nobody from asking for a real one",
          "[sync][envelopes]") {
  World world;
  TestDossier dossier(world);
  dossier.begin();
  const auto wants_prison_b = [&](Node& node) {
    node.cursor.clear();
    const auto reply = world.sync(node);
    return std::any_of(reply.wanted().begin(), reply.wanted().end(), [&](const auto& each) {
      return each.recipient() == wire::text(world.prison_b.id.bytes);
    });
  };
  const auto seal = [&](Node& sender) {
    schema::SyncRequest request;
    add(request, dossier.envelopes(sender, dossier.first.epoch(), {recipient(world.prison_b)}));
    world.sync(sender, request);
  };
  seal(world.partner_a);
  CHECK(wants_prison_b(world.prison_a));
  CHECK(wants_prison_b(world.desk));
  seal(world.prison_a);
  CHECK_FALSE(wants_prison_b(world.prison_a));
  CHECK_FALSE(wants_prison_b(world.desk));
  world.revoke(world.prison_a);  // it may have been stolen before it sealed that one
  world.hand_over();
  CHECK(wants_prison_b(world.desk));
}

TEST_CASE("when a node is enrolled, those who can seal for it are told at once",
          "[sync][envelopes]") {
  World world;
  TestDossier dossier(world);
  dossier.begin();
  world.sync(world.prison_a);
  CHECK(world.sync(world.prison_a).wanted_size() == 0);
  const Node fresh = world.make_node(world.partner);
  world.enrol(fresh);
  world.hand_over();
  const auto reply = world.sync(world.prison_a);
  const auto is_fresh = [&](const auto& w) { return w.recipient() == wire::text(fresh.id.bytes); };
  CHECK(std::any_of(reply.wanted().begin(), reply.wanted().end(), is_fresh));
}

TEST_CASE("of many changes in several answers no envelope list is left out, whatever came after it",
          "[sync][envelopes]") {
  World world;
  constexpr std::size_t count = dossiers_per_reply_max + 20;
  std::vector<TestDossier> made;
  for (std::size_t i = 0; i < count; ++i) {
    made.emplace_back(world);
    made.back().begin();
  }
  for (const auto& dossier : made) world.sync(world.prison_a, with_digest(dossier, 1, 'd'));
  std::set<std::string> lists;
  std::size_t digests = 0;
  for (bool more = true; more;) {
    const auto reply = world.sync(world.partner_a);
    for (const auto& list : reply.envelopes()) lists.insert(list.bytes());
    digests += static_cast<std::size_t>(reply.digests_size());
    more = reply.more();
  }
  CHECK(lists.size() == count);
  CHECK(digests == count);
}

TEST_CASE("of one sender so many envelope lists are kept for an epoch, and others' all the same",
          "[sync][envelopes]") {
  World world;
  TestDossier dossier(world);
  dossier.begin();
  const auto epoch = dossier.first.epoch();
  const auto kept_of = [&](const Node& sender) {
    auto transaction = StoreTransaction::begin(world.store());
    return world.store().lists_of(dossier.envelopes(sender, epoch, {}));
  };
  schema::SyncRequest request;
  std::vector<sync::Recipient> last;
  for (std::uint64_t i = 0; i < lists_of_one_sender_max + 2; ++i) {
    const Node node = world.make_node(world.other);
    world.enrol(node);
    last = {{sync::RecipientKind::node, node.id.bytes}};
    add(request, dossier.envelopes(world.partner_a, epoch, last));
  }
  world.hand_over();
  world.sync(world.partner_a, request);
  CHECK(kept_of(world.partner_a) == lists_of_one_sender_max);
  schema::SyncRequest desks;
  add(desks, dossier.envelopes(world.desk, epoch, last));
  world.sync(world.desk, desks);
  CHECK(kept_of(world.desk) == 1);
}

}  // namespace
