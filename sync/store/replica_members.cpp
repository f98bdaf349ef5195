// Who takes part in a record: by the order held here, and by what was carried in on top of it.
#include "sync/store/replica.h"

namespace throughgate::sync::store {

// This very computer may record before the list has it.
bool Replica::is_first_of(const VerifiedEntry& entry) const {
  const auto& self = context_.identity;
  if (entry.header().author == self.node) {
    return begins_its_dossier(entry, {self.organisation, self.signing_key.verify_key(), false});
  }
  const auto* author = context_.directory.node(entry.header().author);
  return author && begins_its_dossier(entry, {author->organisation, author->verify_key, false});
}

std::optional<StoredEntry> Replica::unplaced_first() const {
  if (stored_.length() > 0) return std::nullopt;
  std::vector<EntryRow> rows;
  work_.each(
      "SELECT id FROM entry WHERE dossier = ? AND dsn IS NULL AND kind = 2 AND seq = 1 AND "
      "standing IN (1, 2) ORDER BY id",
      bound(stored_.row()), [&](const Statement& row) { rows.push_back(row.integer(0)); });
  for (const EntryRow row : rows) {
    auto held = stored_.load(row);
    if (held && is_first_of(held->entry)) return held;
  }
  return std::nullopt;
}

// Those without a place, each on top of the one before it and by somebody who may change it.
std::vector<Replica::LatestMembership> Replica::provisional_memberships() const {
  std::vector<LatestMembership> out;
  const auto* current = stored_.memberships().current();
  LatestMembership latest;
  if (current) latest = {current->entry, current->membership, false};
  std::vector<EntryRow> rows;
  work_.each(
      "SELECT id FROM entry WHERE dossier = ? AND standing IN (1, 2) AND dsn IS NULL AND kind = 2 "
      "ORDER BY id",
      bound(stored_.row()), [&](const Statement& row) { rows.push_back(row.integer(0)); });
  for (const EntryRow row : rows) {
    const auto held = stored_.load(row);
    if (!held || !held->entry.membership()) continue;
    const Membership& next = *held->entry.membership();
    const bool is_next =
        next.number == latest.membership.number + 1 && next.previous == latest.entry;
    const Membership& before = next.number == 1 ? next : latest.membership;
    const auto role = before.role_of(held->organisation);
    if (!is_next || !leads(role)) continue;
    if (next.number == 1 && !is_first_of(held->entry)) continue;
    latest = {held->entry.hash(), next, true};
    out.push_back(latest);
  }
  return out;
}

std::optional<Replica::LatestMembership> Replica::latest_membership() const {
  auto provisional = provisional_memberships();
  if (!provisional.empty()) return std::move(provisional.back());
  const auto* current = stored_.memberships().current();
  if (!current) return std::nullopt;
  return LatestMembership{current->entry, current->membership, false};
}

std::vector<DatedMembership> Replica::dated_memberships() const {
  std::vector<DatedMembership> out;
  for (const auto& each : stored_.memberships().all()) {
    out.push_back({each.membership, stored_.accepted_at(each.dsn)});
  }
  for (auto& each : provisional_memberships()) {
    out.push_back({std::move(each.membership), context_.clock()});
  }
  return out;
}

std::optional<Role> Replica::role_now(const OrganisationId& organisation) const {
  const auto latest = latest_membership();
  return latest ? latest->membership.role_of(organisation) : std::nullopt;
}

OpTable::RoleNow Replica::role_lookup() const {
  const auto latest = latest_membership();
  return [latest](const OrganisationId& organisation) {
    return latest ? latest->membership.role_of(organisation) : std::nullopt;
  };
}

}  // namespace throughgate::sync::store
