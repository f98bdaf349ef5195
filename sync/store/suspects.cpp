#include "sync/store/suspects.h"

#include <algorithm>

namespace throughgate::sync::store {
namespace {

struct Placed {
  EntryRow row = 0;
  DossierId dossier;
  std::uint64_t accepted_at_ms = 0;
};

std::vector<Placed> placed_since(const EnrolledNode& node, UnitOfWork& work) {
  std::vector<Placed> out;
  work.each(
      "SELECT e.id, d.dossier, e.accepted_at_ms FROM author a JOIN entry e ON e.author = a.id JOIN "
      "dossier d ON d.id = e.dossier WHERE a.node = ? AND e.accepted_at_ms IS NOT NULL AND "
      "e.accepted_at_ms >= ? AND NOT e.inert ORDER BY e.accepted_at_ms, e.id",
      bound(node.id.view(), node.suspect_since_ms), [&](const Statement& row) {
        const auto id = DossierId::from(row.view(1));
        if (!id) return work.fail_as_damaged();
        out.push_back({row.integer(0), *id, row.unsigned_integer(2)});
      });
  return out;
}

// Of one entry: those of its ops that stand in their field.
std::vector<SuspectOp> standing_ops(const StoredEntry& entry, Replica& replica,
                                    const PolicyTable& policies) {
  std::vector<SuspectOp> out;
  const auto role_now = replica.role_lookup();
  for (const auto& field : replica.ops().fields_of(entry.row)) {
    const auto* policy = policies.find(field.record_type, field.field);
    if (!policy) continue;
    const auto ops = replica.ops().load(field, OpTable::View::shown, role_now);
    for (const std::size_t i : merge(*policy, ops).siblings) {
      if (ops[i].id.entry == entry.entry.hash() && !ops[i].value_removed) {
        out.push_back({field, ops[i].id.index});
      }
    }
  }
  return out;
}

// A change of members, or of what others wrote, does not show in any field. A new key changes
// neither.
bool needs_a_look(const StoredEntry& entry, const MembershipHistory& memberships) {
  if (entry.entry.redaction()) return true;
  const auto* membership = entry.entry.membership();
  if (!membership || membership->number == 1 || !entry.dsn || *entry.dsn < 2) return false;
  const auto* before = memberships.at(*entry.dsn - 1);
  return before && before->membership.members != membership->members;
}

bool concerns(const Replica& replica, const StoredEntry& entry, const OrganisationId& own) {
  return entry.organisation == own || leads(replica.stored().memberships().role_now(own));
}

}  // namespace

bool is_suspect(const Directory& directory, const NodeId& author,
                const std::optional<std::uint64_t>& accepted_at_ms) {
  const auto* node = directory.node(author);
  return node && node->suspect_since_ms != 0 && accepted_at_ms &&
         *accepted_at_ms >= node->suspect_since_ms;
}

bool has_suspects(const Directory& directory) {
  return std::any_of(directory.nodes().begin(), directory.nodes().end(),
                     [](const auto& each) { return each.second.suspect_since_ms != 0; });
}

Settled::Settled(const Replica& replica, const Directory& directory) {
  const StoredDossier& stored = replica.stored();
  std::vector<EntryRow> rows;
  stored.work().each(
      "SELECT id FROM entry WHERE dossier = ? AND kind = 1 AND standing IN (1, 3) AND content = 2",
      bound(stored.row()), [&](const Statement& row) { rows.push_back(row.integer(0)); });
  for (const EntryRow row : rows) {
    const auto held = stored.load(row);
    if (!held) continue;
    const auto record = held->dsn ? stored.record_at(*held->dsn) : std::nullopt;
    const auto accepted_at_ms = record ? std::optional(record->accepted_at_ms) : std::nullopt;
    if (is_suspect(directory, held->entry.header().author, accepted_at_ms)) continue;
    const auto content = replica.open_entry(held->entry);
    if (!content || content->closes.empty()) continue;
    const auto role = held->dsn
                          ? stored.memberships().role_for_entry_at(*held->dsn, held->organisation)
                          : replica.role_now(held->organisation);
    for (const auto& entry : content->closes) {
      by_.emplace(entry, By{held->organisation, leads(role)});
    }
  }
}

bool Settled::holds(const Hash& entry, const OrganisationId& author) const {
  const auto [first, last] = by_.equal_range(entry);
  return std::any_of(first, last, [&](const auto& each) {
    return each.second.leads || each.second.organisation == author;
  });
}

std::vector<SuspectChange> suspect_changes(UnitOfWork& work, const NodeContext& context,
                                           std::size_t limit) {
  std::vector<SuspectChange> out;
  for (const auto& [id, node] : context.directory.nodes()) {
    if (node.suspect_since_ms == 0) continue;
    std::map<DossierId, std::vector<Placed>> by_dossier;
    for (const auto& each : placed_since(node, work)) by_dossier[each.dossier].push_back(each);
    for (const auto& [dossier, entries] : by_dossier) {
      Replica replica(work, dossier, context);
      if (replica.stored().receiving() == Receiving::set_aside) continue;
      const Settled settled(replica, context.directory);
      for (const auto& each : entries) {
        const auto held = replica.stored().load(each.row);
        if (!held || !concerns(replica, *held, context.identity.organisation) ||
            settled.holds(held->entry.hash(), held->organisation)) {
          continue;
        }
        auto stands = standing_ops(*held, replica, context.policies);
        if (stands.empty() && !needs_a_look(*held, replica.stored().memberships())) continue;
        out.push_back({dossier, held->entry.hash(), id, held->organisation, each.accepted_at_ms,
                       held->entry.header().kind, std::move(stands)});
      }
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::tie(a.accepted_at_ms, a.entry) < std::tie(b.accepted_at_ms, b.entry);
  });
  if (out.size() > limit) out.resize(limit);
  return out;
}

}  // namespace throughgate::sync::store
