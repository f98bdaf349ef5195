#include "node/erasure/old_looks.h"

#include "node/audit_begin.h"
#include "node/erasure/holds.h"
#include "node/last_contact.h"
#include "sync/store/membership_reader.h"

namespace throughgate::node {
namespace {

using sync::DossierId;
using sync::Result;

// When the exchange gave the site's own record its first place; 0: it has none.
Result<std::uint64_t> began_ms(OpenNode& node, const DossierId& site) {
  const auto changes = sync::store::membership_changes(node.database(), node.context(), site);
  if (!changes) return changes.error();
  const bool placed = !changes->empty() && changes->front().dsn;
  return placed ? changes->front().at_ms : 0;
}

Result<OldRows> rows_over(const RecordService& records, const RetentionRule& rule,
                          const DossierId& site) {
  OpenNode& node = records.node();
  const auto held_here = records.whole().dossier(site);
  if (!held_here) return held_here.error();
  if (held_here->own_role != sync::Role::owner) return OldRows{};
  const auto began = began_ms(node, site);
  const auto now = exchange_time_ms(node);
  const auto holds = all_holds(records);
  if (!began) return began.error();
  if (!now) return now.error();
  if (!holds) return holds.error();
  if (*began == 0) return OldRows{};
  std::set<DossierId> held;
  for (const auto& hold : *holds) {
    if (hold.in_force) held.insert(hold.records.begin(), hold.records.end());
  }
  return old_rows(node, {rule, *began, *now, held});
}

}  // namespace

Result<std::optional<Due>> old_looks_due(const RecordService& records, const RetentionRule& rule,
                                         const DossierId& id, const std::string& /*today*/) {
  const auto rows = rows_over(records, rule, id);
  if (!rows) return rows.error();
  if (rows->up_to == 0) return std::optional<Due>();
  Due due{id, "List of who looked at what", "", rule.name, rule.from};
  due.since = rows->last_day;
  due.kept_until = rule.kept_until(rows->last_day).value_or("");
  due.count = rows->count;
  return std::optional(std::move(due));
}

Result<std::size_t> remove_old_looks(RecordService& records, const RetentionRule& rule,
                                     const Due& due, const By& by) {
  const auto& viewer = records.viewer();
  for (const Act act : {Act::erase, Act::audit}) {
    if (auto may = viewer.check(act); !may) return may.error();
  }
  if (auto free = check_not_held(records, due.subject); !free) return free.error();
  const auto rows = rows_over(records, rule, due.subject);
  if (!rows) return rows.error();
  const auto gone = shorten_audit(records.node(), *rows, by.actor.id, by.reason);
  if (!gone) return gone.error();
  return rows->count;
}

}  // namespace throughgate::node
