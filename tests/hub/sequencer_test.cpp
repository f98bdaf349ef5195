// What the hub answers to each entry, asked in bytes.
#include <catch_amalgamated.hpp>

#include "hub/wire.h"
#include "tests/hub/made_up.h"

namespace {

using namespace throughgate;
using namespace throughgate::hub;
using namespace throughgate::hub::testing;
using schema::EntryAnswer;
using sync::Outcome;
using sync::Reason;
using sync::Ruling;
using sync::WireForm;

// ---- accepted

TEST_CASE("a first entry and what follows it get places 1, 2, 3", "[sequencer]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  dossier.add(world.prison_a, stream);
  Stream partners = dossier.new_stream();
  dossier.add(world.partner_a, partners);
  const Chain chain = world.chain(dossier.id);
  CHECK(chain.length == 3);
  CHECK(chain.directory_version == world.sequencer().directory().version());
  CHECK(chain.accepted_at_ms == world.now_ms);
  CHECK(chain.signed_by == world.sequencer().state().instance);
}

TEST_CASE("the short form of an entry is accepted as the full one is", "[sequencer]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.new_stream();
  auto request = with({dossier.write_first(stream)}, WireForm::brief);
  add(request, dossier.envelopes(world.prison_a, dossier.first.epoch(),
                                 dossier.recovery_keys(dossier.first)));
  CHECK(ruling_of(world, world.sync(world.prison_a, request)) == accepted);
  const auto next = dossier.write(world.prison_a, stream);
  CHECK(ruling_of(world, world.sync(world.prison_a, with({next}, WireForm::brief))) == accepted);
}

TEST_CASE("a whole outbox of one stream is placed in one request", "[sequencer]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  std::vector<sync::VerifiedEntry> outbox;
  outbox.reserve(20);
  for (int i = 0; i < 20; ++i) outbox.push_back(dossier.write(world.prison_a, stream));
  const auto reply = world.sync(world.prison_a, with(outbox, WireForm::brief));
  for (int i = 0; i < 20; ++i) CHECK(ruling_of(world, reply, i) == accepted);
  CHECK(world.length(dossier.id) == 21);
}

TEST_CASE("the hub's clock going back does not make accepted_at fall", "[sequencer]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  const std::uint64_t before = world.now_ms;
  world.now_ms -= 1000;
  world.prison_a.token.clear();
  dossier.add(world.prison_a, stream);
  CHECK(world.chain(dossier.id).accepted_at_ms == before);
}

TEST_CASE("an entry sent again keeps its place, whoever brings it", "[sequencer]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  const auto entry = dossier.write(world.prison_a, stream);
  for (int i = 0; i < 3; ++i) CHECK(send(world, world.prison_a, entry) == accepted);
  CHECK(world.length(dossier.id) == 2);

  const auto reply = world.sync(world.other_a, with({entry}));  // a carrier sees no chain
  CHECK(ruling_of(world, reply) == Ruling{Outcome::duplicate, Reason::none});
  CHECK(verdict_of(reply.answers(0))->dsn == 2);
}

TEST_CASE("a carrier that is no member gets a signed verdict with the place", "[sequencer]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  const auto entry = dossier.write(world.prison_a, stream);
  const auto reply = world.sync(world.other_a, with({entry}));
  CHECK(ruling_of(world, reply) == accepted);
  const auto verdict = verdict_of(reply.answers(0));
  REQUIRE(verdict);
  CHECK(verdict->dsn == 2);
  CHECK(verdict->entry == entry.hash());
  CHECK(verdict->dossier == dossier.id);
}

TEST_CASE("a redaction deletes the sealed part of what it names", "[sequencer]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  dossier.add(world.prison_a, stream);
  const auto target = world.look(dossier.id, [](const auto& order) { return *order.entry_at(2); });
  CHECK(send(world, world.prison_a,
             dossier.write(world.prison_a, stream, TestDossier::redaction_draft(2, target))) ==
        accepted);
  const auto placed = world.look(dossier.id, [](const auto& order) { return *order.read(2); });
  CHECK(placed.entry.sealed.empty());
  const auto page = world.fetch(world.partner_a, dossier.id, 0).pages(0);
  CHECK(page.entries().entries(1).sealed().empty());
  CHECK(page.entries().entries(1).sealed_note().length() > 0);
}

// ---- need full, bad

TEST_CASE("a short form that does not expand is asked for in full, and nothing is kept of it",
          "[sequencer]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  Draft draft;
  draft.base_head = Hash{1};  // another chain
  const auto elsewhere = dossier.write(world.prison_a, stream, draft);
  const auto reply = world.sync(world.prison_a, with({elsewhere}, WireForm::brief));
  CHECK(reply.answers(0).plain() == EntryAnswer::NEED_FULL);
  CHECK(late_entries(world) == 0);
  CHECK(send(world, world.prison_a, elsewhere) == rejected(Reason::base));
}

TEST_CASE("an entry with any bit flipped is bad: nothing is kept, nothing closed", "[sequencer]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  const auto entry = dossier.write(world.prison_a, stream);
  const auto good = with({entry});
  const auto& bytes = entry.bytes();
  const std::size_t which = GENERATE(0u, 1u, 2u);
  const std::size_t size = which == 0   ? bytes.header.size()
                           : which == 1 ? bytes.signature.size()
                                        : bytes.sealed.size();
  for (std::size_t at = 0; at < size; at += 7) {
    auto request = good;
    auto& wire = *request.mutable_entries(0)->mutable_entries(0);
    auto& part = which == 0   ? *wire.mutable_header()
                 : which == 1 ? *wire.mutable_signature()
                              : *wire.mutable_sealed();
    part[at] = static_cast<char>(part[at] ^ 4);
    const auto reply = world.sync(world.prison_a, request);
    if (reply.answers(0).plain() != EntryAnswer::BAD) {  // a version of its own, as it claims
      CAPTURE(at);
      REQUIRE(which == 0);
      REQUIRE(at < 2);
      CHECK(ruling_of(world, reply) == hold(Reason::update_needed));
    }
  }
  CHECK(late_entries(world) == 0);
  CHECK(send(world, world.prison_a, entry) == accepted);
}

TEST_CASE("an author that the directory does not list is bad", "[sequencer]") {
  World world;
  TestDossier dossier(world);
  dossier.begin();
  Node unknown = world.make_node(world.prison);
  Stream stream = dossier.new_stream();
  const auto entry = dossier.write(unknown, stream);
  CHECK(world.sync(world.prison_a, with({entry})).answers(0).plain() == EntryAnswer::BAD);
  world.enrol(unknown);
  world.hand_over();
  CHECK(send(world, world.prison_a, entry) == accepted);
}

TEST_CASE("an entry in a group of another dossier is bad", "[sequencer]") {
  World world;
  TestDossier one(world);
  TestDossier two(world);
  Stream stream = one.begin();
  two.begin();
  auto request = with({one.write(world.prison_a, stream)});
  request.mutable_entries(0)->set_dossier(wire::text(two.id.bytes));
  CHECK(world.sync(world.prison_a, request).answers(0).plain() == EntryAnswer::BAD);
}

// ---- limits of this hub

TEST_CASE("over its quota an organisation waits, and nothing is refused for ever", "[sequencer]") {
  World world;
  SECTION("of bytes in a day") {
    TestDossier dossier(world);
    Stream stream = dossier.begin();
    world.limits.bytes_per_day_max = 600;
    world.start();
    const auto entry = dossier.write(world.prison_a, stream);
    CHECK(send(world, world.prison_a, entry) == hold(Reason::over_quota));
    world.now_ms += 20 * day_ms;
    world.prison_a.token.clear();
    CHECK(send(world, world.prison_a, entry) == accepted);
  }
  SECTION("of bytes in a day, what is only noted as held too") {
    TestDossier dossier(world);
    Stream stream = dossier.begin();
    world.limits.bytes_per_day_max = 1200;
    world.start();
    dossier.write(world.prison_a, stream);  // never sent
    std::vector<Ruling> answers;
    for (int i = 0; i < 4; ++i) {
      answers.push_back(send(world, world.prison_a, dossier.write(world.prison_a, stream)));
    }
    CHECK(answers.front() == hold(Reason::predecessor_missing));
    CHECK(answers.back() == hold(Reason::over_quota));
  }
  SECTION("of dossiers") {
    world.limits.dossiers_max = 1;
    world.start();
    TestDossier one(world);
    one.begin();
    TestDossier two(world);
    Stream stream = two.new_stream();
    auto request = with({two.write_first(stream)});
    add(request, two.envelopes(world.prison_a, two.first.epoch(), two.recovery_keys(two.first)));
    CHECK(ruling_of(world, world.sync(world.prison_a, request)) == hold(Reason::over_quota));
    world.limits.dossiers_max = 2;
    world.start();
    CHECK(ruling_of(world, world.sync(world.prison_a, request)) == accepted);
  }
  SECTION("of the late box") {
    world.limits.late_bytes_max = 100;
    world.start();
    TestDossier dossier(world);
    Stream stream = dossier.begin();
    Draft draft;
    draft.base_head = Hash{1};
    const auto entry = dossier.write(world.prison_a, stream, draft);
    CHECK(send(world, world.prison_a, entry) == hold(Reason::over_quota));
    world.limits.late_bytes_max = 100'000;
    world.start();
    CHECK(send(world, world.prison_a, entry) == rejected(Reason::base));
  }
}

}  // namespace
