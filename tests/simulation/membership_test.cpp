// Whoever takes part decides what a store ever holds: records are begun, shared, taken back, synced
// and carried about in files at random, and then every page of every store is looked through.
#include <map>
#include <set>

#include "tests/simulation/file_scene.h"
#include "tests/sync/store/page_search.h"

namespace throughgate::simulation {
namespace {

constexpr int steps = 160;
constexpr std::size_t records_max = 9;

struct SharedAtRandom : FileScene {
  SeededRandom chance;
  std::vector<DossierId> records;
  std::map<DossierId, std::set<char>> let_in;           // organisations that ever took part
  std::map<DossierId, std::vector<std::string>> marks;  // words that stand in no other record
  std::uint64_t carried = 0;

  explicit SharedAtRandom(std::uint64_t seed) : chance(seed) {}

  NodeMachine& anybody() { return *machines_[chance.below(machines_.size())]; }

  void begin() {
    if (records.size() == records_max) return;
    auto& prison = machine(chance.chance(0.5) ? "A1" : "P1");
    const char owner = prison.name()[0];
    std::vector<sync::Member> members{{organisations_[std::string(1, owner)], Role::owner}};
    std::set<char> organisations{owner};
    for (const char each : {'B', 'C'}) {
      if (!chance.chance(0.4)) continue;
      members.push_back({organisations_[std::string(1, each)], Role::contributor});
      organisations.insert(each);
    }
    const auto mark = "mark of record " + std::to_string(records.size());
    const auto made = prison.node().admission().create(
        members, by(prison), {{field_key("stop_note"), OpKind::set, text(mark), {}, {}}});
    REQUIRE(made);
    records.push_back(*made);
    let_in[*made] = organisations;
    marks[*made].push_back(mark);
  }

  void write(NodeMachine& machine, const DossierId& id) {
    const auto mark = "mark of note " + std::to_string(steps + marks[id].size()) + id.hex();
    const auto saved = machine.node().admission().save(
        id, by(machine), {{field_key("notes"), OpKind::append, text(mark), {}, {}}});
    if (saved) marks[id].push_back(mark);
  }

  void change(NodeMachine& machine, const DossierId& id) {
    const char who = chance.chance(0.5) ? 'B' : 'C';
    MemberChange change;
    const bool joins = chance.chance(0.5);
    change.kind = joins ? MemberChange::Kind::set_role : MemberChange::Kind::remove;
    change.organisation = organisations_[std::string(1, who)];
    change.role = Role::contributor;
    const auto changed = machine.node().admission().change_members(id, change, by(machine));
    if (changed && joins) let_in[id].insert(who);
  }

  void step() {
    auto& machine = anybody();
    switch (chance.below(5)) {
      case 0:
        return begin();
      case 1:
        return sync(machine);
      case 2: {
        auto& to = anybody();
        if (&to == &machine) return;
        carry(machine, to);
        ++carried;
        return;
      }
      default:
        break;
    }
    if (records.empty()) return;
    const auto& id = records[chance.below(records.size())];
    if (chance.chance(0.3)) {
      change(machine, id);
    } else {
      write(machine, id);
    }
  }

  std::vector<std::string> held_by_strangers() {
    std::vector<std::string> out;
    for (auto& machine : machines_) {
      std::vector<std::string> foreign;
      for (const auto& id : records) {
        if (let_in[id].contains(machine->name()[0])) continue;
        foreign.emplace_back(crypto::as_text(id.view()));
        foreign.insert(foreign.end(), marks[id].begin(), marks[id].end());
      }
      const auto search = testing::search_pages(machine->node().database(), foreign);
      REQUIRE(search);
      for (const auto& [mark, pages] : search->found) {
        if (!pages.empty()) out.push_back(machine->name() + " holds " + mark);
      }
    }
    return out;
  }
};

}  // namespace

TEST_CASE("no page of a store holds a byte of a record that its organisation was never let into",
          "[simulation][bundle]") {
  std::uint64_t strangers = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    CAPTURE(seed);
    SharedAtRandom world(seed);
    for (int i = 0; i < steps; ++i) world.step();
    CHECK(world.held_by_strangers() == std::vector<std::string>{});
    CHECK(world.carried > 10);
    for (const auto& [id, organisations] : world.let_in) strangers += 5 - organisations.size();
    // The search sees what is there: with nobody let in, everybody's own is found.
    for (auto& [id, organisations] : world.let_in) organisations.clear();
    CHECK(world.held_by_strangers().size() > world.records.size());
  }
  CHECK(strangers >= 60);
}

}  // namespace throughgate::simulation
