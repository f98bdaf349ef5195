// A hub put back from a copy, or rebuilt from nothing: what it asks for, believes and opens.
#include <catch_amalgamated.hpp>

#include "hub/wire.h"
#include "sync/contexts.h"
#include "tests/hub/made_up.h"

namespace {

using namespace throughgate;
using namespace throughgate::hub;
using namespace throughgate::hub::testing;
using schema::HeadAnswer;
using sync::Outcome;
using sync::Reason;
using sync::Role;
using sync::Ruling;

constexpr Ruling recovering{Outcome::hold, Reason::hub_recovering};

// What a node holds of a dossier: the head its chain has reached, and every entry up to it.
struct Held {
  sync::SignedHead head;
  schema::FetchReply pages;
  std::vector<sync::Head> locator;
};

Held take_copy(World& world, Node& node, const TestDossier& dossier) {
  node.cursor.clear();
  Held held;
  for (const auto& head : heads_of(world.sync(node))) {
    if (head.head.dossier == dossier.id) held.head = head;
  }
  REQUIRE(held.head.head.dsn > 0);
  held.pages = world.fetch(node, dossier.id, 0);
  for (std::uint64_t dsn = 0; dsn < held.head.head.dsn; ++dsn) {
    held.locator.push_back(world.place(dossier.id, dsn));
  }
  return held;
}

// The first epoch's keys, as each node that keeps them gives them back.
void bring_keys(World& world, TestDossier& dossier) {
  schema::SyncRequest request;
  add(request, dossier.envelopes(world.prison_a, dossier.first.epoch(),
                                 dossier.recovery_keys(dossier.first)));
  world.sync(world.prison_a, request);
}

// The entries of a held chain from a place on, in full: nothing is left to be rebuilt.
schema::Replay replay_from(const Held& held, std::uint64_t from, std::uint64_t to = UINT64_MAX) {
  const auto& all = held.pages.pages(0);
  schema::Replay replay;
  put(held.head, *replay.mutable_proof());
  auto& page = *replay.mutable_page();
  page.set_from_dsn(from);
  *page.mutable_entries() = all.entries();
  page.mutable_entries()->clear_entries();
  for (int i = static_cast<int>(from) - 1; i < all.records_size(); ++i) {
    if (static_cast<std::uint64_t>(i) >= to) break;
    *page.mutable_entries()->add_entries() = all.entries().entries(i);
    *page.add_records() = all.records(i);
  }
  return replay;
}

HeadAnswer present(World& world, Node& node, const Held& held, schema::SyncRequest request = {}) {
  add(request, held.head, held.locator);
  const auto reply = world.sync(node, request);
  REQUIRE(reply.head_answers_size() == 1);
  return reply.head_answers(0);
}

void say_complete(World& world, Node& node) {
  schema::SyncRequest request;
  request.set_replay_complete(true);
  world.sync(node, request);
}

void everybody_complete(World& world) {
  for (auto* node : {&world.prison_a, &world.prison_b, &world.partner_a, &world.desk}) {
    say_complete(world, *node);
  }
}

// Presents and replays until the hub wants no more. The number of requests it took.
int replay_all(World& world, Node& node, const Held& held, std::uint64_t step = UINT64_MAX) {
  for (int requests = 1;; ++requests) {
    REQUIRE(requests < 50);
    const auto answer = present(world, node, held);
    if (answer.standing() != HeadAnswer::MISSING) return requests;
    schema::SyncRequest request;
    const auto from = answer.from_dsn();
    *request.add_replays() = replay_from(held, from, step == UINT64_MAX ? step : from - 1 + step);
    world.sync(node, request);
  }
}

TEST_CASE("a new instance answers only hello until a directory names it", "[recovery]") {
  World world;
  world.sync(world.prison_a);
  REQUIRE(world.sequencer().begin_new_instance());
  for (auto* node : {&world.prison_a, &world.desk}) {
    node->token.clear();
    CHECK(world.try_sync(*node, {}).status == 503);
  }
  world.name_hub();
  schema::SyncRequest request;  // any node may bring it
  wire::set(world.steps.back(), *request.add_directory());
  world.sync(world.partner_a, request);
  world.prison_a.token.clear();
  world.sync(world.prison_a);
}

TEST_CASE("a hub rebuilt from nothing learns whom it serves from the first node that comes",
          "[recovery]") {
  World world;
  world.sync(world.prison_a);
  world.disk.load({});
  REQUIRE_FALSE(world.sequencer().refresh());
  sync::store::OpenOptions options;
  options.vfs = world.disk.vfs_name();
  REQUIRE(SqliteStore::create(hub_file, hub_file_key(), world.random, options));
  world.start();
  CHECK(world.try_sync(world.prison_a, {}).status == 503);
  {
    auto transaction = StoreTransaction::begin(world.store());
    world.store().trust(world.directory_key.verify_key());
    REQUIRE(transaction->commit());
  }
  world.name_hub();
  schema::SyncRequest request;
  for (const auto& step : world.steps) wire::set(step, *request.add_directory());
  world.sync(world.prison_a, request);
  // It has lived before: even a dossier that nobody knows waits.
  TestDossier dossier(world);
  Stream stream = dossier.new_stream();
  auto first = with({dossier.write_first(stream)});
  add(first, dossier.envelopes(world.prison_a, dossier.first.epoch(),
                               dossier.recovery_keys(dossier.first)));
  CHECK(ruling_of(world, world.sync(world.prison_a, first)) == recovering);
  everybody_complete(world);
  CHECK(ruling_of(world, world.sync(world.prison_a, first)) == accepted);
}

TEST_CASE("a recovering dossier opens when every active node of every member has replayed",
          "[recovery]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  world.declare_restore();
  world.start();
  const auto entry = dossier.write(world.prison_a, stream);
  for (auto* node : {&world.prison_a, &world.prison_b, &world.desk}) {
    say_complete(world, *node);
    CHECK(ruling_of(world, world.sync(world.prison_a, with({entry}))) == recovering);
    CHECK(world.fetch(world.prison_a, dossier.id, 0).pages_size() == 0);
    CHECK_FALSE(world.sync(world.prison_b).has_heads());
  }
  SECTION("the last one does") { say_complete(world, world.partner_a); }
  SECTION("the last one is revoked") {
    world.revoke(world.partner_a);
    world.hand_over();
  }
  CHECK(world.sync(world.prison_b).heads().heads_size() == 1);  // its pointers have moved
  CHECK(ruling_of(world, world.sync(world.prison_a, with({entry}))) == accepted);
}

TEST_CASE("a recovering dossier opens after seven days, or when the desk says so", "[recovery]") {
  World world;
  TestDossier dossier(world);
  TestDossier another(world);
  Stream stream = dossier.begin();
  Stream anothers = another.begin();
  world.declare_restore();
  world.start();
  const auto entry = dossier.write(world.prison_a, stream);
  const auto other = another.write(world.prison_a, anothers);
  SECTION("seven days") {
    world.now_ms += 7 * day_ms - 1;
    CHECK(ruling_of(world, world.sync(world.prison_a, with({entry}))) == recovering);
    ++world.now_ms;
  }
  SECTION("all") { REQUIRE(world.sequencer().open(std::nullopt, world.now_ms)); }
  SECTION("one") {
    REQUIRE(world.sequencer().open(dossier.id, world.now_ms));
    CHECK(ruling_of(world, world.sync(world.prison_a, with({other}))) == recovering);
    REQUIRE(world.sequencer().open(another.id, world.now_ms));
    CHECK_FALSE(world.sequencer().open(DossierId{}, world.now_ms));
  }
  CHECK(ruling_of(world, world.sync(world.prison_a, with({entry}))) == accepted);
  CHECK(ruling_of(world, world.sync(world.prison_a, with({other}))) == accepted);
  CHECK(world.sync(world.partner_a).heads().heads_size() == 2);
}

TEST_CASE("what was lost comes back from the nodes, byte for byte", "[recovery]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  dossier.add(world.prison_a, stream);
  const auto old = world.copy();
  for (int i = 0; i < 7; ++i) dossier.add(world.prison_a, stream);
  const Held held = take_copy(world, world.partner_a, dossier);
  SECTION("all in one request") {
    world.put_back(old);
    world.declare_restore();
    CHECK(present(world, world.partner_a, held).from_dsn() == 3);
    replay_all(world, world.partner_a, held);
  }
  SECTION("two entries at a time, the hub restarted between") {
    world.put_back(old);
    world.declare_restore();
    CHECK(present(world, world.partner_a, held).from_dsn() == 3);
    schema::SyncRequest request;
    *request.add_replays() = replay_from(held, 3, 4);
    world.sync(world.partner_a, request);
    world.sync(world.partner_a, request);  // twice over
    world.start();
    CHECK(present(world, world.partner_a, held).from_dsn() == 5);
    CHECK(replay_all(world, world.partner_a, held, 2) == 4);
  }
  SECTION("everything, by a hub rebuilt from nothing") {
    world.disk.load({});
    (void)world.sequencer().refresh();
    sync::store::OpenOptions options;
    options.vfs = world.disk.vfs_name();
    REQUIRE(SqliteStore::create(hub_file, hub_file_key(), world.random, options));
    world.start();
    {
      auto transaction = StoreTransaction::begin(world.store());
      world.store().trust(world.directory_key.verify_key());
      REQUIRE(transaction->commit());
    }
    world.name_hub();
    world.hand_over();
    // The old key is lost with the old hub: heads signed by it prove nothing but under its name.
    CHECK(present(world, world.partner_a, held).from_dsn() == 1);
    replay_all(world, world.partner_a, held);
    CHECK(world.place(dossier.id, 9) != held.head.head);  // not without its keys
    bring_keys(world, dossier);
    present(world, world.partner_a, held);
  }
  CHECK(world.place(dossier.id, 9) == held.head.head);
  CHECK(present(world, world.partner_a, held).standing() == HeadAnswer::RECOVERING);
  everybody_complete(world);
  CHECK(present(world, world.partner_a, held).standing() == HeadAnswer::KNOWN);
  const auto again = world.fetch(world.partner_a, dossier.id, 0);
  CHECK(again.pages(0).SerializeAsString() == held.pages.pages(0).SerializeAsString());
}

TEST_CASE("a replay that does not reach its signed head changes nothing", "[recovery]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  const auto old = world.copy();
  for (int i = 0; i < 4; ++i) dossier.add(world.prison_a, stream);
  const Held held = take_copy(world, world.partner_a, dossier);
  world.put_back(old);
  world.declare_restore();
  REQUIRE(present(world, world.partner_a, held).from_dsn() == 2);
  schema::SyncRequest request;
  auto& replay = *request.add_replays();
  replay = replay_from(held, 2);
  SECTION("a time altered") {
    auto& record = *replay.mutable_page()->mutable_records(3);
    record.set_accepted_at_ms(record.accepted_at_ms() + 1);
  }
  SECTION("a directory version that is not yet") {
    replay.mutable_page()->mutable_records(3)->set_directory_version(UINT64_MAX);
  }
  SECTION("two entries exchanged") {
    replay.mutable_page()->mutable_entries()->mutable_entries()->SwapElements(0, 1);
  }
  SECTION("a sealed part left out") {
    auto& entry = *replay.mutable_page()->mutable_entries()->mutable_entries(2);
    const auto sealed = crypto::as_bytes(entry.sealed());
    const auto digest = sync::digest_of_part(sealed);
    entry.mutable_sealed_note()->set_length(digest.length);
    entry.mutable_sealed_note()->set_hash(wire::text(digest.hash));
    entry.clear_sealed();
  }
  SECTION("a signature altered") {
    auto& signature =
        *replay.mutable_page()->mutable_entries()->mutable_entries(0)->mutable_signature();
    signature[0] = static_cast<char>(signature[0] ^ 1);
  }
  SECTION("a record short") { replay.mutable_page()->mutable_records()->RemoveLast(); }
  SECTION("a head of nobody's") {
    auto& root = *replay.mutable_proof()->mutable_root()->mutable_signature();
    root[0] = static_cast<char>(root[0] ^ 1);
  }
  world.sync(world.partner_a, request);
  CHECK(world.length(dossier.id) == 1);
  // Another node is not held up by it.
  CHECK(present(world, world.prison_b, held).from_dsn() == 2);
  replay_all(world, world.prison_b, held);
  CHECK(world.length(dossier.id) == 5);
}

// Whoever wrote it is withdrawn, and the one who holds its order comes last.
TEST_CASE("nothing is refused for good while an order in which it has its place may come",
          "[recovery]") {
  World world;
  TestDossier dossier(world);
  const auto old = world.copy();
  Stream stream = dossier.new_stream();
  const auto first = with({dossier.write_first(stream)});
  auto request = first;
  const auto keys = dossier.envelopes(world.prison_a, dossier.first.epoch(),
                                      dossier.recovery_keys(dossier.first));
  add(request, keys);
  REQUIRE(ruling_of(world, world.sync(world.prison_a, request)) == accepted);
  const Held held = take_copy(world, world.partner_a, dossier);
  world.put_back(old);
  world.declare_restore();
  world.revoke(world.prison_a);
  world.hand_over();
  for (auto* node : {&world.prison_b, &world.desk, &world.partner_a}) say_complete(world, *node);
  CHECK(ruling_of(world, world.sync(world.partner_a, first)) == recovering);
  SECTION("it comes") {
    schema::SyncRequest with_keys;
    add(with_keys, keys);
    world.sync(world.partner_a, with_keys);
    replay_all(world, world.partner_a, held);
    CHECK(present(world, world.partner_a, held).standing() == HeadAnswer::KNOWN);
    CHECK(ruling_of(world, world.sync(world.partner_a, first)) == accepted);
  }
  SECTION("it does not come in time") {
    REQUIRE(world.sequencer().open(std::nullopt, world.now_ms));
    CHECK(ruling_of(world, world.sync(world.partner_a, first)) ==
          Ruling{Outcome::rejected, Reason::revoked});
  }
}

TEST_CASE("of two chains that differ, the one signed by the newest instance wins", "[recovery]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  const auto copy_1 = world.copy();
  Stream lost = stream;
  for (int i = 0; i < 3; ++i) dossier.add(world.prison_a, lost);
  const Held older = take_copy(world, world.prison_b, dossier);  // 4 long, by the first instance

  world.put_back(copy_1);
  world.declare_restore();
  REQUIRE(world.sequencer().open(std::nullopt, world.now_ms));
  Stream partners = dossier.new_stream();
  dossier.add(world.partner_a, partners);
  const Held newer = take_copy(world, world.partner_a, dossier);  // 2 long, by the second

  SECTION("and the older one is to be taken back once the dossier is open") {
    const auto answer = present(world, world.prison_b, older);
    CHECK(answer.standing() == HeadAnswer::UNKNOWN);
    CHECK(answer.from_dsn() == 1);
  }
  SECTION("also when the older one is held") {
    world.put_back(copy_1);
    world.sign([&](auto& body) {  // the second instance is known from the directory
      body.mutable_hub()->set_verify_key(wire::text(world.sequencer().verify_key()));
      body.mutable_hub()->set_instance(wire::text(newer.head.root.instance.bytes));
    });
    world.hand_over();
    world.declare_restore();
    replay_all(world, world.prison_b, older);
    CHECK(world.length(dossier.id) == 4);
    const auto answer = present(world, world.partner_a, newer);
    CHECK(answer.standing() == HeadAnswer::MISSING);
    CHECK(answer.from_dsn() == 2);
    replay_all(world, world.partner_a, newer);
    CHECK(world.place(dossier.id, 2) == newer.head.head);
    CHECK(present(world, world.prison_b, older).standing() == HeadAnswer::RECOVERING);
    CHECK(world.length(dossier.id) == 2);
    everybody_complete(world);
    CHECK(present(world, world.prison_b, older).standing() == HeadAnswer::UNKNOWN);
  }
}

TEST_CASE("who still owes what is missing has not replayed everything", "[recovery]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  const auto old = world.copy();
  dossier.add(world.prison_a, stream);
  const Held held = take_copy(world, world.partner_a, dossier);
  world.put_back(old);
  world.declare_restore();
  for (auto* node : {&world.prison_a, &world.prison_b, &world.desk}) say_complete(world, *node);
  schema::SyncRequest request;
  request.set_replay_complete(true);
  CHECK(present(world, world.partner_a, held, request).standing() == HeadAnswer::MISSING);
  CHECK(present(world, world.partner_a, held).standing() == HeadAnswer::MISSING);
  *request.add_replays() = replay_from(held, 2);
  CHECK(present(world, world.partner_a, held, request).standing() == HeadAnswer::RECOVERING);
  CHECK(present(world, world.partner_a, held).standing() == HeadAnswer::KNOWN);
}

TEST_CASE("envelope lists come back while a hub recovers, whatever is known of their epoch",
          "[recovery]") {
  World world;
  TestDossier dossier(world);
  const auto old = world.copy();
  dossier.begin();
  const Held held = take_copy(world, world.partner_a, dossier);
  const auto list = dossier.envelopes(world.prison_b, dossier.first.epoch(),
                                      {{sync::RecipientKind::node, world.desk.id.bytes}});
  world.put_back(old);
  world.declare_restore();
  schema::SyncRequest request;
  add(request, list);
  world.sync(world.partner_a, request);
  bring_keys(world, dossier);
  replay_all(world, world.partner_a, held);
  everybody_complete(world);
  world.desk.cursor.clear();
  const auto reply = world.sync(world.desk);
  REQUIRE(reply.envelopes_size() == 2);  // the first epoch's own, and this one
  CHECK(std::any_of(reply.envelopes().begin(), reply.envelopes().end(),
                    [&](const auto& each) { return each.bytes() == wire::text(list.encode()); }));
}

TEST_CASE("an outsider's list taken while the hub recovers begins no epoch later", "[recovery]") {
  World world;
  TestDossier dossier(world);
  world.declare_restore();
  schema::SyncRequest request;
  add(request, dossier.envelopes(world.other_a, dossier.first.epoch(),
                                 dossier.recovery_keys(dossier.first)));
  world.sync(world.other_a, request);
  everybody_complete(world);
  Stream stream = dossier.new_stream();
  CHECK(ruling_of(world, world.sync(world.prison_a, with({dossier.write_first(stream)}))) ==
        Ruling{Outcome::hold, Reason::envelopes_missing});
}

TEST_CASE("a hub shown that its memory went back begins a new instance by itself", "[recovery]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  const auto old = world.copy();
  dossier.add(world.prison_a, stream);
  const Held held = take_copy(world, world.partner_a, dossier);
  world.put_back(old);  // and nobody says so
  const auto instance = world.sequencer().state().instance;
  SECTION("by a cursor that is ahead of it") {
    CHECK(world.try_sync(world.partner_a, {}).status == 503);
  }
  SECTION("by a head of this instance that it does not have") {
    world.partner_a.cursor.clear();
    schema::SyncRequest request;
    add(request, held.head, held.locator);
    CHECK(world.try_sync(world.partner_a, request).status == 503);
  }
  CHECK(world.sequencer().state().instance != instance);
  CHECK(world.try_sync(world.prison_a, {}).status == 503);
  world.name_hub();
  world.hand_over();
  replay_all(world, world.partner_a, held);
  CHECK(world.length(dossier.id) == 2);
}

// As it was made before each request had a mark.
Bytes markless(World& world, const Bytes& cursor) {
  Bytes out(cursor.begin(), cursor.begin() + 32);
  const auto keys = *world.store().keys();
  const auto check = crypto::keyed_hash(keys.cursor_key.view(), sync::contexts::cursor, {out});
  out.insert(out.end(), check.begin(), check.begin() + 8);
  return out;
}

TEST_CASE("a hub that went back is found out by a cursor from before the marks, too",
          "[recovery]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  const auto no_mark = [&] {  // as an earlier program left its store
    auto database =
        sync::store::Database::open(hub_file, hub_file_key(), {.vfs = world.disk.vfs_name()});
    REQUIRE(database);
    REQUIRE(database->run_script("DELETE FROM mark"));
    for (auto* node : {&world.prison_a, &world.partner_a}) node->cursor.clear();
  };
  no_mark();
  const auto old = world.copy();
  dossier.add(world.prison_a, stream);
  no_mark();
  world.sync(world.partner_a);
  const Bytes good = markless(world, world.partner_a.cursor);
  SECTION("an exchange that did not go back goes on from it") {
    world.partner_a.cursor = good;
    CHECK_FALSE(world.sync(world.partner_a).has_heads());
    dossier.add(world.prison_a, stream);
    world.partner_a.cursor = good;
    CHECK(world.sync(world.partner_a).heads().heads_size() == 1);
  }
  SECTION("one that has not counted as far again, and one that has") {
    const bool went_on = GENERATE(false, true);
    world.put_back(old);
    const auto instance = world.sequencer().state().instance;
    for (int i = 0; went_on && i < 5; ++i) TestDossier(world).begin();
    world.partner_a.cursor = good;
    CHECK(world.try_sync(world.partner_a, {}).status == 503);
    CHECK(world.sequencer().state().instance != instance);
  }
  SECTION("with any bit of it altered it counts as none") {
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
      CAPTURE(bit);
      world.partner_a.cursor = good;
      world.partner_a.cursor[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
      CHECK(world.sync(world.partner_a).heads().heads_size() == 1);
    }
  }
}

