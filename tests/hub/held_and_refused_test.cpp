// What the hub holds, what it refuses for good, and what it calls a fork.
#include <catch_amalgamated.hpp>

#include "hub/wire.h"
#include "tests/hub/made_up.h"

namespace {

using namespace throughgate;
using namespace throughgate::hub;
using namespace throughgate::hub::testing;
using sync::Outcome;
using sync::Reason;
using sync::Role;
using sync::Ruling;

// ---- hold

TEST_CASE("a first entry without an envelope for every member's recovery key is held",
          "[sequencer]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.new_stream();
  const auto entry = dossier.write_first(stream);
  CHECK(send(world, world.prison_a, entry) == hold(Reason::envelopes_missing));

  auto some = dossier.recovery_keys(dossier.first);
  some.pop_back();
  auto request = with({entry});
  add(request, dossier.envelopes(world.prison_a, dossier.first.epoch(), some));
  CHECK(ruling_of(world, world.sync(world.prison_a, request)) == hold(Reason::envelopes_missing));
  CHECK(world.length(dossier.id) == 0);

  auto whole = with({entry});  // an outsider's list does not count
  add(whole, dossier.envelopes(world.other_a, dossier.first.epoch(),
                               dossier.recovery_keys(dossier.first)));
  CHECK(ruling_of(world, world.sync(world.prison_a, whole)) == hold(Reason::envelopes_missing));
  add(whole, dossier.envelopes(world.prison_a, dossier.first.epoch(),
                               dossier.recovery_keys(dossier.first)));
  CHECK(ruling_of(world, world.sync(world.prison_a, whole)) == accepted);
}

TEST_CASE("what comes before what it builds on is held, and accepted later", "[sequencer]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();

  SECTION("its dossier is unknown") {
    TestDossier unknown(world);
    Stream other = unknown.new_stream();
    auto first = with({unknown.write_first(other)});
    add(first, unknown.envelopes(world.prison_a, unknown.first.epoch(),
                                 unknown.recovery_keys(unknown.first)));
    Draft draft;
    draft.base_head = sync::chain_start(unknown.id);
    const auto next = unknown.write(world.prison_a, other, draft);
    CHECK(send(world, world.prison_a, next) == hold(Reason::dossier_unknown));
    world.sync(world.prison_a, first);
    CHECK(send(world, world.prison_a, next) == accepted);
  }
  SECTION("its predecessor is missing") {
    const auto one = dossier.write(world.prison_a, stream);
    const auto two = dossier.write(world.prison_a, stream);
    CHECK(send(world, world.prison_a, two) == hold(Reason::predecessor_missing));
    CHECK(send(world, world.prison_a, one) == accepted);
    CHECK(send(world, world.prison_a, two) == accepted);
  }
  SECTION("a dependency is missing") {
    Stream partners = dossier.new_stream();
    const auto carried = dossier.write(world.partner_a, partners);
    Draft draft;
    draft.dependencies = {{partners.id, partners.seq, partners.tip}};
    const auto builds = dossier.write(world.prison_a, stream, draft);
    CHECK(send(world, world.prison_a, builds) == hold(Reason::dependency_missing));
    CHECK(send(world, world.prison_a, carried) == accepted);
    CHECK(send(world, world.prison_a, builds) == accepted);
  }
  SECTION("its organisation is not yet a member") {
    Stream others = dossier.new_stream();
    const auto early = dossier.write(world.other_a, others);
    CHECK(send(world, world.other_a, early) == hold(Reason::not_yet_a_member));
    auto next = dossier.next_membership();
    next.members.push_back({world.other, Role::contributor});
    std::sort(next.members.begin(), next.members.end(),
              [](auto& a, auto& b) { return a.organisation < b.organisation; });
    CHECK(send(world, world.prison_a,
               dossier.write(world.prison_a, stream, TestDossier::membership_draft(next))) ==
          accepted);
    CHECK(send(world, world.other_a, early) == accepted);
  }
  CHECK(late_entries(world) == 0);
}

TEST_CASE("an entry of an unknown version is held for ever, and nothing is kept of it",
          "[sequencer]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  auto request = with({dossier.write(world.prison_a, stream)});
  auto& header = *request.mutable_entries(0)->mutable_entries(0)->mutable_header();
  header[0] = 9;
  for (int i = 0; i < 3; ++i) {
    const auto reply = world.sync(world.prison_a, request);
    CHECK(ruling_of(world, reply) == hold(Reason::update_needed));
    CHECK(verdict_of(reply.answers(0))->entry == sync::entry_hash(crypto::as_bytes(header)));
    world.now_ms += 20 * day_ms;
    world.prison_a.token.clear();
  }
}

TEST_CASE("a hold older than fourteen days becomes a rejection, and closes the stream",
          "[sequencer]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  const auto one = dossier.write(world.prison_a, stream);
  const auto two = dossier.write(world.prison_a, stream);
  CHECK(send(world, world.prison_a, two) == hold(Reason::predecessor_missing));
  world.now_ms += 14 * day_ms;
  world.prison_a.token.clear();
  CHECK(send(world, world.prison_a, two) == hold(Reason::predecessor_missing));
  ++world.now_ms;
  CHECK(send(world, world.prison_a, two) == rejected(Reason::expired));
  CHECK(late_entries(world) == 1);
  CHECK(send(world, world.prison_a, one) == rejected(Reason::stream_closed));
}

// ---- rejected, fork

TEST_CASE("each entry that can never be accepted is rejected with its reason, once for all",
          "[sequencer]") {
  World world;
  TestDossier dossier(
      world,
      {{world.prison, Role::owner}, {world.partner, Role::receiver}, {world.other, Role::reader}});
  Stream stream = dossier.begin();
  dossier.add(world.prison_a, stream);
  Stream fresh = dossier.new_stream();
  Node* author = &world.prison_a;
  Draft draft;
  std::optional<sync::VerifiedEntry> entry;
  Reason reason = Reason::none;

  SECTION("revoked") {
    entry = dossier.write(world.prison_b, fresh);
    author = nullptr;
    world.revoke(world.prison_b);
    world.hand_over();
    reason = Reason::revoked;
  }
  SECTION("no longer a member") {
    auto next = dossier.next_membership();
    std::erase_if(next.members, [&](auto& m) { return m.organisation == world.partner; });
    dossier.renew_key(next);
    auto request = with({dossier.write(*author, stream, TestDossier::membership_draft(next))});
    add(request, dossier.envelopes(*author, next.epoch(), dossier.recovery_keys(next)));
    CHECK(ruling_of(world, world.sync(*author, request)) == accepted);
    entry = dossier.write(world.partner_a, fresh);
    reason = Reason::not_a_member;
  }
  SECTION("a reader") {
    entry = dossier.write(world.other_a, fresh);
    reason = Reason::reader;
  }
  SECTION("another's stream") {
    Stream taken = stream;
    entry = dossier.write(world.partner_a, taken);
    reason = Reason::stream_taken;
  }
  SECTION("a base on another chain") {
    draft.base_head = Hash{1};
    entry = dossier.write(*author, fresh, draft);
    reason = Reason::base;
  }
  SECTION("a dependency that conflicts") {
    draft.dependencies = {{stream.id, 1, Hash{9}}};
    entry = dossier.write(*author, fresh, draft);
    reason = Reason::dependency;
  }
  SECTION("a second first entry") {
    entry = dossier.write(*author, fresh, TestDossier::membership_draft(dossier.first));
    reason = Reason::second_first_entry;
  }
  SECTION("a key kept after a removal") {
    auto next = dossier.next_membership();
    std::erase_if(next.members, [&](auto& m) { return m.organisation == world.partner; });
    entry = dossier.write(*author, fresh, TestDossier::membership_draft(next));
    reason = Reason::key_kept_after_removal;
  }
  SECTION("a redaction by a receiver") {
    const auto target = world.look(dossier.id, [](const auto& o) { return *o.entry_at(2); });
    entry = dossier.write(world.partner_a, fresh, TestDossier::redaction_draft(2, target));
    reason = Reason::redact_role;
  }
  SECTION("a redaction of what is not there") {
    entry = dossier.write(*author, fresh, TestDossier::redaction_draft(2, Hash{1}));
    reason = Reason::redact_target;
  }
  REQUIRE(entry);
  const auto length = world.length(dossier.id);
  CHECK(send(world, world.prison_a, *entry) == rejected(reason));
  const auto reply = world.sync(world.prison_a, with({*entry}));
  CHECK(ruling_of(world, reply) == rejected(reason));
  CHECK(verdict_of(reply.answers(0))->given_at_ms == world.now_ms);
  world.now_ms += minute_ms;
  CHECK(verdict_of(world.sync(world.prison_a, with({*entry})).answers(0)) ==
        verdict_of(reply.answers(0)));  // remembered, not given anew
  CHECK(world.length(dossier.id) == length);
  CHECK(late_entries(world) == 1);
  world.start();
  CHECK(send(world, world.prison_a, *entry) == rejected(reason));
}

TEST_CASE("nobody closes another's stream by writing on it", "[sequencer]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  Stream fresh = dossier.new_stream();  // of the prison, not yet sent anywhere but by hand
  Stream known = stream;
  SECTION("that has entries") {
    Stream copy = stream;
    CHECK(send(world, world.partner_a, dossier.write(world.partner_a, copy)) ==
          rejected(Reason::stream_taken));
  }
  SECTION("that has none yet") {
    Draft off;
    off.base_head = Hash{1};
    Stream copy = fresh;
    CHECK(send(world, world.partner_a, dossier.write(world.partner_a, copy, off)) ==
          rejected(Reason::base));
    known = fresh;
  }
  CHECK(send(world, world.prison_a, dossier.write(world.prison_a, known)) == accepted);
}

TEST_CASE("a dossier id that is not its owner's is rejected", "[sequencer]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.new_stream();
  auto draft = TestDossier::membership_draft(dossier.first);
  const auto stolen = dossier.write(world.prison_b, stream, draft);  // a sister node's key
  auto request = with({stolen});
  add(request, dossier.envelopes(world.prison_b, dossier.first.epoch(),
                                 dossier.recovery_keys(dossier.first)));
  CHECK(ruling_of(world, world.sync(world.prison_b, request)) == rejected(Reason::first_entry));
}

TEST_CASE("two entries of one author for one place are a fork, proven by both headers",
          "[sequencer]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  Stream copy = stream;
  dossier.add(world.prison_a, stream);
  Draft draft;
  draft.base = 1;
  draft.reason = "another";
  const auto other = dossier.write(world.prison_a, copy, draft);
  const auto reply = world.sync(world.partner_a, with({other}));
  CHECK(ruling_of(world, reply) == Ruling{Outcome::fork, Reason::none});
  const auto& answer = reply.answers(0);
  const sync::ForkProof proof{other.bytes().header, other.bytes().signature,
                              wire::bytes(answer.fork_header()),
                              *wire::array<64>(answer.fork_signature())};
  CHECK(sync::proves_fork(proof, world.prison_a.key.verify_key()));
  CHECK(send(world, world.prison_a, dossier.write(world.prison_a, stream)) ==
        rejected(Reason::stream_closed));
  CHECK(world.sync(world.partner_a, with({other})).answers(0).SerializeAsString() ==
        answer.SerializeAsString());
}

TEST_CASE("a dependency in the late box is a rejection, not a wait", "[sequencer]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  Stream lost = dossier.new_stream();
  Draft elsewhere;
  elsewhere.base_head = Hash{1};
  CHECK(send(world, world.partner_a, dossier.write(world.partner_a, lost, elsewhere)) ==
        rejected(Reason::base));
  Draft draft;
  draft.dependencies = {{lost.id, lost.seq, lost.tip}};
  CHECK(send(world, world.prison_a, dossier.write(world.prison_a, stream, draft)) ==
        rejected(Reason::dependency));
}

TEST_CASE("of two memberships made at once both have a place and one takes effect", "[sequencer]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  Stream desks = dossier.new_stream();
  auto one = dossier.next_membership();
  auto two = one;
  std::erase_if(two.members, [&](auto& m) { return m.organisation == world.partner; });
  dossier.renew_key(two);
  const auto by_desk = dossier.write(world.desk, desks, TestDossier::membership_draft(one));
  const auto by_owner = dossier.write(world.prison_a, stream, TestDossier::membership_draft(two));
  CHECK(send(world, world.desk, by_desk) == accepted);
  CHECK(send(world, world.prison_a, by_owner) == accepted);  // inert: needs no envelopes
  world.look(dossier.id, [&](const StoredOrder& order) {
    CHECK(order.length() == 3);
    CHECK(order.memberships().current()->entry == by_desk.hash());
    CHECK_FALSE(order.memberships().epoch_known(two.epoch()));
    return 0;
  });
}

}  // namespace
