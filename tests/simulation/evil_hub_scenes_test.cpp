// Scenes with a hub that lied for a while: what it left out, or made up, is found once it is
// honest.
#include <functional>

#include "schema/wire.pb.h"
#include "tests/simulation/scene.h"

namespace throughgate::simulation {
namespace {

// What becomes of each answer to a sync on its way to this machine.
void alter(NodeMachine& machine, std::function<void(schema::SyncReply&)> how) {
  machine.link().set_alteration(
      [how = std::move(how)](node::HubClient::Endpoint endpoint, crypto::Bytes& answer) {
        if (endpoint != node::HubClient::Endpoint::sync) return;
        schema::SyncReply reply;
        reply.ParseFromArray(answer.data(), static_cast<int>(answer.size()));
        how(reply);
        answer.resize(reply.ByteSizeLong());
        reply.SerializeToArray(answer.data(), static_cast<int>(answer.size()));
      });
}

// Counts requests that ask as a newcomer does.
void count_asking_anew(NodeMachine& machine, int& count) {
  machine.link().set_listener(
      [&count](const schema::SyncRequest& request, const schema::SyncReply&) {
        count += request.cursor().empty() ? 1 : 0;
      });
}

// B1 has a record without its key, of which the hub does not tell.
struct KeyLeftOut {
  Scene scene;
  NodeMachine& b1 = scene.machine("B1");
  DossierId id;

