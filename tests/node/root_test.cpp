// The root above the desk, the desk's keys, and what everybody does with the list: in one process.
#include <algorithm>
#include <catch_amalgamated.hpp>

#include "node/bundles/export.h"
#include "node/bundles/import.h"
#include "node/hub_visit.h"
#include "node/list_standing.h"
#include "schema/bundle.pb.h"
#include "schema/directory.pb.h"
#include "schema/options.pb.h"
#include "schema/wire.pb.h"
#include "sync/bundle.h"
#include "sync/directory_snapshot.h"
#include "sync/store/bundle_folder.h"
#include "sync/store/directory_table.h"
#include "sync/store/settings_table.h"
#include "sync/wire_values.h"
#include "tests/node/test_sites.h"
#include "tests/sync/root_holders.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
using sync::ErrorKind;
using sync::OrganisationKind;
using sync::SignedRootList;
using sync::testing::RootHolders;

namespace {

// A desk under three holders, two of whom are needed, and a prison that it has let in.
struct RootedWorld {
  World world;
  RootHolders holders;
  TestHub hub{world};
  TestSite desk_site{world, "Central Made-Up Team", OrganisationKind::central};
  TestSite prison{world, "HMP Made Up", OrganisationKind::prison, "LEI"};
  sync::RootList root;

  RootedWorld() {
    root = holders.first();
    root.directory_keys = {*desk().key_for_root_list()};
    root.hub_keys = {hub.facts().key};
    const auto made =
        desk().init(hub.facts(), "Central Made-Up Team", "Desk PC", holders.by(root, {0, 1}));
    if (!made) FAIL(made.error().message);
    hub.trust(node().anchor());
    REQUIRE(desk_site.sync(hub));
  }
  OpenNode& node() { return *desk_site.node; }
  Desk desk() { return Desk(node()); }
  void enrol(TestSite& site) { enrol_by(desk_site, site); }
  void enrol_by(TestSite& at, TestSite& site) {
    sync::Invitation invitation{site.name, site.kind, site.establishment, std::nullopt, 0};
    const auto id = site.node->identity().organisation;
    if (at.node->directory().organisation(id)) invitation.organisation = id;
    const auto code = Desk(*at.node).invite(invitation);
    if (!code) FAIL(code.error().message);
    REQUIRE(Enrolment(*site.node, hub).ask(code->text().view(), site.facts("A PC")));
    REQUIRE(Desk(*at.node).requests(&hub));
    REQUIRE(Desk(*at.node).approve(code->mailbox(), hub));
    REQUIRE(at.sync(hub));
    REQUIRE(*Enrolment(*site.node, hub).take_answer());
  }
  // The holders name this desk's key in the place of the one before.
  SignedRootList with_key(const crypto::VerifyKey& key, std::initializer_list<std::size_t> by) {
    auto next = RootHolders::next(root);
    next.directory_keys = {key};
    return holders.by(next, by);
  }
};

// The key that signs the list, as it lies in the desk's store.
crypto::SigningKey key_of(OpenNode& desk) {
  sync::store::UnitOfWork work(desk.database(), sync::store::Purpose::reading);
  const auto seed = sync::store::SettingsTable(work).find(sync::store::setting::next_desk_key);
  REQUIRE(work.commit());
  REQUIRE(seed);
  return crypto::SigningKey(crypto::Secret<32>(std::span<const std::uint8_t, 32>(*seed)));
}

sync::Bytes state(const TestSite& site) { return site.node->directory().state(); }

}  // namespace

TEST_CASE("a desk under root key holders lets sites in, and they take the root for theirs",
          "[root][desk]") {
  RootedWorld at;
  at.enrol(at.prison);
  REQUIRE(at.prison.sync(at.hub));
  CHECK(at.prison.node->anchor().root == sync::root_hash(at.root));
  CHECK(*at.prison.node->directory().root() == at.root);
  CHECK(state(at.prison) == state(at.desk_site));
  at.prison.reopen();
  CHECK(state(at.prison) == state(at.desk_site));
}

