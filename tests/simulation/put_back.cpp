// Disks and hubs put back from old copies, machines that live on twice, and a hub that is lost.
#include "sync/store/purge.h"
#include "tests/simulation/world.h"

namespace throughgate::simulation {
namespace {

using sync::Hash;
using sync::store::UnitOfWork;

constexpr std::uint64_t lost_hubs_every = 5;  // worlds
constexpr std::size_t machines_max = 9;       // clones included

}  // namespace

std::set<Hash> World::entries_on(std::size_t machine) {
  std::set<Hash> out;
  UnitOfWork work(machines_[machine]->node().database());
  work.each("SELECT hash FROM entry", sync::store::bound(), [&](const sync::store::Statement& row) {
    if (const auto hash = crypto::to_array<32>(row.view(0))) out.insert(*hash);
  });
  return out;
}

// Whoever takes part no more deletes what has its place. Where nobody else has fetched it yet, the
// hub's disk is the only one that holds it.
void World::note_held_by_the_hub_alone() {
  std::set<sync::DossierId> purged;
  for (auto& machine : machines_) {
    UnitOfWork work(machine->node().database());
    for (const auto& each : sync::store::purged_dossiers(work)) purged.insert(each.dossier);
  }
  if (purged.empty()) return;
  std::set<Hash> held;
  for (std::size_t i = 0; i < machines_.size(); ++i) held.merge(entries_on(i));
  auto& store = hub_->store();
  auto transaction = hub::StoreTransaction::begin(store);
  for (const auto& id : purged) {
    const auto chain = store.chain(id);
    for (std::uint64_t dsn = 1; chain && dsn <= chain->length; ++dsn) {
      const auto entry = store.entry_at(chain->id, dsn);
      if (entry && !held.contains(*entry)) lost_with_disks_.insert(*entry);
    }
  }
}

void World::copy_disk(std::size_t machine) {
  disk_copies_.emplace_back(machine, machines_[machine]->copy());
}

void World::put_node_back(std::size_t) {
  if (disk_copies_.empty() || !options_.node_restores) return;
  const auto& [machine, image] = disk_copies_[random_.below(disk_copies_.size())];
  const auto before = entries_on(machine);
  machines_[machine]->put_back(image);
  const auto after = entries_on(machine);
  for (const auto& entry : before) {
    if (!after.contains(entry)) lost_with_disks_.insert(entry);
  }
  std::erase_if(forms_, [m = machine](const SeenForm& form) { return form.machine == m; });
  if (organisation_of(machine) == 'Z') bring_desk_up_to_date(*machines_[machine]);
  ++counts_.node_restores;
}

// Two machines live on from one disk, each taking itself for the only one.
void World::clone(std::size_t machine) {
  if (machines_.size() >= machines_max || !options_.node_restores) return;
  auto& copy = Stage::clone(machine);
  copy.disk().lie_about_sync(options_.lying_sync);
  listen_to(copy);
  const auto of = updated_.find(machines_[machine]->name());
  if (of != updated_.end()) {
    updated_[copy.name()] = of->second;
    copy.install(*options_.programs, machines_[machine]->is_newer());
  }
  ++counts_.clones;
}

void World::copy_hub(std::size_t) { hub_copies_.push_back(hub_->copy()); }

void World::put_hub_back(std::size_t) {
  if (!options_.hub_restores) return;
  const auto& image =
      random_.chance(0.85) ? hub_copies_[random_.below(hub_copies_.size())] : hub_copies_.front();
  const bool may_be_quiet = options_.quiet_rollbacks && seed_ % 3 == 2;
  if (may_be_quiet && random_.chance(0.5)) return roll_hub_back(image);
  if (random_.chance(0.5)) return put_hub_back(image);
  note_accepted();
  note_keys_due(*hub_);
  note_held_by_the_hub_alone();
  Stage::put_hub_back(image);
  ++counts_.hub_restores;
}

// The desk does not wait for what others may still hold.
void World::put_hub_back(const FaultyDisk::Image& image) {
  note_accepted();
  note_keys_due(*hub_);
  note_held_by_the_hub_alone();
  Stage::put_hub_back(image);
  ++counts_.hub_restores;
  if (machine("Z1").sync()) hub_->open_everything();
}

// Found out when somebody shows it what it had signed; until then it may say anything.
void World::roll_hub_back(const FaultyDisk::Image& image) {
  note_accepted();
  note_keys_due(*hub_);
  note_held_by_the_hub_alone();
  hub_->put_back_quietly(image);
  ++counts_.hub_restores;
  ++counts_.quiet_rollbacks;
}

void World::open_hub(std::size_t) { hub_->open_everything(); }

// In every fifth world, once: its disk burns, with every copy of it. The next one has a key of its
// own, and knows only what the list and the sites bring it.
void World::lose_hub_when_due(int step) {
  const bool is_lost = options_.lost_hubs && seed_ % lost_hubs_every == 3;
  if (!is_lost || step != 250 + static_cast<int>(seed_ % 200)) return;
  join_hub();
  note_accepted();
  note_keys_due(*hub_);
  note_held_by_the_hub_alone();
  Stage::replace_hub();
  hub_copies_.assign(1, hub_->copy());
  ++counts_.hubs_lost;
}

}  // namespace throughgate::simulation