TEST_CASE("what was said of the orders of an earlier life is said to nobody", "[recovery]") {
  World world;
  TestDossier dossier(world);
  dossier.begin();
  schema::SyncRequest digest;
  auto& said = *digest.add_digests();
  said.set_dossier(wire::text(dossier.id.bytes));
  said.set_dsn(1);
  said.set_policy_version(std::string(16, 'p'));
  said.set_digest(std::string(16, 'd'));
  world.sync(world.partner_a, digest);
  world.prison_a.cursor.clear();
  CHECK(world.sync(world.prison_a).digests_size() == 1);
  world.declare_restore();
  everybody_complete(world);
  world.prison_a.cursor.clear();
  const auto reply = world.sync(world.prison_a);
  CHECK(heads_of(reply).size() == 1);
  CHECK(reply.digests_size() == 0);
}

TEST_CASE("final verdicts are repeated by a restored hub", "[recovery]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  Draft off;
  off.base_head = Hash{1};
  const auto entry = dossier.write(world.prison_a, stream, off);
  const auto reply = world.sync(world.prison_a, with({entry}));
  world.declare_restore();
  everybody_complete(world);
  const auto again = verdict_of(world.sync(world.prison_a, with({entry})).answers(0));
  REQUIRE(again);
  CHECK(again->ruling == Ruling{Outcome::rejected, Reason::base});
  CHECK(again->given_at_ms == verdict_of(reply.answers(0))->given_at_ms);
  CHECK(again->instance == world.sequencer().state().instance);
}

}  // namespace
