// What a redaction leaves of an entry, and whether it changed more than it may.
#include "sync/store/admission.h"
#include "sync/store/replica.h"

namespace throughgate::sync::store {
namespace {

bool is_but_for_what_was_removed(const ChangeSet& original, const RedactedCopy& copy,
                                 const PolicyTable& policies) {
  if (std::tie(original.schema_version, original.clock_ms, original.actor, original.reason) !=
          std::tie(copy.schema_version, copy.clock_ms, copy.actor, copy.reason) ||
      original.ops.size() != copy.ops.size()) {
    return false;
  }
  for (std::uint32_t i = 0; i < copy.ops.size(); ++i) {
    const auto& [index, op] = copy.ops[i];
    const Op& was = original.ops[i];
    const auto* policy = policies.find(op.field.record_type, op.field.field);
    if (index != i ||
        std::tie(op.field, op.kind, op.again_of) != std::tie(was.field, was.kind, was.again_of)) {
      return false;
    }
    if (op.value_removed ? policy && !policy->may_be_redacted() : op.value != was.value) {
      return false;
    }
  }
  return true;
}

}  // namespace

// What a redaction leaves of its target; nullopt while it does not open here. One that opens and
// cannot be read leaves nothing, for everybody: the exchange has deleted the original all the same.
std::optional<RedactedCopy> Replica::copy_in(const StoredEntry& redaction) const {
  const auto change_set = open_entry(redaction.entry);
  if (change_set) return change_set->copy.value_or(RedactedCopy{});
  if (redaction.content == Content::unreadable) return RedactedCopy{};
  return std::nullopt;
}

std::set<std::uint32_t> Replica::removed_from(const StoredEntry& target) const {
  auto rows = stored_.redactions_of(target.row);
  // Ours that were refused too: what somebody here took out is not sealed again.
  work_.each(
      "SELECT id FROM entry WHERE dossier = ? AND dsn IS NULL AND kind = ? AND (standing <> ? OR "
      "author = (SELECT id FROM author WHERE node = ?))",
      bound(stored_.row(), static_cast<int>(EntryKind::redact), static_cast<int>(Standing::refused),
            context_.identity.node.view()),
      [&](const Statement& row) { rows.push_back(row.integer(0)); });
  std::set<std::uint32_t> out;
  for (const EntryRow row : rows) {
    const auto held = stored_.load(row);
    if (!held || held->entry.redaction()->entry != target.entry.hash()) continue;
    const auto copy = copy_in(*held);
    if (!copy) continue;
    for (const auto& [index, op] : copy->ops) {
      if (op.value_removed) out.insert(index);
    }
  }
  return out;
}

// The copies of every redaction so far, folded: an op without value in any stays without value.
void Replica::apply_redactions(EntryRow target) {
  touch(target);
  const auto clock_before = clock_of(target);
  EntryRow last = 0;
  std::set<std::uint32_t> removed;
  for (const EntryRow row : stored_.redactions_of(target)) {
    const auto held = stored_.load(row);
    const auto copy = held ? copy_in(*held) : std::nullopt;
    if (!copy) continue;
    note_if_more_was_changed(target, *held, *copy);
    for (const auto& [index, op] : copy->ops) {
      if (op.value_removed) removed.insert(index);
    }
    ops_.remove(target, row);
    for (const auto& [index, op] : copy->ops) {
      const auto superseded = resolve(held->entry.header(), {op}, stored_);
      if (!superseded) continue;
      Op stands = op;
      stands.value_removed = removed.contains(index);
      note_unknown_fields({op});
      if (stands.value_removed) stands.value.clear();
      ops_.add(target, row, index, stands, superseded->front());
    }
    stored_.set_opened(target, copy->clock_ms, copy->actor.id);
    last = row;
  }
  stored_.set_redacted_by(target, last);
  if (last != 0) {
    stored_.set_content(target, Content::merged);
  } else if (!ops_.holds(target)) {  // only its copy was ever read here
    stored_.set_content(target, Content::sealed);
  }
  touch(target);
  const auto held = stored_.load(target);
  if (!held) return;
  const auto original = last == 0 ? open_entry(held->entry) : std::nullopt;
  if (original) stored_.set_opened(target, original->clock_ms, original->actor.id);
  if (clock_of(target) == clock_before) {
    update_times(*held);
  } else {
    all_follow_ = true;  // those after it in its stream
  }
}

// Everybody goes by the copy, as newcomers must; whoever can still compare says so, once.
void Replica::note_if_more_was_changed(EntryRow target, const StoredEntry& redaction,
                                       const RedactedCopy& copy) {
  const auto held = ops_.holds(target) ? stored_.load(target) : std::nullopt;
  const auto original = held ? open_entry(held->entry) : std::nullopt;
  if (!original || original->passed_over ||
      is_but_for_what_was_removed(*original, copy, context_.policies)) {
    return;
  }
  constexpr auto kind = static_cast<int>(NoticeKind::redaction_differs);
  const bool noted = work_
                         .first("SELECT 1 FROM notice WHERE kind = ? AND entry = ?",
                                bound(kind, redaction.entry.hash()), unsigned_column)
                         .has_value();
  if (noted) return;
  add_notice(work_, NoticeKind::redaction_differs, stored_.id(), redaction.entry.hash(), 0,
             context_.clock());
}

}  // namespace throughgate::sync::store
