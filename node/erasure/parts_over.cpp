#include "node/erasure/parts_over.h"

#include <algorithm>
#include <functional>

#include "node/erasure/erasure_plan.h"
#include "node/erasure/holds.h"
#include "node/erasure/listed.h"
#include "node/erasure/removal.h"
#include "node/handovers/case_file.h"
#include "records/volunteer_file.pb.h"
#include "sync/store/mentions.h"
#include "sync/store/waiting_redactions.h"

namespace throughgate::node {
namespace {

using schema::ExpenseClaim;
using schema::Flag;
using schema::Handover;
using sync::Done;
using sync::DossierId;
using sync::Error;
using sync::ErrorKind;
using sync::OpId;
using sync::Result;
using sync::store::RecordName;

struct Parts {
  std::vector<OpId> values;
  std::size_t count = 0;           // of what people would count: claims, facts
  std::size_t not_confirmed = 0;   // values without a place
  std::vector<int> levels;         // of risk, in the handover, that say something
  std::vector<RecordName> to_end;  // do's and don'ts that have not ended
  std::string since;               // the earliest

  bool empty() const { return count == 0; }
};

std::uint32_t number_of(const google::protobuf::Descriptor& type) {
  return record_type(type)->number;
}

// True where there is one. What was taken out already goes with the next exchange.
Result<bool> add_values(const RecordService& records, const RecordName& record,
                        const std::function<bool(std::uint32_t field)>& is_meant, Parts& out) {
  const auto ops = records.whole().ops(record);
  if (!ops) return ops.error();
  const auto going = sync::store::ops_being_removed(records.node().database(),
                                                    records.node().context(), record.dossier);
  if (!going) return going.error();
  const auto before = out.values.size();
  for (const auto& op : *ops) {
    const auto* field =
        record_type(record.type)->descriptor->FindFieldByNumber(static_cast<int>(op.field));
    if (!field || !is_removable(*field) || !is_meant(op.field) || !holds_a_value(op)) continue;
    if (going->contains(op.id)) continue;
    out.values.push_back(op.id);
    out.not_confirmed += op.dsn ? 0 : 1;
  }
  return out.values.size() > before;
}

// ---- risk

constexpr int risk_levels[] = {Handover::kRiskToChildrenFieldNumber,
                               Handover::kRiskToPublicFieldNumber,
                               Handover::kRiskToKnownAdultFieldNumber,
                               Handover::kRiskToStaffFieldNumber, Handover::kRiskToSelfFieldNumber};

bool is_risk_in_words(std::uint32_t field) {
  return field == Handover::kRiskSummaryFieldNumber ||
         field == Handover::kRiskReviewedOnFieldNumber || field == Handover::kRiskSourceFieldNumber;
}

Result<Done> add_handover(const RecordService& records, const DossierId& id, Parts& out) {
  const RecordName name{id, {}, number_of(*Handover::descriptor())};
  const auto in_words = add_values(records, name, is_risk_in_words, out);
  if (!in_words) return in_words.error();
  out.count += *in_words ? 1 : 0;
  const auto record = records.whole().read(name);
  if (!record) return record.error();
  for (const int level : risk_levels) {
    const auto* view = record->field(static_cast<std::uint32_t>(level));
    const auto* shown = view ? view->shown() : nullptr;
    if (!shown || shown->kind == sync::OpKind::clear) continue;
    out.levels.push_back(level);
    ++out.count;
  }
  return Done{};
}

Result<Done> add_flag(const RecordService& records, const RecordName& name, Parts& out) {
  const auto says = add_values(
      records, name, [](std::uint32_t) { return true; }, out);
  if (!says) return says.error();
  if (!*says) return Done{};
  ++out.count;
  const auto record = records.whole().read(name);
  if (!record) return record.error();
  if (number_shown_in(*record, Flag::kStandingFieldNumber) != Flag::ENDED) {
    out.to_end.push_back(name);
  }
  return Done{};
}

Result<Parts> risk_in(const RecordService& records, const DossierId& id) {
  Parts out;
  if (auto done = add_handover(records, id, out); !done) return done.error();
  const auto inside = sync::store::records_in(records.node().database(), id);
  if (!inside) return inside.error();
  for (const auto& name : *inside) {
    if (name.type != number_of(*Flag::descriptor())) continue;
    auto added = add_flag(records, name, out);
    if (!added && added.error().kind != ErrorKind::not_found) return added.error();
  }
  return out;
}

Result<Parts> risk_over(const RecordService& records, const RetentionRule& rule,
                        const DossierId& id, const std::string& today) {
  const auto record = records.whole().read({id, {}, number_of(*Handover::descriptor())});
  if (!record) return record.error();
  const auto state = state_in(*record, Handover::kStateFieldNumber);
  const bool over = Handover::State_IsValid(static_cast<int>(state)) &&
                    is_over(static_cast<Handover::State>(state));
  const auto since = over ? reached_on(*record, Handover::kStateFieldNumber) : std::string();
  const auto until = rule.kept_until(since);
  if (record->dossier.own_role != sync::Role::owner || !until || !rule.is_over(*until, today)) {
    return Parts{};
  }
  auto out = risk_in(records, id);
  if (out) out->since = since;
  return out;
}

// ---- expenses

// The end of the tax year of the later of its days: when it was spent, and paid.
std::optional<std::string> tax_year_of(const sync::store::RecordRow& row) {
  const auto last = std::max(text_in(row, ExpenseClaim::kSpentOnFieldNumber),
                             text_in(row, ExpenseClaim::kPaidOnFieldNumber));
  return tax_year_end(last);
}

Result<Parts> claims_over(const RecordService& records, const RetentionRule& rule,
                          const DossierId& id, const std::string& today) {
  Parts out;
  const auto held = records.whole().dossier(id);
  if (!held) return held.error();
  if (held->own_role != sync::Role::owner) return out;
  sync::store::ListQuery query;
  query.type = number_of(*ExpenseClaim::descriptor());
  query.fields = {ExpenseClaim::kSpentOnFieldNumber, ExpenseClaim::kPaidOnFieldNumber};
  query.dossier = id;
  query.limit = 500;
  do {
    const auto page = records.whole().list(query);
    if (!page) return page.error();
    for (const auto& row : page->rows) {
      const auto year = tax_year_of(row);
      const auto until = year ? rule.kept_until(*year) : std::nullopt;
      if (!until || !rule.is_over(*until, today)) continue;
      const auto says = add_values(
          records, row.name, [](std::uint32_t) { return true; }, out);
      if (!says) return says.error();
      out.count += *says ? 1 : 0;
      if (*says && (out.since.empty() || *year < out.since)) out.since = *year;
    }
    query.after = page->next;
  } while (!query.after.empty());
  return out;
}

// ---- both

using PartsIn = Result<Parts> (*)(const RecordService&, const RetentionRule&, const DossierId&,
                                  const std::string&);

PartsIn parts_by(KeptFrom from) { return from == KeptFrom::tax_year ? claims_over : risk_over; }

Result<std::optional<Due>> parts_due(const RecordService& records, const RetentionRule& rule,
                                     const DossierId& id, const std::string& today) {
  const auto day = believed_day(records, today);
  if (!day) return day.error();
  const auto parts = parts_by(rule.from)(records, rule, id, *day);
  if (!parts) return parts.error();
  if (parts->empty()) return std::optional<Due>();
  const auto going = going_record(records, id);
  if (!going) return going.error();
  Due due{id, going->kind, going->name, rule.name, rule.from};
  due.since = parts->since;
  due.kept_until = rule.kept_until(parts->since).value_or("");
  due.count = parts->count;
  return std::optional(std::move(due));
}

// What is corrected and not taken out, in one save. It adds nothing, so no ground is asked for; and
// whoever may confirm may do so whichever of these fields they may write otherwise.
Result<Done> correct(RecordService& records, const DossierId& id, const Parts& parts,
                     const By& by) {
  const RecordService program(records.node(), records.codes());
  std::vector<sync::store::OpDraft> ops;
  const auto add = [&](const RecordName& name, const std::vector<FieldInput>& inputs) {
    const auto form = program.open(name);
    auto plan = form ? program.plan(*form, inputs) : Result<ChangePlan>(form.error());
    if (!plan) return Result<Done>(plan.error());
    ops.insert(ops.end(), plan->ops.begin(), plan->ops.end());
    return Result<Done>(Done{});
  };
  for (const auto& name : parts.to_end) {
    if (auto added = add(name, {{"standing", "ENDED"}}); !added) return added;
  }
  std::vector<FieldInput> cleared;
  for (const int level : parts.levels) {
    cleared.push_back({std::string(Handover::descriptor()->FindFieldByNumber(level)->name()), ""});
  }
  const RecordName handover{id, {}, number_of(*Handover::descriptor())};
  auto added = cleared.empty() ? Result<Done>(Done{}) : add(handover, cleared);
  if (!added || ops.empty()) return added;
  const auto saved = records.node().admission().save(id, records.authorship(by), std::move(ops));
  return saved ? Result<Done>(Done{}) : saved.error();
}

}  // namespace

Result<std::optional<Due>> risk_facts_due(const RecordService& records, const RetentionRule& rule,
                                          const DossierId& id, const std::string& today) {
  return parts_due(records, rule, id, today);
}

Result<std::optional<Due>> expenses_due(const RecordService& records, const RetentionRule& rule,
                                        const DossierId& id, const std::string& today) {
  return parts_due(records, rule, id, today);
}

Result<std::size_t> remove_parts(RecordService& records, const RetentionRule& rule, const Due& due,
                                 const std::string& today, const By& by) {
  if (auto may = records.viewer().check(Act::erase); !may) return may.error();
  if (auto free = check_not_held(records, due.subject); !free) return free.error();
  if (auto fit = records.check_text(due.subject, {}, by.reason); !fit) return fit.error();
  const auto day = believed_day(records, today);
  if (!day) return day.error();
  const auto parts = parts_by(rule.from)(records, rule, due.subject, *day);
  if (!parts) return parts.error();
  if (parts->not_confirmed > 0) {
    return Error{ErrorKind::stale,
                 "Some of it has not been confirmed by the central exchange yet. Sync first, then "
                 "try again. Nothing was removed."};
  }
  // What says that there is something to do goes last, so that a cut leaves it on the list.
  if (auto done = correct(records, due.subject, *parts, by); !done) return done.error();
  const auto removed = take_out(records, due.subject, parts->values, by);
  if (!removed) return removed.error();
  return *removed + parts->levels.size();
}

}  // namespace throughgate::node