TEST_CASE("a desk is set up only by a root list that is signed and names it and the exchange",
          "[root][desk]") {
  World world;
  RootHolders holders;
  TestHub hub(world);
  TestSite site(world, "Central Made-Up Team", OrganisationKind::central);
  Desk desk(*site.node);
  auto root = holders.first();
  root.directory_keys = {*desk.key_for_root_list()};
  root.hub_keys = {hub.facts().key};
  auto other_desk = root;
  other_desk.directory_keys = holders.first().directory_keys;
  auto other_hub = root;
  other_hub.hub_keys = holders.first().hub_keys;
  const auto kind = [&](const SignedRootList& list) {
    return desk.init(hub.facts(), "Central", "Desk", list).error().kind;
  };
  CHECK(kind(holders.by(root, {0})) == ErrorKind::rejected);
  CHECK(kind(holders.by(other_desk, {0, 1})) == ErrorKind::denied);
  CHECK(kind(holders.by(other_hub, {0, 1})) == ErrorKind::denied);
  CHECK_FALSE(site.node->is_enrolled());
  const auto again = desk.key_for_root_list();
  REQUIRE(again);
  CHECK(*again == root.directory_keys[0]);
  CHECK(desk.init(hub.facts(), "Central", "Desk", holders.by(root, {1, 2})));
}

TEST_CASE("a desk that is lost is followed by another, and its key signs nothing any more",
          "[root][desk]") {
  RootedWorld at;
  at.enrol(at.prison);
  REQUIRE(at.prison.sync(at.hub));
  TestSite second(at.world, "second desk", at.desk_site);
  at.enrol(second);
  REQUIRE(second.sync(at.hub));
  Desk next(*second.node);
  CHECK(next.renew().error().kind == ErrorKind::denied);  // it has no key yet
  const auto key = next.key_for_root_list();
  REQUIRE(key);
  CHECK(next.install_root(at.with_key(*key, {2}), std::nullopt).error().kind ==
        ErrorKind::rejected);
  REQUIRE(next.install_root(at.with_key(*key, {1, 2}), std::nullopt));
  REQUIRE(next.install_root(at.with_key(*key, {1, 2}), std::nullopt));  // as after a crash
  REQUIRE(second.sync(at.hub));

  // The thief of the first desk signs on, and hands it to the exchange.
  REQUIRE(at.desk().renew());
  const auto refused = at.desk_site.sync(at.hub);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("somebody has signed two") != std::string::npos);

  REQUIRE(at.prison.sync(at.hub));
  CHECK(*at.prison.node->directory().root() != at.root);
  CHECK(state(at.prison) == state(second));
  TestSite partner(at.world, "Made-Up Partner", OrganisationKind::partner);
  at.enrol_by(second, partner);
  REQUIRE(partner.sync(at.hub));
  CHECK(state(partner) == state(second));
}

TEST_CASE("the desk's old key is refused once the desk has taken up the list itself",
          "[root][desk]") {
  RootedWorld at;
  REQUIRE(at.desk().install_root(
      [&] {
        auto next = RootHolders::next(at.root);
        next.directory_keys = {*at.desk().key_for_root_list()};
        return at.holders.by(next, {0, 2});
      }(),
      std::nullopt));
  REQUIRE(at.desk().renew());  // by the new key
  REQUIRE(at.desk_site.sync(at.hub));
  const auto stranger = crypto::SigningKey::generate(at.world.random);
  auto other = RootHolders::next(*at.node().directory().root());
  other.directory_keys = {stranger.verify_key()};
  CHECK(at.desk().install_root(at.holders.by(other, {0, 1}), std::nullopt).error().kind ==
        ErrorKind::denied);  // another desk's: not from here
}

