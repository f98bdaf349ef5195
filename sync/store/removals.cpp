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

// As the Replica judges what has no place yet: what somebody brings by hand who may not change the
// members stands in nobody's way.
bool follows(const Step& last, const Membership& next, const OrganisationId& author) {
  return next.number == last.membership.number + 1 && next.previous == last.entry &&
         leads(last.membership.role_of(author));
}

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
    if (next && !out.empty() && follows(out.back(), *next, held->organisation)) {
      out.push_back({row, *next, held->entry.hash(), std::nullopt});
    }
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

bool all_have_heard(const OrganisationId& organisation, const Step& removal,
                    const std::vector<PurgeReceipt>& receipts, const NodeContext& context) {
  const auto nodes = context.directory.active_nodes(organisation);
  return std::all_of(nodes.begin(), nodes.end(),
                     [&](const EnrolledNode* node) { return has_heard(*node, removal, receipts); });
}

std::vector<PurgeReceipt> receipts_of(const StoredDossier& stored) {
  return purge_receipts(stored.work(), stored.id());
}

// Who is named in it and takes part no longer. Of most records nobody: then nothing more is read.
std::set<OrganisationId> removed_from(const Replica& replica) {
  std::set<OrganisationId> out;
  for (const auto& each : replica.dated_memberships()) {
    for (const auto& member : each.membership.members) out.insert(member.organisation);
  }
  const auto latest = replica.latest_membership();
  std::erase_if(out, [&](const OrganisationId& each) {
    return latest && latest->membership.role_of(each).has_value();
  });
  return out;
}

}  // namespace

std::vector<EntryRow> steps_to_removal(const Replica& replica, const OrganisationId& organisation,
                                       const NodeContext& context) {
  if (!removed_from(replica).contains(organisation)) return {};
  const StoredDossier& stored = replica.stored();
  const auto steps = steps_of(stored);
  const auto told = steps_until_removed(steps, organisation);
  if (told == 0 || all_have_heard(organisation, steps[told - 1], receipts_of(stored), context)) {
    return {};
  }
  std::vector<EntryRow> out;
  out.reserve(told);
  for (std::size_t i = 0; i < told; ++i) out.push_back(steps[i].row);
  return out;
}

std::set<OrganisationId> removed_unheard(const Replica& replica, const NodeContext& context) {
  auto out = removed_from(replica);
  if (out.empty()) return out;
  const auto steps = steps_of(replica.stored());
  const auto receipts = receipts_of(replica.stored());
  std::erase_if(out, [&](const OrganisationId& each) {
    const auto told = steps_until_removed(steps, each);
    return told == 0 || all_have_heard(each, steps[told - 1], receipts, context);
  });
  return out;
}

}  // namespace throughgate::sync::store
