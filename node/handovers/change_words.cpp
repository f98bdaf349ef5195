#include "node/handovers/change_words.h"

#include <algorithm>
#include <tuple>

#include "node/field_names.h"
#include "node/shown_values.h"
#include "node/stages.h"

namespace throughgate::node {
namespace {

using schema::Flag;
using sync::Result;
using sync::store::OpStanding;
using sync::store::OpView;
using sync::store::RecordName;
using sync::store::RecordRow;

constexpr std::size_t changes_max = 500;  // of one record

bool is_flag(const RecordName& record) {
  return record.type == record_type(*Flag::descriptor())->number;
}
bool is_of(const OpView& op, int field) { return op.field == static_cast<std::uint32_t>(field); }

bool stands(const OpView& op) {
  return op.standing == OpStanding::shown || op.standing == OpStanding::beside;
}

bool counted(const OpView& op) { return stands(op) || op.standing == OpStanding::superseded; }

auto place(const OpView& op) {
  return std::tuple(op.effective_ms, op.dsn.value_or(UINT64_MAX), op.arrived_at_ms, op.id.index);
}

std::string joined_words(const std::string& kind, const std::string& instruction) {
  return (kind.empty() ? std::string("Do or don't") : kind) + ": " + instruction;
}

// What the handover had come to when this step was taken.
std::string stage_before(const RecordName& record, const OpView& step) {
  const auto* field = field_of(record.type, step.field);
  const auto change = sync::decode_state_change(step.value);
  return field && change ? stage_label(*field, change->from) : std::string();
}

Result<RecordTelling> telling_of(const RecordService& records, const RecordName& record) {
  auto ops = records.reader().history(record, std::nullopt, 0, changes_max);
  if (!ops) return ops.error();
  return RecordTelling(record, std::move(*ops), records.codes());
}

}  // namespace

std::string instruction_in_words(const RecordRow& flag, const CodeLists& codes) {
  const auto said = [&](int field) -> std::string {
    const auto found = flag.fields.find(static_cast<std::uint32_t>(field));
    const auto* descriptor = field_of(flag.name.type, static_cast<std::uint32_t>(field));
    if (found == flag.fields.end() || !descriptor) return {};
    return found->second.removed ? "removed" : text_of(*descriptor, found->second.value, codes);
  };
  return joined_words(said(Flag::kKindFieldNumber), said(Flag::kInstructionFieldNumber));
}

RecordTelling::RecordTelling(RecordName record, std::vector<OpView> ops, const CodeLists& codes)
    : record_(record), ops_(std::move(ops)), codes_(&codes) {
  std::erase_if(ops_, [](const OpView& op) { return !counted(op); });
  std::stable_sort(ops_.begin(), ops_.end(),
                   [](const OpView& a, const OpView& b) { return place(a) < place(b); });
}

// What is shown now is for the order of the exchange to say, and not always what was written last.
const OpView* RecordTelling::latest(int field, const OpView* last) const {
  const OpView* out = nullptr;
  for (const auto& op : ops_) {
    if (!is_of(op, field)) continue;
    if (!last && op.standing == OpStanding::shown) return &op;
    if (!last || op.id.entry == last->id.entry || place(op) <= place(*last)) out = &op;
  }
  return out;
}

ChangeWords RecordTelling::told(const OpView& change, const OpView* last) const {
  ChangeWords out{
      label_of(record_.type, change.field), value_in_words(record_, change, *codes_), {}};
  if (!is_flag(record_)) return out;
  const auto said = [&](int field) -> std::string {
    const auto* op = is_of(change, field) ? &change : latest(field, last);
    return op ? value_in_words(record_, *op, *codes_) : std::string();
  };
  const std::string whole =
      joined_words(said(Flag::kKindFieldNumber), said(Flag::kInstructionFieldNumber));
  if (is_of(change, Flag::kKindFieldNumber) || is_of(change, Flag::kInstructionFieldNumber)) {
    return {label_of(record_.type, Flag::kInstructionFieldNumber), whole, {}};
  }
  out.label += " of \"" + whole + "\"";
  return out;
}

ChangeWords RecordTelling::then(const OpView& change) const { return told(change, &change); }
ChangeWords RecordTelling::now(const OpView& change) const { return told(change, nullptr); }

bool RecordTelling::is_told_by_another(const OpView& change) const {
  return is_flag(record_) && is_of(change, Flag::kKindFieldNumber) &&
         std::any_of(ops_.begin(), ops_.end(), [&](const OpView& op) {
           return op.id.entry == change.id.entry && is_of(op, Flag::kInstructionFieldNumber);
         });
}

const OpView* RecordTelling::find(const sync::OpId& id) const {
  const auto found =
      std::find_if(ops_.begin(), ops_.end(), [&](const OpView& op) { return op.id == id; });
  return found == ops_.end() ? nullptr : &*found;
}

const OpView* RecordTelling::before(const OpView& change,
                                    const std::function<bool(const OpView&)>& known) const {
  const OpView* replaced = nullptr;
  const OpView* last_known = nullptr;
  const auto take = [&](const OpView*& last, const OpView& op) {
    const bool says_the_same = op.kind == change.kind && op.value == change.value;
    if (!says_the_same && (!last || place(*last) < place(op))) last = &op;
  };
  for (const auto& id : change.replaces) {
    if (const auto* op = find(id)) take(replaced, *op);
  }
  std::vector<sync::OpId> ids = change.replaces;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto* op = find(ids[i]);
    if (!op) continue;
    if (known(*op)) {
      take(last_known, *op);
      continue;
    }
    for (const auto& id : op->replaces) {
      if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
    }
  }
  return last_known ? last_known : replaced;
}