TEST_CASE("two lists of one version are told at the next sync, and nothing is exchanged",
          "[root][desk]") {
  RootedWorld at;
  at.enrol(at.prison);
  REQUIRE(at.prison.sync(at.hub));
  // Somebody with the desk's key signs another next version for this one site.
  auto body = schema::DirectoryBody();
  const auto version = at.node().directory().version();
  const auto stolen = key_of(at.node());
  const auto forked = at.node().directory().sign_next(body, 1, at.world.now_ms * 2, stolen);
  REQUIRE(at.prison.node->take_directory(forked));
  REQUIRE(at.desk().renew());
  REQUIRE(at.desk_site.sync(at.hub));
  REQUIRE(at.node().directory().version() == version + 1);
  const auto refused = at.prison.sync(at.hub);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("somebody has signed two") != std::string::npos);
  CHECK(at.prison.node->directory().version() == version + 1);

  REQUIRE(at.desk().renew());  // one version on it is refused as well
  REQUIRE(at.desk_site.sync(at.hub));
  CHECK_FALSE(at.prison.sync(at.hub));
  CHECK(at.prison.node->directory().version() == version + 1);
}

TEST_CASE("a computer that is let in takes no other list than the desk told it of",
          "[root][enrolment]") {
  RootedWorld at;
  at.enrol(at.prison);
  const auto& told = at.prison.node->anchor();
  CHECK(told.version == at.node().directory().version());
  CHECK(told.head == at.node().directory().head());
  auto other = told;
  other.head[0] ^= 1;
  sync::store::UnitOfWork work(at.node().database(), sync::store::Purpose::reading);
  const auto steps = sync::store::DirectoryTable(work).after(0);
  REQUIRE(work.commit());
  sync::Directory followed;
  for (std::size_t i = 0; i + 1 < steps.size(); ++i) REQUIRE(followed.apply(steps[i], other));
  CHECK(followed.apply(steps.back(), other).error().kind == ErrorKind::rejected);
  CHECK(followed.apply(steps.back(), told));
}

TEST_CASE("a trial desk names a new exchange by itself, one under holders asks them first",
          "[root][desk]") {
  RootedWorld at;
  const HubFacts fresh{crypto::SigningKey::generate(at.world.random).verify_key(),
                       sync::InstanceId::random(at.world.random)};
  CHECK(at.desk().name_hub(fresh).error().kind == ErrorKind::denied);
  auto next = RootHolders::next(at.root);
  next.hub_keys = {fresh.key};
  const auto list = at.holders.by(next, {0, 1});
  CHECK(at.desk().install_root(list, std::nullopt).error().kind == ErrorKind::denied);
  REQUIRE(at.desk().install_root(list, fresh));
  CHECK(at.node().directory().hub_key() == fresh.key);

  World world;
  TestHub hub(world);
  TestDesk trial(world, hub);
  REQUIRE(trial.desk().name_hub(fresh));
  CHECK(trial.node->directory().hub_key() == fresh.key);
  CHECK(trial.node->directory().root()->version == 2);
}

TEST_CASE("a trial's root gives way to real holders", "[root][desk]") {
  World world;
  TestHub hub(world);
  TestDesk trial(world, hub);
  const RootHolders holders;
  auto next = RootHolders::next(*trial.node->directory().root());
  next.roots = holders.first().roots;
  next.needed = 2;
  CHECK(trial.desk().install_root(holders.by(next, {0}), std::nullopt).error().kind ==
        ErrorKind::rejected);
  REQUIRE(trial.desk().install_root(holders.by(next, {0, 1}), std::nullopt));
  REQUIRE(trial.sync(hub));
  const HubFacts fresh{crypto::SigningKey::generate(world.random).verify_key(),
                       sync::InstanceId::random(world.random)};
  CHECK(trial.desk().name_hub(fresh).error().kind == ErrorKind::denied);
}

// ---- snapshots

TEST_CASE("a newcomer takes the desk's snapshot from the exchange, and what follows it",
          "[root][snapshot]") {
  RootedWorld at;
  for (int i = 0; i < 5; ++i) REQUIRE(at.desk().renew());
  REQUIRE(at.desk().make_snapshot());
  const auto snapshot_version = at.node().directory().version();
  REQUIRE(at.desk_site.sync(at.hub));
  at.enrol(at.prison);
  REQUIRE(at.prison.sync(at.hub));
  CHECK(state(at.prison) == state(at.desk_site));
  sync::store::UnitOfWork work(at.prison.node->database(), sync::store::Purpose::reading);
  const auto list = sync::store::DirectoryTable(work).carried();
  CHECK(sync::store::DirectoryTable(work).after(0).empty());
  REQUIRE(work.commit());
  CHECK_FALSE(list.snapshot.empty());
  CHECK(list.steps.size() == at.node().directory().version() - snapshot_version);

  REQUIRE(at.desk().renew());  // and it goes on from there, after a restart too
  REQUIRE(at.desk_site.sync(at.hub));
  at.prison.reopen();
  REQUIRE(at.prison.sync(at.hub));
  CHECK(state(at.prison) == state(at.desk_site));
}

