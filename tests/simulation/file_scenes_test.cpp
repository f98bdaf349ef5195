// Scenes in which files go where a network does not, and one of what a refused change leaves over.
#include "tests/simulation/file_scene.h"

namespace throughgate::simulation {
namespace {

using Notes = std::vector<std::string>;

std::uint64_t told_of_taken_back(NodeMachine& machine) {
  UnitOfWork work(machine.node().database());
  return work
      .first("SELECT count(*) FROM notice WHERE kind = ?",
             sync::store::bound(static_cast<int>(sync::store::NoticeKind::taken_back)),
             sync::store::unsigned_column)
      .value_or(0);
}

}  // namespace

TEST_CASE("by file too, the order of the hub's newest life takes the place of an older one",
          "[simulation][bundle]") {
  FileScene scene;
  auto &a1 = scene.machine("A1"), &a2 = scene.machine("A2"), &b1 = scene.machine("B1");
  const auto id = scene.new_case(a1);
  for (auto* machine : {&a1, &a2, &b1}) scene.sync(*machine);
  const auto before = scene.hub_->copy();
  scene.add_note(a1, id, "before");
  scene.sync(a1);
  scene.carry(a1, b1);  // which has no network from here on
  CHECK(scene.notes(b1, id) == Notes{"before"});

  scene.put_hub_back_at_once(before);
  scene.add_note(a2, id, "after");
  scene.sync(a2);
  scene.carry(a2, b1);
  CHECK(scene.notes(b1, id) == Notes{"after"});
  CHECK(told_of_taken_back(b1) == 1);

  scene.sync(a1);  // whose note goes again
  scene.carry(a1, b1);
  CHECK(scene.notes(b1, id) == Notes{"after", "before"});
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
