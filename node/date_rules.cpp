#include "node/date_rules.h"

#include "node/days.h"

namespace throughgate::node {
namespace {

using google::protobuf::FieldDescriptor;
using sync::store::OpDraft;
using sync::store::OpStanding;
using sync::store::OpView;

// Of one save.
struct Dates {
  const std::vector<OpDraft>& drafts;
  const std::vector<OpView>& present;

  const OpDraft* draft_of(const FieldDescriptor& field) const {
    for (const auto& op : drafts) {
      if (op.field.field == static_cast<std::uint32_t>(field.number())) return &op;
    }
    return nullptr;
  }
  std::string written(const FieldDescriptor& field) const {
    const auto* op = draft_of(field);
    return op ? std::string(crypto::as_text(op->value)) : std::string();
  }
  std::string after_save(const FieldDescriptor& field) const {
    if (draft_of(field)) return written(field);
    for (const auto& op : present) {
      const bool is_it = op.field == static_cast<std::uint32_t>(field.number());
      if (is_it && op.standing == OpStanding::shown) return std::string(crypto::as_text(op.value));
    }
    return {};
  }
};

// One that has happened is not to come.
void check_day(const FieldDescriptor& field, const Dates& dates, const std::string& today,
               std::vector<FieldProblem>& out) {
  const std::string day = dates.written(field);
  if (day.empty() || today.empty()) return;
  const auto& rule = rule_of(field);
  if (rule.past() && day > today) {
    out.push_back(
        {field.name(),
         refused(field, "This day has not come yet. Type today's date or an earlier one.")});
  }
  const auto youngest = static_cast<int>(rule.years_ago_min());
  if (youngest > 0 && day > years_before(today, youngest)) {
    out.push_back(
        {field.name(), refused(field, "This would make them younger than " +
                                          std::to_string(youngest) + ". Check the year.")});
  }
  const auto oldest = static_cast<int>(rule.years_ago_max());
  if (oldest > 0 && day < years_before(today, oldest)) {
    out.push_back(
        {field.name(), refused(field, "This day is long over. Check the year, or leave it out.")});
  }
}

// Of two that follow on each other.
void check_order(const RecordType& type, const FieldDescriptor& later, const Dates& dates,
                 std::vector<FieldProblem>& out) {
  const auto* earlier = field_named(type, rule_of(later).not_before());
  if (!earlier) return;
  const bool later_typed = !dates.written(later).empty();
  if (!later_typed && dates.written(*earlier).empty()) return;
  const std::string first = dates.after_save(*earlier);
  const std::string second = dates.after_save(later);
  if (first.empty() || second.empty() || first <= second) return;
  const auto& at = later_typed ? later : *earlier;
  const auto& other = later_typed ? *earlier : later;
  out.push_back(
      {at.name(), refused(at, std::string("This is ") + (later_typed ? "before" : "after") + " \"" +
                                  rule_of(other).label() + "\". Check both dates.")});
}

}  // namespace

std::vector<FieldProblem> date_problems(const RecordType& type, const std::vector<OpDraft>& drafts,
                                        const std::vector<OpView>& present,
                                        const std::string& today) {
  std::vector<FieldProblem> out;
  const Dates dates{drafts, present};
  for (int i = 0; i < type.descriptor->field_count(); ++i) {
    const auto& field = *type.descriptor->field(i);
    if (rule_of(field).format() != schema::FieldRule::DATE) continue;
    check_day(field, dates, today, out);
    check_order(type, field, dates, out);
  }
  return out;
}

}  // namespace throughgate::node
