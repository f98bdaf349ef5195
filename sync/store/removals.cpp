#include "sync/store/removals.h"

#include <algorithm>

#include "sync/store/purge_post.h"

namespace throughgate::sync::store {
namespace {

struct Step {
  EntryRow row;
  Membership membership;
  Hash entry{};
  std::optional<std::uint64_t> directory_version;  // of its place
};

std::vector<Step> steps_of(const StoredDossier& stored) {
  std::vector<Step> out;
  for (const auto& each : stored.memberships().all()) {
    const auto row = stored.row_at(each.dsn);
    const auto record = stored.record_at(each.dsn);
    if (row && record) {
      out.push_back({*row, each.membership, each.entry, record->directory_version});
    }
  }
  auto rows = stored.unplaced(Standing::outbox);
  const auto carried = stored.unplaced(Standing::carried);
  rows.insert(rows.end(), carried.begin(), carried.end());
  std::sort(rows.begin(), rows.end());
  for (const EntryRow row : rows) {
    const auto held = stored.load(row);
    const auto* next = held ? held->entry.membership() : nullptr;
    const bool follows = next && !out.empty() && next->previous == out.back().entry;
    if (follows) out.push_back({row, *next, held->entry.hash(), std::nullopt});
  }
  return out;
}

// Of those steps, how many there are up to the one that removed it; 0: it takes part, or never did.
std::size_t steps_until_removed(const std::vector<Step>& steps,
                                const OrganisationId& organisation) {
  std::size_t last_with = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].membership.role_of(organisation)) last_with = i + 1;
  }
  return last_with == 0 || last_with == steps.size() ? 0 : last_with + 1;
}

bool has_heard(const EnrolledNode& node, const Step& removal,
               const std::vector<PurgeReceipt>& receipts) {
  if (removal.directory_version && node.enrolled_in > *removal.directory_version) return true;
  return std::any_of(receipts.begin(), receipts.end(), [&](const PurgeReceipt& each) {
    return each.node == node.id && each.removal == removal.entry;
  });
}

}  // namespace

std::vector<EntryRow> steps_to_removal(const Replica& replica, const OrganisationId& organisation,
                                       const NodeContext& context) {
  const StoredDossier& stored = replica.stored();
  auto steps = steps_of(stored);
  const std::size_t told = steps_until_removed(steps, organisation);
  steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(told), steps.end());
  if (steps.empty()) return {};
  const auto receipts = purge_receipts(stored.work(), stored.id());
  const auto nodes = context.directory.active_nodes(organisation);
  const bool all_heard = std::all_of(nodes.begin(), nodes.end(), [&](const EnrolledNode* node) {
    return has_heard(*node, steps.back(), receipts);
  });
  if (all_heard) return {};
  std::vector<EntryRow> out;
  out.reserve(steps.size());
  for (const auto& each : steps) out.push_back(each.row);
  return out;
}

std::set<OrganisationId> removed_unheard(const Replica& replica, const NodeContext& context) {
  std::set<OrganisationId> once;
  for (const auto& each : steps_of(replica.stored())) {
    for (const auto& member : each.membership.members) once.insert(member.organisation);
  }
  std::erase_if(once, [&](const OrganisationId& each) {
    return steps_to_removal(replica, each, context).empty();
  });
  return once;
}

}  // namespace throughgate::sync::store
