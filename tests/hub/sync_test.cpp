// What the hub tells each node: heads, digests, directory; cursors and pages.
#include <catch_amalgamated.hpp>

#include "hub/metrics.h"
#include "hub/outgoing.h"
#include "hub/wire.h"
#include "tests/hub/made_up.h"

namespace {

using namespace throughgate;
using namespace throughgate::hub;
using namespace throughgate::hub::testing;
using sync::Outcome;
using sync::Role;

std::vector<sync::Member> include(std::vector<sync::Member> members, const OrganisationId& who,
                                  Role role) {
  members.push_back({who, role});
  std::sort(members.begin(), members.end(),
            [](auto& a, auto& b) { return a.organisation < b.organisation; });
  return members;
}

// The owner writes it, with envelopes when it begins an epoch.
void change_members(World& world, TestDossier& dossier, Stream& stream,
                    std::vector<sync::Member> members, bool new_key) {
  auto next = dossier.next_membership();
  next.members = std::move(members);
  if (new_key) dossier.renew_key(next);
  auto request = with({dossier.write(world.prison_a, stream, TestDossier::membership_draft(next))});
  if (new_key) {
    add(request, dossier.envelopes(world.prison_a, next.epoch(), dossier.recovery_keys(next)));
  }
  REQUIRE(ruling_of(world, world.sync(world.prison_a, request)).outcome == Outcome::accepted);
}

// ---- cursors

TEST_CASE("a member sees the signed head of what has changed, once", "[sync]") {
  World world;
  TestDossier dossier(world);
  dossier.begin();
  const auto reply = world.sync(world.partner_a);
  const auto heads = heads_of(reply);
  REQUIRE(heads.size() == 1);
  CHECK(sync::verify(heads[0], world.sequencer().verify_key()));
  CHECK(heads[0].head == world.place(dossier.id, 1));
  CHECK_FALSE(world.sync(world.partner_a).has_heads());
  CHECK_FALSE(world.sync(world.other_a).has_heads());
}

TEST_CASE("an idle sync writes nothing, and costs the same whatever the number of dossiers",
          "[sync]") {
  const auto idle_bytes = [](int dossiers) {
    World world;
    for (int i = 0; i < dossiers; ++i) TestDossier(world).begin();
    while (world.sync(world.partner_a).more()) {
    }
    const auto before = world.disk.changes();
    const auto reply = world.sync(world.partner_a);
    CHECK(world.disk.changes() == before);
    return reply.ByteSizeLong();
  };
  CHECK(idle_bytes(10) == idle_bytes(1000));
}

TEST_CASE("many changes come in several answers, none left out", "[sync]") {
  World world;
  std::set<DossierId> made;
  for (std::size_t i = 0; i < dossiers_per_reply_max + 20; ++i) {
    TestDossier dossier(world);
    dossier.begin();
    made.insert(dossier.id);
  }
  std::set<DossierId> told;
  int answers = 0;
  for (bool more = true; more; ++answers) {
    const auto reply = world.sync(world.partner_a);
    for (const auto& head : heads_of(reply)) told.insert(head.head.dossier);
    more = reply.more();
  }
  CHECK(told == made);
  CHECK(answers == 2);
}

// A digest moves its dossier behind those that had not yet been told of.
TEST_CASE("a cursor that is not this hub's counts as none", "[sync]") {
  World world;
  TestDossier dossier(world);
  dossier.begin();
  world.sync(world.partner_a);
  const Bytes good = world.partner_a.cursor;
  REQUIRE(good.size() == 48);
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    CAPTURE(bit);
    world.partner_a.cursor = good;
    world.partner_a.cursor[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    CHECK(world.sync(world.partner_a).heads().heads_size() == 1);
  }
  for (const auto& cursor : {Bytes{}, Bytes(31), Bytes(500)}) {
    world.partner_a.cursor = cursor;
    CHECK(world.sync(world.partner_a).heads().heads_size() == 1);
  }
  world.partner_a.cursor = good;
  CHECK_FALSE(world.sync(world.partner_a).has_heads());
}

TEST_CASE("cursors, verdicts and orders outlive a restart; sign-ins do not", "[sync]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  world.sync(world.partner_a);
  const Bytes token = world.partner_a.token;
  world.start();
  world.partner_a.token = token;
  CHECK(world.try_sync(world.partner_a, {}).status == 401);
  world.partner_a.token.clear();
  CHECK_FALSE(world.sync(world.partner_a).has_heads());
  dossier.add(world.prison_a, stream);
  CHECK(heads_of(world.sync(world.partner_a))[0].head.dsn == 2);
}

// ---- who is served what

TEST_CASE("a removed organisation is served up to the membership that removed it", "[sync]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  change_members(world, dossier, stream, without(dossier.first.members, world.partner), true);
  dossier.add(world.prison_a, stream);
  const auto heads = heads_of(world.sync(world.partner_a));
  REQUIRE(heads.size() == 1);
  CHECK(heads[0].head.dsn == 2);
  CHECK(world.fetch(world.partner_a, dossier.id, 0).pages(0).records_size() == 2);
  CHECK(world.fetch(world.partner_a, dossier.id, 2).pages_size() == 0);
  dossier.add(world.prison_a, stream);
  CHECK_FALSE(world.sync(world.partner_a).has_heads());  // and hears no more of it
}

TEST_CASE("an organisation that never was a member is served nothing", "[sync]") {
  World world;
  TestDossier dossier(world);
  dossier.begin();
  CHECK(world.fetch(world.other_a, dossier.id, 0).pages_size() == 0);
  CHECK_FALSE(world.sync(world.other_a).has_heads());
}

TEST_CASE("an organisation that joins is told of everything, however old", "[sync]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  schema::SyncRequest early;  // sealed for it before it is a member
  add(early, dossier.envelopes(world.prison_a, dossier.first.epoch(), {recipient(world.other_a)}));
  world.sync(world.prison_a, early);
  CHECK(world.sync(world.other_a).envelopes_size() == 0);
  change_members(world, dossier, stream,
                 include(dossier.first.members, world.other, Role::contributor), false);
  const auto reply = world.sync(world.other_a);
  CHECK(reply.heads().heads_size() == 1);
  CHECK(reply.envelopes_size() == 1);
}

TEST_CASE("an organisation that comes back is told of everything again", "[sync]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  world.sync(world.partner_a);
  change_members(world, dossier, stream, without(dossier.first.members, world.partner), true);
  world.sync(world.partner_a);
  schema::SyncRequest meanwhile;  // for when it is a member again
  const auto epoch = world.look(dossier.id, [](const StoredOrder& order) {
    return order.memberships().current()->membership.epoch();
  });
  add(meanwhile, dossier.envelopes(world.prison_a, epoch, {recipient(world.partner_a)}));
  world.sync(world.prison_a, meanwhile);
  CHECK(world.sync(world.partner_a).envelopes_size() == 0);
  change_members(world, dossier, stream, dossier.first.members, false);
  CHECK(world.sync(world.partner_a).envelopes_size() == 2);  // that one, and the first of all
}

TEST_CASE("the entries of a page expand and verify, and reach the signed head", "[sync]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  for (int i = 0; i < 5; ++i) dossier.add(world.prison_a, stream);
  const auto head = heads_of(world.sync(world.partner_a))[0];
  const auto reply = world.fetch(world.partner_a, dossier.id, 0);
  REQUIRE(reply.pages_size() == 1);
  const auto& page = reply.pages(0);
  CHECK(page.from_dsn() == 1);
  CHECK_FALSE(reply.more());

  World elsewhere;  // any empty store: a reader that holds nothing yet
  auto transaction = StoreTransaction::begin(elsewhere.store());
  StoredOrder order(elsewhere.store(), dossier.id);
  const sync::WireExpander expander(dossier.id, order);
  for (int i = 0; i < page.records_size(); ++i) {
    CHECK(page.entries().entries(i).header().empty());  // the short form
    auto expansion = expander.expand(page.entries(), page.entries().entries(i));
    REQUIRE(expansion.entry);
    const auto entry = sync::verify(*expansion.entry, world.prison_a.key.verify_key()).entry;
    REQUIRE(entry);
    order.append(*entry,
                 {order.length() + 1, entry->hash(), page.records(i).directory_version(),
                  page.records(i).accepted_at_ms()},
                 world.prison);
  }
  CHECK(order.chain().head == head.head.chain);
}

TEST_CASE("pages keep to the size asked for, and one entry is always sent", "[sync]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  for (int i = 0; i < 40; ++i) dossier.add(world.prison_a, stream);
  std::uint64_t held = 0;
  int answers = 0;
  for (bool more = true; more; ++answers) {
    const auto reply = world.fetch(world.partner_a, dossier.id, held, 4096);
    CHECK(reply.ByteSizeLong() <= 4096);
    held += static_cast<std::uint64_t>(reply.pages(0).records_size());
    more = reply.more();
  }
  CHECK(held == 41);
  CHECK(answers > 2);
  Draft large;
  large.reason.assign(3900, 'a');
  for (std::size_t i = 0; i < large.reason.size(); ++i) {
    large.reason[i] = static_cast<char>('a' + world.random.bytes<1>()[0] % 26);
  }
  world.sync(world.prison_a, with({dossier.write(world.prison_a, stream, large)}));
  CHECK(world.fetch(world.partner_a, dossier.id, 41, 1).pages(0).records_size() == 1);
}

TEST_CASE(
    "an entry that is spoilt here ends its dossier, is said and counted, and the others go on",
    "[sync]") {
  World world;
  TestDossier spoilt(world);
  TestDossier whole(world);
  Stream stream = spoilt.begin();
  spoilt.add(world.prison_a, stream);
  whole.begin();
  {
    sync::store::OpenOptions options;
    options.vfs = world.disk.vfs_name();
    auto database = sync::store::Database::open(hub_file, hub_file_key(), options);
    REQUIRE(database);
    REQUIRE(database->run("UPDATE part SET sealed = x'00' WHERE dsn = 2"));
  }
  schema::FetchRequest request;
  *request.mutable_credential() = world.credential(world.partner_a);
  wire::set(world.place(spoilt.id, 0), *request.add_after());
  wire::set(world.place(whole.id, 0), *request.add_after());
  request.set_bytes_max(1 << 20);
  const Answer answer = world.call(Endpoint::fetch, request);
  REQUIRE(answer.is_done());
  schema::FetchReply reply;
  REQUIRE(reply.ParseFromArray(answer.bytes.data(), static_cast<int>(answer.bytes.size())));
  CAPTURE(reply.ShortDebugString());
  REQUIRE(reply.pages_size() == 2);
  CHECK(reply.pages(0).records_size() == 1);
  REQUIRE(reply.damaged_size() == 1);
  CHECK(reply.damaged(0) == wire::text(spoilt.id.bytes));

  Metrics metrics;
  metrics.note(Endpoint::fetch, answer, 0, 0);
  CHECK(metrics.text({}, {}).find("throughgate_hub_damaged_total 1\n") != std::string::npos);
}

TEST_CASE("somebody who holds another chain is sent no page", "[sync]") {
  World world;
  TestDossier dossier(world);
  dossier.begin();
  schema::FetchRequest request;
  *request.mutable_credential() = world.credential(world.partner_a);
  wire::set({dossier.id, 0, Hash{1}}, *request.add_after());
  const Answer answer = world.call(Endpoint::fetch, request);
  CHECK(answer.status == 200);
  schema::FetchReply reply;
  REQUIRE(reply.ParseFromArray(answer.bytes.data(), static_cast<int>(answer.bytes.size())));
  CHECK(reply.pages_size() == 0);
}

// ---- digests

TEST_CASE("a member's digest reaches the other members, once, and nobody else", "[sync]") {
  World world;
  TestDossier dossier(world);
  dossier.begin();
  for (auto* node : {&world.prison_a, &world.prison_b, &world.partner_a}) world.sync(*node);
  world.sync(world.prison_a, with_digest(dossier, 1, 'd'));
  const auto reply = world.sync(world.partner_a);
  REQUIRE(reply.digests_size() == 1);
  CHECK(reply.digests(0).node() == wire::text(world.prison_a.id.bytes));
  CHECK(reply.digests(0).digest() == std::string(16, 'd'));
  CHECK(reply.digests(0).policy_version() == std::string(16, 'p'));
  CHECK(reply.digests(0).dsn() == 1);
  CHECK(world.sync(world.partner_a).digests_size() == 0);
  world.prison_b.cursor.clear();
  CHECK(world.sync(world.prison_b).digests_size() == 0);  // nor for its own organisation

  const auto before = world.disk.changes();
  world.sync(world.prison_a, with_digest(dossier, 1, 'd'));
  CHECK(world.disk.changes() == before);
  world.sync(world.other_a, with_digest(dossier, 1, 'x'));   // no member
  world.sync(world.prison_a, with_digest(dossier, 2, 'x'));  // beyond the end
  CHECK(world.disk.changes() == before);
}

TEST_CASE("a digest that comes late does not stand in for a newer one", "[sync]") {
  World world;
  TestDossier dossier(world);
  auto stream = dossier.begin();
  dossier.add(world.prison_a, stream);
  for (auto* node : {&world.prison_a, &world.partner_a}) world.sync(*node);
  world.sync(world.prison_a, with_digest(dossier, 2, 'n'));
  CHECK(world.sync(world.partner_a).digests_size() == 1);
  const auto before = world.disk.changes();
  world.sync(world.prison_a, with_digest(dossier, 1, 'o'));  // from a file of long ago, say
  CHECK(world.disk.changes() == before);
  CHECK(world.sync(world.partner_a).digests_size() == 0);
}

// ---- directory

TEST_CASE("a node is sent the versions it lacks, oldest first, and hands over what the hub lacks",
          "[sync][directory]") {
  World world;
  world.enrol(world.make_node(world.partner));
  world.enrol(world.make_node(world.partner));
  schema::SyncRequest request;
  for (const auto& step : world.steps) wire::set(step, *request.add_directory());
  auto reply = world.sync(world.partner_a, request);
  CHECK(world.sequencer().directory().version() == 3);
  REQUIRE(reply.directory_size() == 3);
  for (int i = 0; i < 3; ++i) {
    CHECK(wire::step(reply.directory(i)) == world.steps[static_cast<std::size_t>(i)]);
  }
  CHECK(world.sync(world.partner_a).directory_size() == 0);
}

TEST_CASE("a directory version that the desk did not sign is refused", "[sync][directory]") {
  World world;
  world.enrol(world.make_node(world.partner));
  for (int part = 0; part < 3; ++part) {
    schema::SyncRequest request;
    wire::set(world.steps.back(), *request.add_directory());
    auto& step = *request.mutable_directory(0);
    auto& bytes = part == 0   ? *step.mutable_header()
                  : part == 1 ? *step.mutable_body()
                              : *step.mutable_signature();
    bytes[20] = static_cast<char>(bytes[20] ^ 1);
    CHECK(world.try_sync(world.partner_a, request).status != 200);
    CHECK(world.sequencer().directory().version() == 1);
  }
}

TEST_CASE("an erased dossier is gone from every table, and is not taken up again",
          "[sync][directory]") {
  World world;
  TestDossier dossier(world);
  TestDossier kept(world);
  Stream stream = dossier.begin();
  kept.begin();
  Draft off;
  off.base_head = Hash{1};
  Stream late = dossier.new_stream();
  world.sync(world.prison_a, with({dossier.write(world.prison_a, late, off)}));
  world.sync(world.prison_a, with_digest(dossier, 1, 'd'));
  const auto next = dossier.write(world.prison_a, stream);
  const auto parts = dossier.write(world.prison_a, stream).bytes().sealed;
  world.erase(dossier.id);
  world.hand_over();
  const auto counts = world.sequencer().counts();
  REQUIRE(counts);
  CHECK(counts->dossiers == 1);
  CHECK(counts->late == 0);
  CHECK(world.length(dossier.id) == 0);
  for (int i = 0; i < 2; ++i) {
    CHECK(ruling_of(world, world.sync(world.prison_a, with({next}))) ==
          sync::Ruling{Outcome::rejected, sync::Reason::erased});
  }
  CHECK(world.sequencer().counts()->late == 0);
  world.partner_a.cursor.clear();
  CHECK(world.sync(world.partner_a).heads().heads_size() == 1);
  CHECK(world.fetch(world.partner_a, dossier.id, 0).pages_size() == 0);
}

}  // namespace
