#include "node/handovers/change_words.h"

#include <algorithm>
#include <tuple>

#include "node/field_names.h"
#include "node/shown_values.h"

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

bool counted(const OpView& op) {
  return op.standing == OpStanding::shown || op.standing == OpStanding::beside ||
         op.standing == OpStanding::superseded;
}

auto place(const OpView& op) {
  return std::tuple(op.effective_ms, op.dsn.value_or(UINT64_MAX), op.arrived_at_ms, op.id.index);
}

std::string joined_words(const std::string& kind, const std::string& instruction) {
  return (kind.empty() ? std::string("Do or don't") : kind) + ": " + instruction;
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

const OpView* RecordTelling::before(const OpView& change,
                                    const std::function<bool(const OpView&)>& known) const {
  const OpView* last = nullptr;
  const OpView* last_known = nullptr;
  for (const auto& op : ops_) {
    if (op.field != change.field || op.id == change.id || place(op) >= place(change)) continue;
    last = &op;
    if (known(op)) last_known = &op;
  }
  return last_known ? last_known : last;
}

Result<ChangeWords> words_of_unread(const RecordService& records, const CaseFile& file,
                                    const Unread& unread) {
  const auto telling = telling_of(records, unread.record);
  if (!telling) return telling.error();
  const auto us = records.node().identity().organisation;
  const auto read = read_by(file.root, us);
  const auto* before = telling->before(unread.change, [&](const OpView& op) {
    return op.organisation == us || read.contains(op.id);
  });
  auto out = telling->now(unread.change);
  const bool held_something = before && before->kind != sync::OpKind::clear;
  if (held_something) out.before = telling->then(*before).value;
  if (out.before == out.value) out.before.clear();
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
