#include "node/erasure/retention.h"

#include <algorithm>

#include "node/days.h"
#include "node/erasure/listed.h"
#include "node/erasure/old_looks.h"
#include "node/erasure/own_copy.h"
#include "node/erasure/parts_over.h"
#include "node/handovers/case_file.h"
#include "records/incident.pb.h"
#include "records/person.pb.h"
#include "records/site.pb.h"
#include "records/vetting_notes.pb.h"
#include "records/volunteer.pb.h"
#include "records/volunteer_file.pb.h"
#include "sync/store/mentions.h"

namespace throughgate::node {
namespace {

using schema::Handover;
using schema::Volunteer;
using sync::Done;
using sync::DossierId;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

// The root record of the dossiers that such a rule looks at.
const RecordType& looked_through(KeptFrom from) {
  switch (from) {
    case KeptFrom::risk_at_close:
      return *record_type(*Handover::descriptor());
    case KeptFrom::tax_year:
      return *record_type(*schema::VolunteerFile::descriptor());
    case KeptFrom::looked:
      return *record_type(*schema::Site::descriptor());
    default:
      return *kind_kept(from);
  }
}

// ---- whole records

// The last change to any record of this dossier, unless a handover here is about it.
Result<std::string> last_changed_alone(const RecordService& records, const DossierId& person) {
  const auto& type = *record_type(*Handover::descriptor());
  const auto about =
      records.whole().find(type.number, Handover::kPersonSourceFieldNumber, person.view());
  if (!about) return about.error();
  if (!about->empty()) return std::string();
  const auto inside = sync::store::records_in(records.node().database(), person);
  if (!inside) return inside.error();
  std::uint64_t last_ms = 0;
  for (const auto& name : *inside) {
    const auto ops = records.whole().ops(name);
    if (!ops && ops.error().kind != ErrorKind::not_found) return ops.error();
    if (!ops) continue;
    for (const auto& op : *ops) last_ms = std::max(last_ms, op.effective_ms);
  }
  return iso_day(last_ms);
}

// The day from which the time of this record counts, by this kind of rule; empty: not yet.
Result<std::string> counts_from(const RecordService& records, const sync::store::RecordView& record,
                                KeptFrom from) {
  switch (from) {
    case KeptFrom::not_appointed:
    case KeptFrom::left: {
      const auto state = state_in(record, Volunteer::kStatusFieldNumber);
      const bool fits = from == KeptFrom::left
                            ? state == Volunteer::LEFT
                            : state == Volunteer::DECLINED || state == Volunteer::WITHDRAWN;
      return fits ? reached_on(record, Volunteer::kStatusFieldNumber) : std::string();
    }
    case KeptFrom::handover_over: {
      const auto state = state_in(record, Handover::kStateFieldNumber);
      const bool over = Handover::State_IsValid(static_cast<int>(state)) &&
                        is_over(static_cast<Handover::State>(state));
      return over ? reached_on(record, Handover::kStateFieldNumber) : std::string();
    }
    case KeptFrom::vetting_decided:
      return shown_in(record, schema::VettingNotes::kDecidedOnFieldNumber);
    case KeptFrom::incident_closed:
      return shown_in(record, schema::Incident::kClosedOnFieldNumber);
    case KeptFrom::no_handover:
      return last_changed_alone(records, record.name.dossier);
    default:
      return std::string();
  }
}

Result<std::optional<Due>> whole_record_due(const RecordService& records, const RetentionRule& rule,
                                            const DossierId& id, const std::string& today) {
  const auto record = records.whole().read({id, {}, looked_through(rule.from).number});
  if (!record) return record.error();
  if (record->dossier.own_role != sync::Role::owner) return std::optional<Due>();
  const auto since = counts_from(records, *record, rule.from);
  if (!since) return since.error();
  const auto until = rule.kept_until(*since);
  if (!until || !rule.is_over(*until, today)) return std::optional<Due>();
  const auto going = going_record(records, id);
  if (!going) return going.error();
  Due due{id, going->kind, going->name, rule.name, rule.from};
  due.since = *since;
  due.kept_until = *until;
  return std::optional(std::move(due));
}

DueIn due_by(KeptFrom from) {
  switch (from) {
    case KeptFrom::gate_result:
    case KeptFrom::partner_copy:
      return own_copy_due;
    case KeptFrom::risk_at_close:
      return risk_facts_due;
    case KeptFrom::tax_year:
      return expenses_due;
    case KeptFrom::looked:
      return old_looks_due;
    default:
      return whole_record_due;
  }
}

// ---- what stands against it

// Does it go by a request to the central team?
bool is_asked_for(KeptFrom from) {
  return how_it_goes(from) == Goes::everywhere || how_it_goes(from) == Goes::own_copy;
}

Result<Done> note_what_keeps_it(const RecordService& records,
                                const std::vector<ErasureAsked>& asked, Due& due) {
  std::set<DossierId> going{due.subject};
  if (how_it_goes(due.from) == Goes::everywhere) {
    const auto plan = plan_erasure(records, due.subject);
    if (!plan) return plan.error();
    for (const auto& each : plan->going) going.insert(each.id);
  }
  const auto holds = holds_on(records, going);
  if (!holds) return holds.error();
  if (!holds->empty()) due.held = in_words(holds->front(), records.node());
  due.asked =
      is_asked_for(due.from) && std::any_of(asked.begin(), asked.end(), [&](const auto& each) {
        return each.is_open() &&
               std::any_of(each.records.begin(), each.records.end(),
                           [&](const NamedRecord& named) { return named.id == due.subject; });
      });
  return Done{};
}

// ---- one that somebody confirms

Error not_due() {
  return {ErrorKind::invalid,
          "This record is not due by any rule. \"retention review\" lists those that are; \"erase "
          "request\" asks for any other. Nothing was asked for."};
}

Error say_which(const std::vector<Due>& due) {
  std::string rules;
  for (const auto& each : due) {
    rules += (rules.empty() ? "" : ", ") + std::string(name_of(each.from));
  }
  return {ErrorKind::invalid, "This record is due by several rules (" + rules +
                                  "). Say which: --by RULE. Nothing was asked for."};
}

Result<std::vector<Due>> due_of(const RecordService& records, const RetentionSchedule& schedule,
                                const Confirming& which, const std::string& today) {
  std::vector<Due> out;
  const auto held = records.whole().dossier(which.subject);
  if (!held) return held.error();
  for (const auto& rule : schedule.rules) {
    if (which.from && rule.from != *which.from) continue;
    if (held->root_type != looked_through(rule.from).number) continue;
    auto due = due_by(rule.from)(records, rule, which.subject, today);
    if (!due) return due.error();
    if (*due) out.push_back(**std::move(due));
  }
  return out;
}

Result<Saved> ask_everywhere(RecordService& records, const Due& due, WithPerson with_person,
                             const By& by) {
  const auto plan = plan_erasure(records, due.subject, with_person);
  if (!plan) return plan.error();
  return ErasureRequests(records).ask(
      *plan, {schema::ErasureRequest::PERIOD_OVER, due.rule, due.rule, due.kept_until}, by);
}

}  // namespace

Result<std::optional<bool>> is_over_as_seen(const RecordService& records, const RetentionRule& rule,
                                            const DossierId& id, const std::string& today) {
  const auto record = records.whole().read({id, {}, looked_through(rule.from).number});
  if (!record && record.error().kind == ErrorKind::not_found) {
    // Held here as something that the rule is not about: it says nothing of when this may go.
    return records.whole().dossier(id) ? std::optional(false) : std::optional<bool>();
  }
  if (!record) return record.error();
  const auto since = counts_from(records, *record, rule.from);
  if (!since) return since.error();
  const auto until = rule.kept_until(*since);
  return std::optional(until && rule.is_over(*until, today));
}

Result<std::vector<Due>> due_records(const RecordService& records,
                                     const RetentionSchedule& schedule, const std::string& today) {
  const auto asked = all_requests(records);
  if (!asked) return asked.error();
  std::vector<Due> out;
  for (const auto& rule : schedule.rules) {
    const auto ids = dossiers_of(records, looked_through(rule.from));
    if (!ids) return ids.error();
    for (const auto& id : *ids) {
      auto due = due_by(rule.from)(records, rule, id, today);
      if (!due) return due.error();
      if (!*due) continue;
      if (auto noted = note_what_keeps_it(records, *asked, **due); !noted) return noted.error();
      out.push_back(**std::move(due));
    }
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Due& a, const Due& b) { return a.kept_until < b.kept_until; });
  return out;
}

