// A program and a newer one: most machines run the older until they are updated, some only when
// things come to rest, and the power may go while they read again. Drawn from a seed of its own.
#include "tests/simulation/world.h"

namespace throughgate::simulation {
namespace {

using sync::OpKind;
using sync::Policy;
using sync::store::Replica;
using sync::store::UnitOfWork;

constexpr double newer_from_the_first = 0.3;
constexpr double written_in_some_way = 0.4;  // of what the newer program saves

int one_of(const std::vector<int>& ways, SeededRandom& random) {
  return ways[random.below(ways.size())];
}

}  // namespace

void World::begin_with_older_programs() {
  hub_->set_programs(options_.programs);
  for (auto& machine : machines_) {
    const bool newer = updates_.chance(newer_from_the_first);
    const auto steps = static_cast<std::uint64_t>(options_.steps);
    updated_[machine->name()] = newer ? 0 : static_cast<int>(1 + updates_.below(steps));
    machine->install(*options_.programs, newer);
  }
}

// A computer that somebody gets on the way has the newer one.
void World::update_when_due(int step) {
  if (updated_.empty()) return;
  for (std::size_t i = 0; i < machines_.size(); ++i) {
    auto& machine = *machines_[i];
    const auto [due, is_new] = updated_.try_emplace(machine.name(), 0);
    if (is_new) machine.install(*options_.programs, true);
    if (!machine.is_newer() && due->second <= step) update(i);
  }
}

void World::update(std::size_t machine) {
  auto& updated = *machines_[machine];
  updated.install(*options_.programs, true);
  ++counts_.updates;
  if (options_.power_cuts && updates_.chance(0.5)) {
    updated.disk().cut_power_at(1 + updates_.below(12));
  }
  (void)updated.node().read_again(1 + updates_.below(3));  // the rest when it next syncs
  after_power(machine);
}

void World::write_in_some_way(const NodeMachine& machine, const sync::store::OpDraft& draft,
                              const sync::FieldPolicy& policy) {
  if (!machine.is_newer() || !updates_.chance(written_in_some_way)) return;
  const bool is_text = policy.policy == Policy::latest && draft.kind == OpKind::set;
  const auto& programs = *options_.programs;
  programs.write(
      one_of(is_text && updates_.chance(0.5) ? programs.ways_of_text : programs.ways, updates_));
  ++counts_.written_by_newer;
}

// 10: nothing was dropped, and whoever was updated equals whoever was always new.
void World::check_updated(Findings& findings) {
  std::map<sync::DossierId, std::pair<std::string, sync::ProjectionDigest>> always_new;
  for (const bool from_the_first : {true, false}) {
    for (std::size_t i = 0; i < machines_.size(); ++i) {
      auto& machine = *machines_[i];
      const auto due = updated_.find(machine.name());
      if (due == updated_.end() || is_revoked(i) || from_the_first != (due->second == 0)) continue;
      UnitOfWork work(machine.node().database());
      const auto left = work.first(
          "SELECT (SELECT count(*) FROM dossier WHERE newer OR stale) + "
          "(SELECT count(*) FROM parked)",
          sync::store::bound(), sync::store::unsigned_column);
      if (left.value_or(1) > 0) {
        find(findings, "10", machine.name() + " is updated, and something is still not read");
      }
      const auto context = machine.node().context();
      for (const auto& id : dossiers_held(work)) {
        Replica replica(work, id, context);
        const auto digest = replica.is_complete() && replica.role_now(context.identity.organisation)
                                ? replica.digest()
                                : std::nullopt;
        if (!digest) continue;
        const auto [known, is_first] = from_the_first
                                           ? always_new.try_emplace(id, machine.name(), *digest)
                                           : std::pair(always_new.find(id), false);
        if (known == always_new.end() || known->second.second == *digest) continue;
        find(findings, "10",
             machine.name() + " does not equal " + known->second.first + ", which was always new");
      }
    }
  }
}

}  // namespace throughgate::simulation