std::optional<InTwoPlaces> RecordTelling::in_two_places(const OpView& change,
                                                        const sync::PolicyTable& policies) const {
  const auto* policy = policies.find(record_.type, change.field);
  const bool holds_one = policy && (policy->policy == sync::Policy::latest ||
                                    policy->policy == sync::Policy::strictest);
  if (!holds_one || !stands(change)) return std::nullopt;
  InTwoPlaces out;
  out.is_shown = change.standing == OpStanding::shown;
  out.is_strict = policy->policy == sync::Policy::strictest;
  out.is_open = policy->review;
  const std::string own = now(change).value;
  for (const auto& op : ops_) {
    if (op.field != change.field || !stands(op)) continue;
    const std::string value = now(op).value;
    if (op.standing == OpStanding::shown) out.shown = value;
    if (value != own) out.others.push_back({op.organisation, value});
  }
  return out.others.empty() ? std::nullopt : std::optional(std::move(out));
}

std::string shown_meanwhile_in_words(const InTwoPlaces& in_two_places) {
  return in_two_places.shown + (in_two_places.is_strict ? " stays in force" : " is shown") +
         (in_two_places.is_open ? " until it is decided" : "");
}

Result<ChangeWords> words_of_unread(const RecordService& records, const CaseFile& file,
                                    const Unread& unread) {
  const auto telling = telling_of(records, unread.record);
  if (!telling) return telling.error();
  auto out = telling->now(unread.change);
  if (unread.change.kind == sync::OpKind::transition) {
    out.before = stage_before(unread.record, unread.change);
    return out;
  }
  const auto us = records.node().identity().organisation;
  const auto read = read_by(file.root, us);
  const auto* before = telling->before(unread.change, [&](const OpView& op) {
    return op.organisation == us || read.contains(op.id);
  });
  const bool held_something = before && before->kind != sync::OpKind::clear;
  if (held_something) out.before = telling->then(*before).value;
  if (out.before == out.value) out.before.clear();
  out.in_two_places = telling->in_two_places(unread.change, records.node().policies());
  return out;
}

Result<ChangeWords> words_of_standing(const RecordService& records, const RecordName& record,
                                      const OpView& change) {
  if (!is_flag(record)) return RecordTelling(record, {}, records.codes()).now(change);
  const auto telling = telling_of(records, record);
  if (!telling) return telling.error();
  return telling->now(change);
}

}  // namespace throughgate::node
