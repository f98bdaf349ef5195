// What crosses on its way: people write while somebody takes away their right to, or while the hub
// loses what it was based on. Chance alone brings it about too seldom.
#include <algorithm>

#include "tests/simulation/world.h"

namespace throughgate::simulation {

using sync::DossierId;
using sync::Role;
using sync::store::MemberChange;
using sync::store::Replica;
using sync::store::UnitOfWork;

std::optional<Role> World::role_at(std::size_t machine, const DossierId& id) {
  auto& node = machines_[machine]->node();
  UnitOfWork work(node.database());
  if (!sync::store::StoredDossier::exists(work, id)) return std::nullopt;
  const auto context = node.context();
  return Replica(work, id, context).role_now(node.identity().organisation);
}

// Another machine at which this dossier is open, of another organisation.
std::optional<std::size_t> World::another_member(std::size_t machine, const DossierId& id) {
  const std::size_t start = random_.below(machines_.size());
  for (std::size_t i = 0; i < machines_.size(); ++i) {
    const std::size_t other = (start + i) % machines_.size();
    if (organisation_of(other) == organisation_of(machine)) continue;
    const auto open = dossiers_of(other);
    const auto role = role_at(other, id);
    if (role && role != Role::reader && std::find(open.begin(), open.end(), id) != open.end()) {
      return other;
    }
  }
  return std::nullopt;
}

void World::write_something(std::size_t machine, const DossierId& id) {
  for (int i = 0; i < 3; ++i) {
    const auto before = forms_.size();
    open_form(machine, id);
    if (forms_.size() > before) save_form_at(before);
  }
}

// Somebody writes far from any network, and may hand it to a third who builds on it; meanwhile
// their organisation loses its part in the dossier.
void World::right_lost_meanwhile(std::size_t machine) {
  const auto id = any_dossier_of(machine);
  const auto own = id ? role_at(machine, *id) : std::nullopt;
  if (own != Role::owner && own != Role::central) return;
  const auto away = another_member(machine, *id);
  const auto third = another_member(machine, *id);
  if (!away) return;
  const auto role = role_at(*away, *id);
  MemberChange change{MemberChange::Kind::set_role,
                      machines_[*away]->node().identity().organisation, Role::reader};
  if (role == Role::owner) {
    redact(*away, *id);
    change.organisation = organisations_[organisation_of(*away) == 'A' ? "P" : "A"];
    change.role = Role::owner;
  } else if (role == Role::central) {
    return;
  } else {
    write_something(*away, *id);
    if (random_.chance(0.4)) change.kind = MemberChange::Kind::remove;
    if (third && third != away && random_.chance(0.7)) {
      carry_by_hand(*away, *third);
      write_something(*third, *id);
    }
  }
  if (change_members(machine, *id, change)) sync(machine);
}

// The hub forgets that somebody was let in, and what they write comes before those who let them in.
void World::forgotten_member(std::size_t machine) {
  const auto id = any_dossier_of(machine);
  const auto own = id ? role_at(machine, *id) : std::nullopt;
  if (own != Role::owner || !options_.hub_restores) return;
  const bool b = random_.chance(0.5);
  auto& newcomer = this->machine(b ? "B1" : "C1");
  const auto hub_before = hub_->copy();
  const MemberChange change{MemberChange::Kind::set_role, organisations_[b ? "B" : "C"],
                            b ? Role::receiver : Role::contributor};
  if (!change_members(machine, *id, change)) return;
  sync(machine);
  (void)newcomer.sync();
  const auto index = static_cast<std::size_t>(
      std::find_if(machines_.begin(), machines_.end(),
                   [&](const auto& each) { return each.get() == &newcomer; }) -
      machines_.begin());
  write_something(index, *id);
  put_hub_back(hub_before);
  (void)newcomer.sync();
}

// Two of the machines run a program that is wrong, for a moment: one of anybody's, and the desk's,
// which may do most.
void World::write_wrong_entries() {
  const auto anybody = confused_.random().below(machines_.size());
  for (auto* machine : {machines_[anybody].get(), &this->machine("Z1")}) {
    std::vector<DossierId> known;
    {
      UnitOfWork work(machine->node().database());
      known = dossiers_held(work);
    }
    if (known.empty()) continue;
    confused_.write(*machine, *hub_, known[confused_.random().below(known.size())], early_);
  }
}

}  // namespace throughgate::simulation
