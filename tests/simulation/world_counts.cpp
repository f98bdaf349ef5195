#include "tests/simulation/world.h"

namespace throughgate::simulation {

LinkCounts& LinkCounts::operator+=(const LinkCounts& other) {
  calls += other.calls;
  lost += other.lost;
  repeated += other.repeated;
  replayed += other.replayed;
  garbled += other.garbled;
  bytes += other.bytes;
  return *this;
}

WorldCounts& WorldCounts::operator+=(const WorldCounts& other) {
  links += other.links;
  for (const auto& [name, n] : other.reached) reached[name] += n;
  saves += other.saves;
  saves_refused += other.saves_refused;
  syncs += other.syncs;
  syncs_cut += other.syncs_cut;
  power_cuts += other.power_cuts;
  hub_power_cuts += other.hub_power_cuts;
  node_restores += other.node_restores;
  hub_restores += other.hub_restores;
  for (const auto& [name, n] : other.lies) lies[name] += n;
  hub_splits += other.hub_splits;
  quiet_rollbacks += other.quiet_rollbacks;
  clones += other.clones;
  carried_by_hand += other.carried_by_hand;
  bundles_taken += other.bundles_taken;
  placed_by_bundle += other.placed_by_bundle;
  membership_changes += other.membership_changes;
  redactions += other.redactions;
  thefts += other.thefts;
  erasures += other.erasures;
  hubs_lost += other.hubs_lost;
  updates += other.updates;
  written_by_newer += other.written_by_newer;
  bits_flipped += other.bits_flipped;
  idle_syncs += other.idle_syncs;
  caught_up_by_bundle += other.caught_up_by_bundle;
  entries_accepted += other.entries_accepted;
  taken_back += other.taken_back;
  lost_with_disks += other.lost_with_disks;
  return *this;
}

}  // namespace throughgate::simulation
