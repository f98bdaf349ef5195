#include "node/erasure/retention.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "node/days.h"
#include "node/erasure/listed.h"
#include "node/handovers/case_file.h"
#include "records/incident.pb.h"
#include "records/vetting_notes.pb.h"
#include "records/volunteer.pb.h"

namespace throughgate::node {
namespace {

using schema::Handover;
using schema::Volunteer;
using sync::Done;
using sync::DossierId;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

struct ParsedDay {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
};

std::optional<std::chrono::year_month_day> day_in(std::string_view iso) {
  const auto same = day_after(iso, 0);  // which also checks it
  if (!same) return std::nullopt;
  ParsedDay day;
  if (std::sscanf(same->c_str(), "%d-%u-%u", &day.year, &day.month, &day.day) != 3) {
    return std::nullopt;
  }
  return std::chrono::year_month_day{std::chrono::year{day.year}, std::chrono::month{day.month},
                                     std::chrono::day{day.day}};
}

// The day on which a stage was reached.
std::string reached_on(const sync::store::RecordView& record, int field) {
  const auto* view = record.field(static_cast<std::uint32_t>(field));
  const auto* step = view ? view->shown() : nullptr;
  return step ? iso_day(step->effective_ms) : std::string();
}

// The day from which the time of this record counts, by this kind of rule; empty: not yet.
std::string counts_from(const sync::store::RecordView& record, KeptFrom from) {
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
  }
  return {};
}

const RecordType& type_of(KeptFrom from) {
  switch (from) {
    case KeptFrom::vetting_decided:
      return *record_type(*schema::VettingNotes::descriptor());
    case KeptFrom::handover_over:
      return *record_type(*Handover::descriptor());
    case KeptFrom::incident_closed:
      return *record_type(*schema::Incident::descriptor());
    case KeptFrom::not_appointed:
    case KeptFrom::left:
      break;
  }
  return *record_type(*Volunteer::descriptor());
}

// nullopt: kept yet, or another organisation's to keep.
Result<std::optional<Due>> due_by(const RecordService& records, const RetentionRule& rule,
                                  const DossierId& id, const std::string& today) {
  const auto& type = type_of(rule.from);
  const auto record = records.whole().read({id, {}, type.number});
  if (!record) return record.error();
  if (record->dossier.own_role != sync::Role::owner) return std::optional<Due>();
  const auto since = counts_from(*record, rule.from);
  const auto until = months_after(since, rule.months);
  if (!until || *until >= today) return std::optional<Due>();
  const auto going = going_record(records, id);
  if (!going) return going.error();
  return std::optional(Due{id, going->kind, going->name, rule.name, since, *until, {}, false});
}

Result<Done> note_what_keeps_it(const RecordService& records,
                                const std::vector<ErasureAsked>& asked, Due& due) {
  const auto plan = plan_erasure(records, due.subject);
  if (!plan) return plan.error();
  if (!plan->holds.empty()) due.held = in_words(plan->holds.front(), records.node());
  due.asked = std::any_of(asked.begin(), asked.end(), [&](const ErasureAsked& each) {
    return each.is_open() &&
           std::any_of(each.records.begin(), each.records.end(),
                       [&](const NamedRecord& named) { return named.id == due.subject; });
  });
  return Done{};
}

}  // namespace

std::optional<std::string> months_after(std::string_view iso, int months) {
  const auto day = day_in(iso);
  if (!day) return std::nullopt;
  auto later = *day + std::chrono::months{months};
  if (!later.ok()) later = later.year() / later.month() / std::chrono::last;
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(later.year()),
                static_cast<unsigned>(later.month()), static_cast<unsigned>(later.day()));
  return std::string(text.data());
}

Result<std::optional<bool>> is_over_as_seen(const RecordService& records, const RetentionRule& rule,
                                            const DossierId& id, const std::string& today) {
  const auto record = records.whole().read({id, {}, type_of(rule.from).number});
  if (!record && record.error().kind == ErrorKind::not_found) {
    // Held here as something that the rule is not about: it says nothing of when this may go.
    return records.whole().dossier(id) ? std::optional(false) : std::optional<bool>();
  }
  if (!record) return record.error();
  const auto until = months_after(counts_from(*record, rule.from), rule.months);
  return std::optional(until && *until < today);
}

const RetentionRule* RetentionSchedule::rule(std::string_view name) const {
  const auto found = std::find_if(rules.begin(), rules.end(),
                                  [&](const RetentionRule& each) { return each.name == name; });
  return found == rules.end() ? nullptr : &*found;
}

Result<std::vector<Due>> due_records(const RecordService& records,
                                     const RetentionSchedule& schedule, const std::string& today) {
  const auto asked = all_requests(records);
  if (!asked) return asked.error();
  std::vector<Due> out;
  for (const auto& rule : schedule.rules) {
    const auto ids = dossiers_of(records, type_of(rule.from));
    if (!ids) return ids.error();
    for (const auto& id : *ids) {
      auto due = due_by(records, rule, id, today);
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

Result<Saved> confirm_due(RecordService& records, const RetentionSchedule& schedule,
                          const DossierId& subject, const std::string& today, const By& by) {
  for (const auto& rule : schedule.rules) {
    const auto held = records.whole().dossier(subject);
    if (!held) return held.error();
    if (held->root_type != type_of(rule.from).number) continue;
    const auto due = due_by(records, rule, subject, today);
    if (!due) return due.error();
    if (!*due) continue;
    const auto plan = plan_erasure(records, subject);
    if (!plan) return plan.error();
    return ErasureRequests(records).ask(
        *plan, {schema::ErasureRequest::PERIOD_OVER, rule.name, rule.name, (*due)->kept_until}, by);
  }
  return Error{ErrorKind::invalid,
               "This record is not due by any rule. \"retention review\" lists those that are; "
               "\"erase request\" asks for any other. Nothing was asked for."};
}

}  // namespace throughgate::node
