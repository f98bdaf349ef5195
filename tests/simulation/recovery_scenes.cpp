#include "tests/simulation/recovery_scenes.h"

#include "tests/simulation/scene.h"

namespace throughgate::simulation::scenes {
namespace {

constexpr auto removed_words = "written by somebody removed";
constexpr auto newer_words = "written after a removal";

struct RecoveryScene : Scene {
  MemberChange removal() { return {MemberChange::Kind::remove, organisations_["B"], Role::reader}; }
  void remove_b(NodeMachine& machine, const DossierId& id) {
    REQUIRE(machine.node().admission().change_members(id, removal(), by(machine)));
    sync(machine);
  }
  Hash head_at_hub(const DossierId& id) {
    auto transaction = hub::StoreTransaction::begin(hub_->store());
    const auto chain = hub_->store().chain(id);
    return chain ? chain->head : Hash{};
  }
  bool holds(NodeMachine& machine, const std::string& words) {
    UnitOfWork work(machine.node().database());
    return work
        .first("SELECT 1 FROM op WHERE value = ?", sync::store::bound(text(words)),
               sync::store::unsigned_column)
        .has_value();
  }
  // In the order, or on its way there; what was written too late is kept, and does not count.
  bool counts(NodeMachine& machine, const std::string& words) {
    UnitOfWork work(machine.node().database());
    return work
        .first(
            "SELECT 1 FROM op o JOIN entry e ON e.id = o.entry WHERE o.value = ? AND "
            "(e.dsn IS NOT NULL OR e.standing <> ?)",
            sync::store::bound(text(words), static_cast<int>(sync::store::Standing::refused)),
            sync::store::unsigned_column)
        .has_value();
  }
  std::uint64_t answered(const std::string& ruling) {
    const auto found = hub_->answers().reached().find(ruling);
    return found == hub_->answers().reached().end() ? 0 : found->second;
  }
  bool is_told_of_difference(NodeMachine& machine) {
    UnitOfWork work(machine.node().database());
    constexpr auto kind = static_cast<int>(sync::store::NoticeKind::digest_differs);
    return work
        .first("SELECT 1 FROM notice WHERE kind = ?", sync::store::bound(kind),
               sync::store::unsigned_column)
        .has_value();
  }
  // The line goes dead once the hub has answered, before anything is fetched.
  void sync_without_pages(NodeMachine& machine) {
    machine.link().set_listener([&](const auto&, const auto&) {
      LinkWeather dead;
      dead.lose_request = 1;
      machine.link().set_weather(dead);
    });
    ++time_.tick;
    CHECK_FALSE(machine.sync());
    machine.link().set_listener({});
    machine.link().set_weather({});
  }
  // Rounds of everybody's, until what can move has moved.
  void settle() {
    for (int round = 0; round < 3; ++round) {
      for (auto& machine : machines_) sync(*machine);
    }
  }
  // What had its place keeps it, and nobody who was removed is heard.
  std::string compared_with(const Hash& head, const DossierId& id) {
    std::string wrong;
    if (head_at_hub(id) != head) wrong += "what had its place has lost it; ";
    if (counts(machine("A1"), removed_words)) wrong += "somebody removed was heard again; ";
    return wrong;
  }
};

}  // namespace

std::string removed_before_the_hub_was_put_back() {
  RecoveryScene scene;
  auto& a1 = scene.machine("A1");
  auto& b1 = scene.machine("B1");
  const auto id = scene.new_case(a1);
  scene.sync(a1);
  scene.sync(b1);
  const auto hub_before = scene.hub_->copy();
  scene.remove_b(a1, id);
  scene.sync(scene.machine("A2"));
  const auto head = scene.head_at_hub(id);

  scene.put_hub_back(hub_before);
  scene.sync(scene.machine("Z1"));
  scene.add_note(b1, id, removed_words);
  scene.sync(b1);
  scene.settle();
  return scene.compared_with(head, id);
}

std::string begun_again_at_an_empty_hub() {
  RecoveryScene scene;
  auto& a1 = scene.machine("A1");
  auto& b1 = scene.machine("B1");
  const auto hub_empty = scene.hub_->copy();
  const auto id = scene.new_case(a1);
  const auto a1_before = a1.copy();
  scene.sync(a1);
  scene.sync(b1);
  scene.remove_b(a1, id);
  scene.sync(scene.machine("A2"));
  const auto head = scene.head_at_hub(id);

  a1.put_back(a1_before);  // knows of no more than the beginning
  scene.put_hub_back(hub_empty);
  scene.sync(scene.machine("Z1"));
  scene.sync(a1);
  scene.add_note(b1, id, removed_words);
  scene.settle();
  return scene.compared_with(head, id);
}

std::string put_back_to_an_order_given_up() {
  RecoveryScene scene;
  auto& a1 = scene.machine("A1");
  auto& a2 = scene.machine("A2");
  auto& b1 = scene.machine("B1");
  const auto id = scene.new_case(a1);
  scene.sync(a1);
  scene.sync(a2);
  scene.sync(b1);
  const auto hub_early = scene.hub_->copy();
  const auto a2_early = a2.copy();
  scene.add_note(a2, id, "on an order that is given up");
  scene.sync(a2);
  const auto hub_given_up = scene.hub_->copy();

  a2.put_back(a2_early);
  scene.put_hub_back_at_once(hub_early);
  scene.remove_b(a1, id);
  scene.sync(a2);
  const auto head = scene.head_at_hub(id);

  scene.put_hub_back(hub_given_up);
  scene.sync(scene.machine("Z1"));
  scene.add_note(b1, id, removed_words);
  for (const char* name : {"B1", "B2", "A1", "A2", "B1"}) scene.sync(scene.machine(name));
  scene.settle();
  return scene.compared_with(head, id);
}

std::string heard_of_a_place_that_is_anothers() {
  RecoveryScene scene;
  auto& a1 = scene.machine("A1");
  auto& b1 = scene.machine("B1");
  const auto id = scene.new_case(a1);
  scene.settle();
  const auto hub_before = scene.hub_->copy();
  const auto b1_before = b1.copy();
  scene.add_note(b1, id, "will be forgotten");
  scene.sync(b1);
  scene.sync(b1);  // says what it makes of it
  scene.sync_without_pages(a1);

  b1.put_back(b1_before);
  scene.put_hub_back_at_once(hub_before);
  scene.add_note(a1, id, "in its place");
  scene.sync(a1);
  scene.sync(a1);  // says what it makes of it, before the other one has said anything anew
  scene.settle();
  std::string wrong;
  if (scene.notes(b1, id) != std::vector<std::string>{"in its place"}) {
    wrong += "what was written is not in the record; ";
  }
  for (const auto& machine : scene.machines_) {
    if (scene.is_told_of_difference(*machine)) {
      wrong += machine->name() + " is told that records differ; ";
    }
  }
  return wrong;
}

std::string written_under_a_forgotten_key() {
  RecoveryScene scene;
  auto& a1 = scene.machine("A1");
  auto& a2 = scene.machine("A2");
  auto& b1 = scene.machine("B1");
  const auto id = scene.new_case(a1);
  scene.sync(a1);
  scene.sync(b1);
  const auto hub_before = scene.hub_->copy();
  scene.add_note(a1, id, "before");
  scene.sync(a1);
  scene.remove_b(a1, id);
  scene.sync(a2);
  scene.add_note(a2, id, newer_words);
  scene.sync(a2);

  // The removal was based on a place that will not come again: only who made it can make it anew.
  scene.put_hub_back_at_once(hub_before);
  scene.sync(a2);
  scene.sync(a2);
  scene.sync(b1);  // a member, as far as the hub knows
  scene.sync(a1);
  scene.time_.tick += Time::over_a_fortnight;
  scene.settle();
  std::string wrong;
  if (scene.notes(a1, id) != std::vector<std::string>{"before", newer_words}) {
    wrong += "what was written is not in the record; ";
  }
  if (scene.holds(b1, newer_words)) wrong += "somebody removed reads what was not for them; ";
  return wrong;
}

std::string written_while_a_key_is_awaited() {
  RecoveryScene scene;
  auto& a2 = scene.machine("A2");
  const auto id = scene.new_case(scene.machine("A1"));
  scene.sync(scene.machine("A1"));
  scene.sync(a2);
  scene.sync(scene.machine("B1"));
  auto& b3 = scene.enrol("B3");
  for (const char* name : {"Z1", "B1", "B3"}) scene.sync(scene.machine(name));

  // Made where nobody has heard of B3 yet; and then the line goes dead.
  REQUIRE(a2.node().admission().change_members(id, {}, scene.by(a2)));
  scene.sync_without_pages(a2);
  scene.sync(b3);
  scene.add_note(b3, id, "while a key is awaited");
  scene.sync(b3);

  std::string wrong;
  if (scene.answered("REJECTED epoch") > 0) wrong += "what was saved meanwhile was refused; ";
  scene.settle();
  if (scene.notes(b3, id) != std::vector<std::string>{"while a key is awaited"}) {
    wrong += "what was saved meanwhile is not in the record; ";
  }
  return wrong;
}

}  // namespace throughgate::simulation::scenes