TEST_CASE("who began with a snapshot hands on that and what follows, never a list with a hole",
          "[root][snapshot][bundle]") {
  RootedWorld at;
  TestSite partner(at.world, "Made-Up Partner", OrganisationKind::partner);
  for (int i = 0; i < 5; ++i) REQUIRE(at.desk().renew());
  REQUIRE(at.desk().make_snapshot());
  REQUIRE(at.desk_site.sync(at.hub));
  at.enrol(at.prison);
  at.enrol(partner);
  REQUIRE(at.prison.sync(at.hub));
  REQUIRE(partner.node->directory().version() == 0);  // let in, and then the line went dead
  const auto file = [&](TestSite& from, const TestSite& to) {
    const auto stick = at.world.folder.path("stick");
    std::filesystem::create_directories(stick);
    const auto readers = readers_of(*from.node, to.node->identity().organisation);
    REQUIRE(readers);
    const auto made = export_bundles(*from.node, *readers, stick, sync::bundle_bytes_max);
    if (!made) FAIL(made.error().message);
    const auto bytes = sync::store::read_bundle_file(stick + "/" + made->files.at(0).file_name);
    REQUIRE(bytes);
    return *bytes;
  };
  const auto taken = take_bundle(*partner.node, file(at.prison, partner));
  if (!taken) FAIL(taken.error().message);
  CHECK(state(partner) == state(at.desk_site));
  partner.reopen();
  CHECK(state(partner) == state(at.desk_site));
  REQUIRE(at.desk().renew());
  REQUIRE(at.desk_site.sync(at.hub));
  REQUIRE(at.prison.sync(at.hub));
  REQUIRE(take_bundle(*partner.node, file(at.prison, partner)));
  CHECK(state(partner) == state(at.desk_site));
  REQUIRE(take_bundle(*at.prison.node, file(partner, at.prison)));
}

TEST_CASE("a desk that began with a snapshot makes one that newcomers and it itself read",
          "[root][snapshot]") {
  RootedWorld at;
  for (int i = 0; i < 5; ++i) REQUIRE(at.desk().renew());
  REQUIRE(at.desk().make_snapshot());
  REQUIRE(at.desk_site.sync(at.hub));
  TestSite second(at.world, "Second Desk", at.desk_site);
  at.enrol(second);
  REQUIRE(second.sync(at.hub));
  const auto key = Desk(*second.node).key_for_root_list();
  REQUIRE(key);
  REQUIRE(Desk(*second.node).install_root(at.with_key(*key, {0, 1}), std::nullopt));
  REQUIRE(second.sync(at.hub));
  {
    sync::store::UnitOfWork work(second.node->database(), sync::store::Purpose::reading);
    CHECK(sync::store::DirectoryTable(work).root_lists().size() == 2);
  }
  CHECK(Desk(*second.node).signed_list().error().kind == ErrorKind::denied);
  const auto made = Desk(*second.node).make_snapshot();
  if (!made) FAIL(made.error().message);
  const auto before = state(second);
  second.reopen();
  CHECK(state(second) == before);
  REQUIRE(second.sync(at.hub));
  at.enrol_by(second, at.prison);
  int given = 0;
  at.hub.spoil = [&](crypto::ByteView, crypto::Bytes& answer) {
    schema::SyncReply reply;
    if (reply.ParseFromArray(answer.data(), static_cast<int>(answer.size()))) {
      given += reply.directory_snapshot().empty() ? 0 : 1;
    }
  };
  REQUIRE(at.prison.sync(at.hub));
  at.hub.spoil = {};
  CHECK(given == 1);
  CHECK(state(at.prison) == state(second));
}

