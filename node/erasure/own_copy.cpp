#include "node/erasure/own_copy.h"

#include "node/days.h"
#include "node/dossier_kinds.h"
#include "node/erasure/listed.h"
#include "node/handovers/case_file.h"
#include "sync/store/membership_reader.h"

namespace throughgate::node {
namespace {

using schema::Handover;
using sync::DossierId;
using sync::OrganisationId;
using sync::Result;
using sync::Role;
using sync::store::RecordView;

Result<RecordView> handover(const RecordService& records, const DossierId& id) {
  return records.whole().read({id, {}, record_type(*Handover::descriptor())->number});
}

std::string over_since(const RecordView& record) {
  const auto state = state_in(record, Handover::kStateFieldNumber);
  const bool over = Handover::State_IsValid(static_cast<int>(state)) &&
                    is_over(static_cast<Handover::State>(state));
  return over ? reached_on(record, Handover::kStateFieldNumber) : std::string();
}

// One that was stopped before anybody stood at the gate has no result there.
std::string gate_since(const RecordView& record) {
  const auto on = shown_in(record, Handover::kGateOnFieldNumber);
  return on.empty() ? over_since(record) : on;
}

// The day on which this organisation became a member, the last time.
Result<std::string> shared_on(const RecordService& records, const DossierId& id) {
  OpenNode& node = records.node();
  const auto& own = node.identity().organisation;
  const auto changes = sync::store::membership_changes(node.database(), node.context(), id);
  if (!changes) return changes.error();
  std::string out;
  bool was_member = false;
  for (const auto& change : *changes) {
    bool is_member = false;
    for (const auto& member : change.members) {
      is_member = is_member || member.organisation == own;
    }
    if (is_member && !was_member) out = iso_day(change.at_ms);
    was_member = is_member;
  }
  return out;
}

struct Period {
  std::string since;
  std::optional<std::string> until;
};

// However long support goes on, a partner's copy has an end.
Result<Period> partner_period(const RecordService& records, const RetentionRule& rule,
                              const RecordView& record) {
  const auto over = over_since(record);
  Period out{over, rule.kept_until(over)};
  if (rule.longest == 0) return out;
  const auto shared = shared_on(records, record.name.dossier);
  if (!shared) return shared.error();
  const auto end = months_after(*shared, rule.longest);
  if (end && (!out.until || *end < *out.until)) out = {*shared, end};
  return out;
}

bool lets_go(const OpenNode& node, KeptFrom from) {
  const auto wanted = from == KeptFrom::gate_result ? sync::OrganisationKind::prison
                                                    : sync::OrganisationKind::partner;
  return own_kind(node) == wanted;
}

std::vector<OrganisationId> others_in(const RecordView& record, const OpenNode& node) {
  std::vector<OrganisationId> out;
  for (const auto& member : record.dossier.members) {
    if (member.organisation != node.identity().organisation) out.push_back(member.organisation);
  }
  return out;
}

}  // namespace

Result<std::optional<Due>> own_copy_due(const RecordService& records, const RetentionRule& rule,
                                        const DossierId& id, const std::string& today) {
  if (!lets_go(records.node(), rule.from)) return std::optional<Due>();
  const auto record = handover(records, id);
  if (!record) return record.error();
  const auto role = record->dossier.own_role;
  if (!role || *role == Role::owner || *role == Role::central) return std::optional<Due>();
  Period period{gate_since(*record), {}};
  period.until = rule.kept_until(period.since);
  if (rule.from == KeptFrom::partner_copy) {
    const auto found = partner_period(records, rule, *record);
    if (!found) return found.error();
    period = *found;
  }
  if (!period.until || !rule.is_over(*period.until, today)) return std::optional<Due>();
  const auto going = going_record(records, id);
  if (!going) return going.error();
  Due due{id, going->kind, going->name, rule.name, rule.from};
  due.since = period.since;
  due.kept_until = *period.until;
  due.others = others_in(*record, records.node());
  return std::optional(std::move(due));
}

Result<bool> is_past_gate(const RecordService& records, const RetentionRule& rule,
                          const DossierId& id, const std::string& today) {
  const auto record = handover(records, id);
  if (!record) return record.error();
  const auto until = rule.kept_until(gate_since(*record));
  return record->dossier.own_role == Role::owner && until && rule.is_over(*until, today);
}

Result<Saved> ask_to_let_go(RecordService& records, const Due& due, const By& by) {
  ErasurePlan plan;
  plan.subject = due.subject;
  auto going = going_record(records, due.subject);
  if (!going) return going.error();
  plan.going.push_back(*std::move(going));
  auto holds = holds_on(records, {due.subject});
  if (!holds) return holds.error();
  plan.holds = *std::move(holds);
  return ErasureRequests(records).ask(
      plan, {schema::ErasureRequest::OWN_COPY, due.rule, due.rule, due.kept_until}, by);
}

}  // namespace throughgate::node