Result<std::size_t> kept_as_owner(const RecordService& records, const RetentionSchedule& schedule,
                                  const std::string& today) {
  std::size_t out = 0;
  for (const auto& rule : schedule.rules) {
    if (rule.from != KeptFrom::gate_result) continue;
    const auto ids = dossiers_of(records, looked_through(rule.from));
    if (!ids) return ids.error();
    for (const auto& id : *ids) {
      const auto past = is_past_gate(records, rule, id, today);
      if (!past) return past.error();
      out += *past ? 1 : 0;
    }
  }
  return out;
}

Result<Confirmed> confirm_due(RecordService& records, const RetentionSchedule& schedule,
                              const Confirming& which, const std::string& today, const By& by) {
  if (auto may = records.viewer().check(Act::erase); !may) return may.error();
  const auto all = due_of(records, schedule, which, today);
  if (!all) return all.error();
  if (all->empty()) return not_due();
  if (all->size() > 1) return say_which(*all);
  const Due& due = all->front();
  const RetentionRule& rule = *schedule.rule(due.rule);
  Confirmed out{due.from, {}, 0};
  if (is_asked_for(due.from)) {
    const auto asked = how_it_goes(due.from) == Goes::own_copy
                           ? ask_to_let_go(records, due, by)
                           : ask_everywhere(records, due, which.with_person, by);
    if (!asked) return asked.error();
    out.request = asked->record.dossier;
    return out;
  }
  const auto removed = due.from == KeptFrom::looked ? remove_old_looks(records, rule, due, by)
                                                    : remove_parts(records, rule, due, today, by);
  if (!removed) return removed.error();
  out.removed = *removed;
  return out;
}

std::string in_words_of_owner(std::size_t kept) {
  return std::to_string(kept) +
         (kept == 1 ? " handover has had its gate result"
                    : " handovers have had their gate result") +
         " for longer than a sender keeps a copy. This organisation keeps the record itself, for "
         "everybody who takes part, so it goes with the rule for handovers.";
}

std::string in_words(const Confirmed& confirmed) {
  switch (how_it_goes(confirmed.from)) {
    case Goes::everywhere:
      return "Asked for. The central team's computer signs what its own rules allow by itself; "
             "then "
             "it goes everywhere.";
    case Goes::own_copy:
      return "Asked for. The central team's computer ends this organisation's part in it by "
             "itself; "
             "then this copy goes, and whoever keeps the record is told.";
    case Goes::values:
      return "Removed. With the next exchange it goes wherever the record is.";
    case Goes::rows:
      break;
  }
  return "Taken away. The list says so, and still proves itself.";
}

}  // namespace throughgate::node