TEST_CASE("a snapshot later than what a newcomer was told of is not given to it",
          "[root][snapshot]") {
  RootedWorld at;
  at.enrol(at.prison);
  REQUIRE(at.desk().renew());
  REQUIRE(at.desk().make_snapshot());
  REQUIRE(at.desk_site.sync(at.hub));
  REQUIRE(at.prison.sync(at.hub));
  CHECK(state(at.prison) == state(at.desk_site));
  sync::store::UnitOfWork work(at.prison.node->database(), sync::store::Purpose::reading);
  CHECK(sync::store::DirectoryTable(work).after(0).size() == at.node().directory().version());
  REQUIRE(work.commit());
}

TEST_CASE("a snapshot of what the list never was is not kept by the exchange", "[root][snapshot]") {
  RootedWorld at;
  const auto stolen = key_of(at.node());
  sync::store::UnitOfWork reading(at.node().database(), sync::store::Purpose::reading);
  const auto root_lists = sync::store::DirectoryTable(reading).root_lists();
  REQUIRE(reading.commit());
  sync::Directory other;  // the same version, without the desk's own computer
  const auto step = other.sign_next({}, 1, at.world.now_ms * 2, stolen, root_lists[0]);
  REQUIRE(other.apply(step, at.node().anchor()));
  sync::store::UnitOfWork work(at.node().database());
  sync::store::DirectoryTable(work).keep_snapshot(1,
                                                  sync::sign_snapshot(other, root_lists, stolen));
  REQUIRE(work.commit());
  REQUIRE(at.desk_site.sync(at.hub));
  at.enrol(at.prison);
  REQUIRE(at.prison.sync(at.hub));
  CHECK(state(at.prison) == state(at.desk_site));
  CHECK(at.prison.node->directory().node(at.node().identity().node) != nullptr);
}

namespace {

// What a thief of the first desk's key can make of version 1: another name in it, and its true
// head.
struct OldKey {
  sync::Bytes forged;
  sync::Bytes honest;
};

OldKey old_key_of(RootedWorld& at) {
  const auto key = key_of(at.node());
  sync::store::UnitOfWork work(at.node().database(), sync::store::Purpose::reading);
  const auto root_lists = sync::store::DirectoryTable(work).root_lists();
  REQUIRE(work.commit());
  auto honest = sync::sign_snapshot(at.node().directory(), root_lists, key);
  auto altered = at.node().directory().state();
  const std::string label = "Desk PC";
  const auto found = std::search(altered.begin(), altered.end(), label.begin(), label.end());
  REQUIRE(found != altered.end());
  *found = 'X';
  const auto other = sync::Directory::from_state(altered, *at.node().directory().root());
  REQUIRE(other);
  return {sync::sign_snapshot(*other, root_lists, key), std::move(honest)};
}

void replace_key(RootedWorld& at) {
  const auto key = at.desk().key_for_root_list();
  REQUIRE(key);
  REQUIRE(at.desk().install_root(at.with_key(*key, {0, 2}), std::nullopt));
  REQUIRE(at.desk_site.sync(at.hub));
}

std::vector<sync::DirectoryStep> steps_after(RootedWorld& at, std::uint64_t version) {
  sync::store::UnitOfWork work(at.node().database(), sync::store::Purpose::reading);
  auto steps = sync::store::DirectoryTable(work).after(version);
  REQUIRE(work.commit());
  return steps;
}

}  // namespace

TEST_CASE("a hub that gives a newcomer a list by a key that was replaced is found out",
          "[root][snapshot]") {
  RootedWorld at;
  const auto old = old_key_of(at);
  replace_key(at);
  at.enrol(at.prison);
  at.hub.spoil = [&](crypto::ByteView, crypto::Bytes& answer) {
    schema::SyncReply reply;
    if (!reply.ParseFromArray(answer.data(), static_cast<int>(answer.size()))) return;
    if (reply.directory_size() == 0) return;
    reply.clear_directory();
    reply.set_directory_snapshot(sync::to_wire(old.forged));
    for (const auto& step : steps_after(at, 0)) *reply.add_directory() = sync::to_wire(step);
    reply.mutable_directory()->DeleteSubrange(0, 1);
    const std::string text = reply.SerializeAsString();
    answer.assign(text.begin(), text.end());
  };
  CHECK_FALSE(at.prison.sync(at.hub));
  CHECK(at.prison.node->directory().version() == 0);
  at.hub.spoil = {};
  REQUIRE(at.prison.sync(at.hub));
  CHECK(state(at.prison) == state(at.desk_site));
}

