// A machine is stolen, and revoked: what it writes from then on, what becomes of it, and the new
// keys of all that it could read. Drawn from a seed of its own, so that worlds without a theft are
// what they were.
#include <algorithm>

#include "sync/store/key_renewals.h"
#include "tests/simulation/world.h"

namespace throughgate::simulation {
namespace {

using sync::DossierId;
using sync::EpochId;
using sync::NodeId;
using sync::OrganisationId;
using sync::store::UnitOfWork;

constexpr std::uint64_t thefts_every = 3;  // worlds

// Who of a dossier could hold the key in force at its end, and since when; by the hub's own rows.
struct LastKey {
  EpochId epoch;
  std::uint64_t began_under = 0;   // directory version
  std::set<OrganisationId> since;  // members at any time since it began
  std::vector<OrganisationId> leaders;
  std::set<NodeId> sealed_to;
};

}  // namespace

bool World::is_revoked(std::size_t machine) const {
  const auto* listed = directory_.node(machines_[machine]->node().identity().node);
  return listed && listed->revoked_in;
}

// In every third world, once.
void World::steal_when_due(int step) {
  const bool has_theft = options_.thefts && seed_ % thefts_every == 1;
  if (!has_theft || step != 150 + static_cast<int>(seed_ % 250)) return;
  static const std::vector<const char*> names{"A2", "B2", "B1", "A1", "C1", "P1"};
  const std::string name = names[thefts_.below(names.size())];
  stolen_ = machine(name).node().identity().node;
  revoke(name);
  ++counts_.thefts;
  if (thefts_.chance(0.5)) {  // somebody gets another computer
    auto& fresh = Stage::enrol(name.substr(0, 1) + "9");
    fresh.disk().lie_about_sync(options_.lying_sync);
    listen_to(fresh);
  }
}

// Whoever has it writes on, as if it were theirs, and somebody carries it to the hub: it is
// refused.
void World::write_as_the_thief() {
  if (!stolen_ || !hub_->sequencer().directory().node(*stolen_) ||
      !hub_->sequencer().directory().node(*stolen_)->revoked_in) {
    return;
  }
  for (std::size_t i = 0; i < machines_.size(); ++i) {
    if (machines_[i]->node().identity().node != *stolen_) continue;
    std::vector<DossierId> known;
    {
      UnitOfWork work(machines_[i]->node().database());
      known = dossiers_held(work);
    }
    if (known.empty()) return;
    confused_.write_as_revoked(*machines_[i], machine("Z1"), *hub_,
                               known[confused_.random().below(known.size())], early_);
    return;
  }
}

// New keys for what a stolen machine may know, a few at a time. How many.
std::size_t World::renew_keys(std::size_t machine) {
  auto& node = machines_[machine]->node();
  if (!stolen_ || node.directory().last_revocation() == 0) return 0;
  const auto context = node.context();
  sync::store::KeyRenewal renewal(node.database(), context, sync::store::KeyRenewal::Which::ours);
  const auto made = renewal.run(3, {sync::store::program_actor(), node.now_ms(), ""});
  if (!made) return 0;
  counts_.reached[reached::key_renewed] += *made;
  return *made;
}

// 5: nothing has its place that a revoked machine's author wrote for a list that revokes it.
void World::check_nothing_of_the_revoked(Findings& findings) {
  const auto& directory = directory_;
  for (const auto& [id, order] : orders_) {
    for (const auto& placed : order.entries) {
      const auto header = sync::decode_header(placed.entry.header).header;
      const auto* author = header ? directory.node(header->author) : nullptr;
      if (author && author->revoked_in && *author->revoked_in <= placed.record.directory_version) {
        find(findings, "5", "something of a stolen machine has its place though it was revoked");
      }
    }
  }
}

// 5: where anybody is left who may make a new key, a stolen machine knows none that is in force;
// and it never gets one that was made since.
void World::check_keys_of_the_revoked(Findings& findings) {
  if (!stolen_) return;
  const auto* listed = directory_.node(*stolen_);
  if (!listed || !listed->revoked_in) return;
  std::set<OrganisationId> working;
  for (std::size_t i = 0; i < machines_.size(); ++i) {
    if (!is_revoked(i)) working.insert(machines_[i]->node().identity().organisation);
  }
  auto& store = hub_->store();
  for (const auto& [id, order] : orders_) {
    LastKey last;
    {
      auto transaction = hub::StoreTransaction::begin(store);
      const auto chain = store.chain(id);
      if (!chain || order.entries.empty()) continue;
      for (const auto& each : store.memberships(chain->id, chain->length + 1)) {
        if (each.membership.epoch() != last.epoch) {
          last.epoch = each.membership.epoch();
          last.began_under = order.entries[each.dsn - 1].record.directory_version;
          last.since.clear();
        }
        last.leaders.clear();
        for (const auto& member : each.membership.members) {
          last.since.insert(member.organisation);
          if (sync::leads(member.role)) last.leaders.push_back(member.organisation);
        }
      }
      for (const auto& each : store.held_envelopes(id)) {
        if (each.epoch == last.epoch && each.recipient.kind == sync::RecipientKind::node) {
          last.sealed_to.insert(NodeId{each.recipient.id});
        }
      }
    }
    const bool was_told = last.sealed_to.contains(*stolen_);
    const bool knows = last.since.contains(listed->organisation) &&
                       (last.began_under < *listed->revoked_in || was_told);
    const bool can_be_renewed =
        std::any_of(last.leaders.begin(), last.leaders.end(),
                    [&](const auto& leader) { return working.contains(leader); });
    if (knows && can_be_renewed) {
      find(findings, "5", "a key that a stolen machine may know is still in force");
    }
    if (knows || last.began_under < *listed->revoked_in) continue;
    // By an order that was lost with a hub it took part, and had the key when that was still right.
    const bool had_part = keys_due_.contains({id, last.epoch, listed->organisation});
    if (had_part && !last.since.contains(listed->organisation)) continue;
    for (auto& machine : machines_) {
      if (machine->node().identity().node != *stolen_) continue;
      UnitOfWork work(machine->node().database());
      if (!sync::store::StoredDossier::exists(work, id)) continue;
      const sync::store::StoredDossier stored(work, id);
      if (sync::store::KeyTable(work).holds(stored.row(), last.epoch)) {
        find(findings, "5", "a stolen machine holds a key made after it was revoked");
      }
    }
  }
}

}  // namespace throughgate::simulation
