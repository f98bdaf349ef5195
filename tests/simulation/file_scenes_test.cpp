// Scenes in which files go where a network does not, and one of what a refused change leaves over.
#include "sync/store/deliveries.h"
#include "sync/store/placing.h"
#include "sync/store/reauthoring.h"
#include "sync/wire_values.h"
#include "tests/simulation/file_scene.h"

namespace throughgate::simulation {
namespace {

using Notes = std::vector<std::string>;

// One record that everybody holds, and the hub as it was then.
struct SharedRecord : FileScene {
  struct Parts {
    NodeMachine &a1, &a2, &b1;
    DossierId id;
    FaultyDisk::Image before;
  };
  Parts parts{machine("A1"), machine("A2"), machine("B1"), new_case(machine("A1")), {}};
  SharedRecord() {
    for (auto* each : {&parts.a1, &parts.a2, &parts.b1}) sync(*each);
    parts.before = hub_->copy();
  }
};

std::uint64_t times_told(NodeMachine& machine, sync::store::NoticeKind kind) {
  UnitOfWork work(machine.node().database());
  return work
      .first("SELECT count(*) FROM notice WHERE kind = ?",
             sync::store::bound(static_cast<int>(kind)), sync::store::unsigned_column)
      .value_or(0);
}

// What one shows at the place where it is, the other is told by the hub.
void hear_of_digest(NodeMachine& by, NodeMachine& of, const DossierId& id) {
  const auto theirs = of.node().context(), ours = by.node().context();
  schema::SyncReply reply;
  auto& told = *reply.add_digests();
  {
    UnitOfWork work(of.node().database());
    Replica replica(work, id, theirs);
    const auto digest = replica.digest();
    REQUIRE(digest);
    told.set_dossier(sync::to_wire(id.view()));
    told.set_node(sync::to_wire(theirs.identity.node.view()));
    told.set_dsn(replica.stored().length());
    told.set_policy_version(sync::to_wire(sync::ByteView(theirs.policies.version())));
    told.set_digest(sync::to_wire(sync::ByteView(*digest)));
  }
  UnitOfWork work(by.node().database());
  sync::store::RoundUnderWay round;
  sync::store::Deliveries(ours, round).take_digests(work, reply, by.node().now_ms());
  REQUIRE(work.commit());
}

}  // namespace

TEST_CASE("by file too, the order of the hub's newest life takes the place of an older one",
          "[simulation][bundle]") {
  SharedRecord scene;
  auto& [a1, a2, b1, id, before] = scene.parts;
  scene.add_note(a1, id, "before");
  scene.sync(a1);
  scene.carry(a1, b1);
  CHECK(scene.notes(b1, id) == Notes{"before"});
  scene.add_note(a1, id, "before too");
  for (auto* machine : {&a1, &b1}) scene.sync(*machine);  // B1 has no network from here on

  scene.put_hub_back_at_once(before);
  scene.add_note(a2, id, "after");
  scene.sync(a2);
  scene.carry(a2, b1);
  CHECK(scene.notes(b1, id) == Notes{"after"});  // all that there is: the order is shorter now
  CHECK(times_told(b1, sync::store::NoticeKind::taken_back) == 2);

  scene.sync(a1);  // whose notes go again
  scene.carry(a1, b1);
  CHECK(scene.notes(b1, id) == Notes{"after", "before", "before too"});
}

// The removal has its place after the one at which who reads this was shut out, and so never came.
TEST_CASE("text that came without its removal comes once the hub has lost that removal",
          "[simulation][bundle]") {
  FileScene scene;
  auto& a1 = scene.machine("A1");
  auto& b1 = scene.machine("B1");
  const auto id = scene.new_case(a1);
  const auto note = scene.add_note(a1, id, "names somebody");
  const auto partner = b1.node().identity().organisation;
  REQUIRE(a1.node().admission().change_members(id, {MemberChange::Kind::remove, partner, {}},
                                               scene.by(a1)));
  scene.sync(a1);
  const auto hub_before = scene.hub_->copy();
  const auto a1_before = a1.copy();
  REQUIRE(a1.node().admission().redact(id, {OpId{note, 0}}, scene.by(a1)));
  scene.sync(a1);
  scene.sync(b1);

  a1.put_back(a1_before);
  scene.put_hub_back_at_once(hub_before);
  REQUIRE(a1.node().admission().change_members(
      id, {MemberChange::Kind::set_role, partner, Role::receiver}, scene.by(a1)));
  scene.sync(a1);
  SECTION("by the network") {
    scene.sync(b1);
    scene.sync(b1);
  }
  SECTION("by file") { scene.carry(a1, b1); }
  CHECK(scene.notes(b1, id) == Notes{"names somebody"});
}

TEST_CASE("what others said of a place in the hub's earlier life is not held against the newest",
          "[simulation][bundle]") {
  SharedRecord scene;
  auto& [a1, a2, b1, id, before] = scene.parts;
  scene.add_note(a1, id, "before");
  scene.sync(a1);
  hear_of_digest(b1, a1, id);  // and has no network from here on

  scene.put_hub_back_at_once(before);
  scene.add_note(a2, id, "after");
  scene.sync(a2);
  scene.carry(a2, b1);
  CHECK(scene.notes(b1, id) == Notes{"after"});
  CHECK(times_told(b1, sync::store::NoticeKind::digest_differs) == 0);

  scene.sync(a1);
  hear_of_digest(b1, a1, id);
  scene.carry(a1, b1);
  CHECK(scene.notes(b1, id) == Notes{"after", "before"});
  CHECK(times_told(b1, sync::store::NoticeKind::digest_differs) == 0);
}

TEST_CASE("what a file says of the hub's earlier life is not held against the newest",
          "[simulation][bundle]") {
  SharedRecord scene;
  auto& [a1, a2, b1, id, before] = scene.parts;
  scene.add_note(a1, id, "before");
  scene.sync(a1);  // and has no network from here on

  scene.put_hub_back_at_once(before);
  scene.sync(b1);
  scene.add_note(a2, id, "after");
  scene.sync(a2);
  hear_of_digest(b1, a2, id);
  scene.carry(a1, b1);
  CHECK(scene.notes(b1, id) == Notes{"before"});  // nobody has told it that this is given up
  CHECK(times_told(b1, sync::store::NoticeKind::digest_differs) == 0);

  for (auto* machine : {&b1, &a1, &b1}) scene.sync(*machine);
  CHECK(scene.notes(b1, id) == Notes{"after", "before"});
  CHECK(times_told(b1, sync::store::NoticeKind::digest_differs) == 0);
}

TEST_CASE("an order that may be given up for another shuts nobody out for good",
          "[simulation][bundle]") {
  FileScene scene;
  auto &a1 = scene.machine("A1"), &b1 = scene.machine("B1");
  const auto id = scene.new_case(a1);
  for (auto* machine : {&a1, &b1}) scene.sync(*machine);
  const auto note = scene.add_note(b1, id, "words");
  REQUIRE(a1.node().admission().change_members(
      id, {MemberChange::Kind::set_role, scene.organisations_["B"], Role::reader}, scene.by(a1)));
  scene.sync(a1);
  scene.carry(a1, b1);

  const auto context = b1.node().context();
  UnitOfWork work(b1.node().database());
  Replica replica(work, id, context);
  auto& stored = replica.stored();
  const auto standing_after = [&](const sync::Ruling& ruling) {
    sync::store::take_final_verdict(replica, note, ruling, context.clock());
    sync::store::retry_waiting(replica, context.clock(), context);
    return stored.load(*stored.find(note))->standing;
  };
  auto other = *stored.proof();
  other.head.chain[0] ^= 1;
  stored.set_heard(other);  // the hub has told of it, and cannot give it yet
  const sync::Ruling closed{sync::Outcome::rejected, sync::Reason::stream_closed};
  CHECK(standing_after(closed) == sync::store::Standing::waiting);
  stored.forget_heard();  // it was not given up
  CHECK(standing_after(closed) == sync::store::Standing::refused);
  CHECK_FALSE(sync::store::retry_waiting(replica, context.clock(), context));
  const auto common = GENERATE(std::uint64_t{0}, std::uint64_t{1});
  sync::store::take_back_above(replica, common, context.clock());  // and now it is
  CHECK(sync::store::retry_waiting(replica, context.clock(), context) == (common > 0));
  // Where no order is left, what was to make B a reader may have no place in the next one either.
  const auto standing = stored.load(*stored.find(note))->standing;
  CHECK(standing == (common > 0 ? sync::store::Standing::refused : sync::store::Standing::waiting));
}

TEST_CASE("what a removed member holds is not deleted on the word of the hub's earlier life",
          "[simulation][bundle]") {
  FileScene scene;
  auto &a1 = scene.machine("A1"), &a2 = scene.machine("A2"), &b1 = scene.machine("B1");
  auto& c1 = scene.machine("C1");
  const auto id = scene.new_case(a1);
  for (auto* machine : {&a1, &a2, &b1, &c1}) scene.sync(*machine);
  const auto before = scene.hub_->copy();
  const auto a1_before = a1.copy();
  scene.add_note(b1, id, "kept");
  scene.sync(b1);
  REQUIRE(a1.node().admission().change_members(
      id, {MemberChange::Kind::remove, scene.organisations_["B"], Role::reader}, scene.by(a1)));
  scene.sync(a1);
  scene.sync(b1);          // and its computer is switched off before anything is deleted
  a1.put_back(a1_before);  // so that B1 alone holds it
  scene.put_hub_back_at_once(before);
  scene.sync(c1);
  scene.carry(c1, b1);  // by which it hears of the hub's newest life, and of nothing else
  scene.sync(b1);
  for (auto* machine : {&a1, &a2}) scene.sync(*machine);
  CHECK(scene.notes(a2, id) == Notes{"kept"});
}

TEST_CASE("keys of a change of members that was refused cost no sync anything", "[simulation]") {
  Scene scene;
  auto &a1 = scene.machine("A1"), &a2 = scene.machine("A2");
  const auto id = scene.new_case(a1);
  for (auto* machine : {&a1, &a2}) scene.sync(*machine);
  const auto idle = [&] {
    const auto before = scene.link_counts_.bytes;
    scene.sync(a2);
    return scene.link_counts_.bytes - before;
  };
  const auto without = (idle(), idle());
  for (auto* machine : {&a1, &a2}) {  // at once: one of the two comes second
    REQUIRE(machine->node().admission().change_members(
        id, {MemberChange::Kind::remove, scene.organisations_["B"], Role::reader},
        scene.by(*machine)));
  }
  scene.sync(a1);
  for (int i = 0; i < 3; ++i) scene.sync(a2);
  CHECK(idle() <= without + 8);  // numbers have grown
}

}  // namespace throughgate::simulation