TEST_CASE("a file gives no newcomer a list by a key that was replaced",
          "[root][snapshot][bundle]") {
  RootedWorld at;
  const auto old = old_key_of(at);
  replace_key(at);
  at.enrol(at.prison);
  const auto file = [&](const sync::Bytes& snapshot) {
    schema::Bundle content;
    content.set_directory_snapshot(sync::to_wire(snapshot));
    for (const auto& step : steps_after(at, 0)) *content.add_directory() = sync::to_wire(step);
    content.mutable_directory()->DeleteSubrange(0, 1);
    sync::BundleLabel label;
    label.maker = at.node().identity().node.bytes;
    label.set = sync::BundleSet::random(at.world.random);
    const auto& to = at.prison.node->identity();
    const auto made = sync::seal_bundle(label, {{to.node.bytes, to.box_key.public_key()}}, content,
                                        at.node().identity().signing_key, at.world.random);
    REQUIRE(made);
    return *made;
  };
  for (const auto& snapshot : {old.forged, old.honest}) {
    const auto taken = take_bundle(*at.prison.node, file(snapshot));
    REQUIRE_FALSE(taken);
    CHECK(taken.error().message.find("older than the keys that sign the list now") !=
          std::string::npos);
    CHECK(at.prison.node->directory().version() == 0);
  }
}

TEST_CASE("once a key is replaced the exchange gives no snapshot of before", "[root][snapshot]") {
  RootedWorld at;
  REQUIRE(at.desk().make_snapshot());
  REQUIRE(at.desk_site.sync(at.hub));
  int given = 0;
  at.hub.spoil = [&](crypto::ByteView, crypto::Bytes& answer) {
    schema::SyncReply reply;
    if (!reply.ParseFromArray(answer.data(), static_cast<int>(answer.size()))) return;
    given += reply.directory_snapshot().empty() ? 0 : 1;
  };
  TestSite first(at.world, "Made-Up Partner", OrganisationKind::partner);
  at.enrol(first);
  REQUIRE(first.sync(at.hub));
  CHECK(given == 1);
  replace_key(at);
  at.enrol(at.prison);
  REQUIRE(at.prison.sync(at.hub));
  CHECK(given == 1);
  CHECK(state(at.prison) == state(at.desk_site));
}

// ---- what the list asks of programs, and how long it is good

TEST_CASE("a program older than the list asks for exchanges nothing, and records on",
          "[root][update]") {
  RootedWorld at;
  at.enrol(at.prison);
  REQUIRE(at.prison.sync(at.hub));
  CHECK(at.desk().require_at_least({.program = 1000}).error().kind == ErrorKind::invalid);
  CHECK(at.desk().require_at_least({.protocol = 1000}).error().kind == ErrorKind::invalid);
  schema::DirectoryBody body;  // as a newer desk signs it
  SECTION("by the program's number") { body.mutable_policy()->set_minimum_program(1000); }
  SECTION("by the way of exchanging") { body.mutable_policy()->set_minimum_protocol(1000); }
  const auto key = key_of(at.node());
  const auto step =
      at.node().directory().sign_next(body, 1, at.world.now_ms + directory_ms_max, key);
  const auto step_version = at.node().directory().version() + 1;
  schema::SyncRequest carried;
  *carried.add_directory() = sync::to_wire(step);
  const std::string bytes = carried.SerializeAsString();
  (void)at.hub.call(HubClient::Endpoint::sync, crypto::as_bytes(bytes));  // whoever brings it

  for (int i = 0; i < 2; ++i) {
    const auto refused = at.prison.sync(at.hub);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::newer);
    CHECK(refused.error().message.find("update needed") != std::string::npos);
  }
  CHECK(at.prison.node->directory().version() == step_version);
  CHECK(list_warning(at.prison.node->directory(), at.world.now_ms).starts_with("Update needed"));
  CHECK(Staff(*at.prison.node).add("Al Invented", {}, at.prison.actor()));
  CHECK_FALSE(at.prison.sync(at.hub));

  body.mutable_policy()->set_minimum_protocol(1);
  body.mutable_policy()->set_minimum_program(1);  // once it is updated, or the list asks no more
  sync::Directory held = at.prison.node->directory();
  const auto back = held.sign_next(body, 1, at.world.now_ms + directory_ms_max, key);
  carried.clear_directory();
  *carried.add_directory() = sync::to_wire(back);
  const std::string again = carried.SerializeAsString();
  (void)at.hub.call(HubClient::Endpoint::sync, crypto::as_bytes(again));
  const auto synced = at.prison.sync(at.hub);
  if (!synced) FAIL(synced.error().message);
  CHECK(synced->counts.sent >= 1);
}