  KeyLeftOut() {
    auto& a1 = scene.machine("A1");
    id = scene.new_case(a1);
    scene.add_note(a1, id, "words");
    scene.sync(a1);
    alter(b1, [](schema::SyncReply& reply) { reply.clear_envelopes(); });
    scene.sync(b1);
  }
};

}  // namespace

// A hub that left out a head, or a key, and is honest again: the cursor that it gave says that both
// were told.
TEST_CASE("a removal that was never told is asked for when what it forbids is refused",
          "[simulation]") {
  Scene scene;
  auto& a1 = scene.machine("A1");
  auto& b1 = scene.machine("B1");
  const auto id = scene.new_case(a1);
  scene.sync(a1);
  scene.sync(b1);
  const MemberChange remove_b{MemberChange::Kind::remove, scene.organisations_["B"], Role::reader};
  REQUIRE(a1.node().admission().change_members(id, remove_b, scene.by(a1)));
  scene.sync(a1);
  alter(b1, [](schema::SyncReply& reply) { reply.clear_heads(); });
  scene.sync(b1);
  b1.link().set_alteration({});
  scene.add_note(b1, id, "too late");
  scene.sync(b1);
  scene.sync(b1);
  const auto context = b1.node().context();
  UnitOfWork work(b1.node().database());
  Replica replica(work, id, context);
  CHECK_FALSE(replica.stored().memberships().role_now(scene.organisations_["B"]));
  CHECK(work.first("SELECT count(*) FROM entry WHERE dsn IS NULL AND standing IN (1, 2, 5)",
                   sync::store::bound(), sync::store::unsigned_column) == 0U);
}

TEST_CASE("a key that was never told of is asked for within a day", "[simulation]") {
  KeyLeftOut left_out;
  auto& scene = left_out.scene;
  auto& b1 = left_out.b1;
  b1.link().set_alteration({});
  scene.time_.tick += Time::over_a_fortnight;
  scene.sync(b1);
  CHECK(scene.notes(b1, left_out.id) == std::vector<std::string>{"words"});
}

// Nobody can be told all within a day: each sync ends after one answer, and there is always more.
TEST_CASE("what a slow site is being told anew is never begun again before its end",
          "[simulation]") {
  KeyLeftOut left_out;
  auto& scene = left_out.scene;
  auto& b1 = left_out.b1;
  int asked = 0;
  count_asking_anew(b1, asked);
  alter(b1, [&](schema::SyncReply& reply) {
    reply.clear_envelopes();
    reply.set_more(true);
    b1.link().set_weather({1, 0, 0, 0, 0, 0});  // then the line is cut
  });
  for (int day = 0; day < 20; ++day) {
    scene.time_.tick += 4;
    b1.link().set_weather({});
    (void)b1.sync();
  }
  CHECK(asked == 1);
}

TEST_CASE("asking anew that brings nothing is tried again after twice the time, up to a week",
          "[simulation]") {
  KeyLeftOut left_out;
  auto& scene = left_out.scene;
  auto& b1 = left_out.b1;
  int asked = 0;
  count_asking_anew(b1, asked);
  std::vector<int> days;
  for (int day = 0; day < 30; ++day) {
    scene.time_.tick += 4;
    const int before = asked;
    REQUIRE(b1.sync());
    if (asked > before) days.push_back(day);
  }
  CHECK(days == std::vector<int>{0, 2, 6, 13, 20, 27});
  b1.link().set_alteration({});
  scene.time_.tick += Time::over_a_week;
  scene.sync(b1);
  CHECK(scene.notes(b1, left_out.id) == std::vector<std::string>{"words"});
}

// Who carried it had heard of the removal already.
TEST_CASE("a refusal that the order here explains makes nobody ask anew", "[simulation]") {
  Scene scene;
  auto& a1 = scene.machine("A1");
  auto& b1 = scene.machine("B1");
  auto& c1 = scene.machine("C1");
  const auto id = scene.new_case(a1);
  const auto change = [&](MemberChange::Kind kind) {
    const MemberChange wanted{kind, scene.organisations_["C"], Role::contributor};
    REQUIRE(a1.node().admission().change_members(id, wanted, scene.by(a1)));
    scene.sync(a1);
  };
  scene.sync(a1);
  change(MemberChange::Kind::set_role);
  scene.sync(c1);
  const auto late = scene.entry(c1, scene.add_note(c1, id, "too late"));
  change(MemberChange::Kind::remove);
  scene.sync(b1);
  REQUIRE(b1.node().admission().receive_by_hand(late));
  int asked = 0;
  count_asking_anew(b1, asked);
  const auto report = b1.sync();
  REQUIRE(report);
  CHECK(report->counts.refused == 1);
  CHECK(asked == 0);
}

// The hub has lost what B1 holds, and says so to nobody; B1 was given the cursor of somebody else.
TEST_CASE("an order that the hub has nothing to follow on is shown to it", "[simulation]") {
  Scene scene;
  auto& a1 = scene.machine("A1");
  auto& a2 = scene.machine("A2");
  auto& b1 = scene.machine("B1");
  const auto id = scene.new_case(a1);
  scene.sync(a1);
  scene.sync(b1);
  std::string earlier;
  alter(a2, [&](schema::SyncReply& reply) { earlier = reply.cursor(); });
  scene.sync(a2);
  const auto hub_before = scene.hub_->copy();
  const auto instance = scene.hub_->instance();
  scene.add_note(a1, id, "of one memory");
  scene.sync(a1);
  alter(b1, [&](schema::SyncReply& reply) { reply.set_cursor(earlier); });
  scene.sync(b1);
  b1.link().set_alteration({});
  scene.hub_->put_back_quietly(hub_before);
  scene.add_note(a2, id, "of another");
  scene.add_note(a2, id, "of another, too");
  scene.sync(a2);
  REQUIRE(scene.hub_->instance() == instance);
  ++scene.time_.tick;
  (void)b1.sync();  // is told to wait for the central team
  CHECK(scene.hub_->instance() != instance);
  for (int i = 0; i < 3; ++i) {
    for (auto* machine : {&scene.machine("Z1"), &b1, &a1, &a2}) {
      scene.name_new_instance();
      ++scene.time_.tick;
      (void)machine->sync();
    }
    scene.hub_->open_everything();
  }
  const std::vector<std::string> all{"of another", "of another, too", "of one memory"};
  for (auto* machine : {&b1, &a1, &a2}) CHECK(scene.notes(*machine, id) == all);
}

// A removal that never comes to its place: what it follows was lost with the disk that it was
// written on.
TEST_CASE("what was refused is not left behind for a removal that has no place", "[simulation]") {
  Scene scene;
  auto& a1 = scene.machine("A1");
  auto& a2 = scene.machine("A2");
  auto& b1 = scene.machine("B1");
  const auto id = scene.new_case(a1);
  for (auto* machine : {&a1, &a2, &b1}) scene.sync(*machine);
  const auto hub_before = scene.hub_->copy();
  const auto disk_before = a1.copy();
  scene.add_note(a1, id, "lost with the disk");
  const MemberChange remove_b{MemberChange::Kind::remove, scene.organisations_["B"], Role::reader};
  REQUIRE(a1.node().admission().change_members(id, remove_b, scene.by(a1)));
  const auto removal = scene.entry(a1, scene.newest_entry(a1));
  a1.put_back(disk_before);
  scene.add_note(a2, id, "forgotten by the hub");
  scene.sync(a2);
  scene.sync(b1);
  scene.add_note(b1, id, "refused as it stands");
  scene.put_hub_back_at_once(hub_before);
  REQUIRE(b1.node().admission().receive_by_hand(removal));
  for (int i = 0; i < 3; ++i) {
    for (auto* machine : {&b1, &a2, &a1}) scene.sync(*machine);
  }
  scene.time_.tick += Time::over_a_fortnight;
  for (auto* machine : {&b1, &a2, &a1}) scene.sync(*machine);
  CHECK(scene.notes(a1, id) ==
        std::vector<std::string>{"forgotten by the hub", "refused as it stands"});
}

}  // namespace throughgate::simulation