TEST_CASE("people are told before the list runs out, and after", "[root][update]") {
  RootedWorld at;
  const auto& directory = at.node().directory();
  const auto end = directory.expires_at_ms();
  CHECK(list_warning({}, end).empty());
  CHECK(list_warning(directory, end - list_warning_ms - 1).empty());
  CHECK(list_warning(directory, end - list_warning_ms).find("within 14 days") != std::string::npos);
  CHECK_FALSE(has_run_out(directory, end - 1));
  CHECK(has_run_out(directory, end));
  CHECK(list_warning(directory, end).find("has run out") != std::string::npos);
}

TEST_CASE("an agreement that is ended lets nobody share any more", "[root][desk]") {
  RootedWorld at;
  TestSite partner(at.world, "Made-Up Partner", OrganisationKind::partner);
  at.enrol(at.prison);
  at.enrol(partner);
  const auto from = at.prison.node->identity().organisation;
  const auto to = partner.node->identity().organisation;
  CHECK(at.desk().end_agreement(from, to).error().kind == ErrorKind::not_found);
  REQUIRE(at.desk().agree({from, to, {schema::CASE}, at.world.now_ms + day_ms, "made up"}));
  CHECK(at.node().directory().may_share(from, to, schema::CASE, at.world.now_ms));
  REQUIRE(at.desk().end_agreement(from, to));
  CHECK_FALSE(at.node().directory().may_share(from, to, schema::CASE, at.world.now_ms));
  CHECK(at.desk().end_agreement(from, to).error().kind == ErrorKind::not_found);
}

TEST_CASE("whoever has the desk's key has no computer of their own sealed a site's keys",
          "[root][vouch]") {
  RootedWorld at;
  at.enrol(at.prison);
  REQUIRE(at.prison.sync(at.hub));
  const auto version = at.prison.node->directory().version();
  TestSite thief(at.world, "HMP Made-Up Elsewhere", OrganisationKind::prison, "LEI");
  schema::DirectoryBody body;
  const auto& identity = thief.node->identity();
  auto& node = *body.add_nodes();
  node.set_id(sync::to_wire(identity.node.view()));
  node.set_organisation(sync::to_wire(at.prison.node->identity().organisation.view()));
  node.set_verify_key(sync::to_wire(sync::ByteView(identity.signing_key.verify_key())));
  node.set_box_key(sync::to_wire(sync::ByteView(identity.box_key.public_key())));
  node.set_vouch(sync::to_wire(sync::ByteView(identity.vouch.signature)));
  node.set_label("Reception PC 2");
  const auto stolen = key_of(at.node());
  const auto step =
      at.node().directory().sign_next(body, at.world.now_ms, at.world.now_ms * 2, stolen);
  for (TestSite* site : {&at.desk_site, &at.prison}) {
    const auto taken = site->node->take_directory(step);
    REQUIRE_FALSE(taken);
    CHECK(taken.error().kind == ErrorKind::rejected);
    CHECK(taken.error().message.find("recovery sheet") != std::string::npos);
  }
  CHECK(at.prison.node->directory().version() == version);
  CHECK(at.prison.node->directory().active_nodes(at.prison.node->identity().organisation).size() ==
        1);
}
