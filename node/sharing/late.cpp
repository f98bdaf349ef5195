#include "node/sharing/late.h"

#include <algorithm>

#include "node/dossier_kinds.h"
#include "node/field_names.h"
#include "node/refusal_words.h"
#include "node/sharing_rules.h"
#include "node/shown_values.h"
#include "sync/store/late_box.h"

namespace throughgate::node {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::OpKind;
using sync::Result;
using sync::store::LateItem;
using sync::store::OpDraft;

std::string kind_in_words(std::uint32_t root_type) {
  const auto* type = record_type(root_type);
  if (!type) return "record";
  std::string label = rule_of(*type->descriptor).label();
  if (label[0] >= 'A' && label[0] <= 'Z') label[0] = static_cast<char>(label[0] + 32);
  return label;
}

std::string value_of(const sync::DossierId& dossier, const sync::FieldKey& field, OpKind kind,
                     const sync::Bytes& value, const CodeLists& codes) {
  sync::store::OpView op;
  op.field = field.field;
  op.kind = kind;
  op.value = value;
  return value_in_words({dossier, field.record, field.record_type}, op, codes);
}

// A step is taken by whoever may take it, from where the record stands now.
std::string why_not(const RecordService& records, const OpDraft& op,
                    const std::optional<sync::Role>& role) {
  const auto* policy = records.node().policies().find(op.field.record_type, op.field.field);
  if (op.kind == OpKind::transition)
    return "A step is not taken over: take it yourself, if it fits.";
  if (!policy || !role || !policy->counts(*role)) {
    return "Only the organisation that wrote it may write this. Write it down elsewhere, if it "
           "still matters.";
  }
  for (const auto& type : record_types()) {
    const auto fit = check_sharing(type, {op}, {}, records.codes());
    if (!fit) return fit.error().message;
  }
  return {};
}

LateEntry shown(const RecordService& records, const LateItem& item) {
  LateEntry out;
  out.entry = item.entry;
  out.dossier = item.dossier;
  out.organisation = organisation_name(records.node(), item.organisation);
  out.actor = item.actor.name;
  out.at_ms = item.clock_ms;
  out.reason = item.reason;
  out.opens = item.opens;
  out.ours = item.ours;
  std::optional<sync::Role> role;
  if (const auto dossier = records.whole().dossier(item.dossier)) {
    out.root_type = dossier->root_type;
    role = dossier->own_role;
  }
  out.why = why_refused(static_cast<sync::Reason>(item.why), out.organisation,
                        kind_in_words(out.root_type));
  for (std::uint32_t i = 0; i < item.ops.size(); ++i) {
    const auto& op = item.ops[i];
    if (!records.viewer().sees(op.field.record_type, op.field.field)) continue;
    out.changes.push_back({i, label_of(op.field.record_type, op.field.field),
                           value_of(item.dossier, op.field, op.kind, op.value, records.codes()),
                           item.ours
                               ? std::string()
                               : why_not(records, {op.field, op.kind, op.value, {}, {}}, role)});
  }
  return out;
}

}  // namespace

Result<std::vector<LateEntry>> Late::list() const {
  OpenNode& node = records_.node();
  const auto items = sync::store::late_items(node.database(), node.context());
  if (!items) return items.error();
  std::vector<LateEntry> out;
  for (const auto& item : *items) {
    const auto dossier = records_.whole().dossier(item.dossier);
    const auto type = dossier ? dossier->root_type : 0;
    if (type != 0 && !records_.viewer().sees_any(type)) continue;
    auto entry = shown(records_, item);
    // Of a record that is not here any more its fields say whose eyes it is for.
    if (type == 0 && item.opens && entry.changes.empty() && !item.ops.empty()) continue;
    out.push_back(std::move(entry));
  }
  return out;
}

Result<Saved> Late::take(const sync::Hash& entry, const By& by) {
  OpenNode& node = records_.node();
  const auto ops = sync::store::late_ops(node.database(), node.context(), entry);
  if (!ops) return ops.error();
  const auto items = list();
  if (!items) return items.error();
  const auto item = std::find_if(items->begin(), items->end(),
                                 [&](const LateEntry& each) { return each.entry == entry; });
  if (item == items->end()) {
    return Error{ErrorKind::not_found,
                 "This does not wait any more: somebody has taken it over or put it aside."};
  }
  const auto dossier = records_.whole().dossier(item->dossier);
  if (!dossier) return dossier.error();
  std::vector<std::uint32_t> taken;
  std::vector<OpDraft> written;
  Saved saved{{item->dossier, {}, item->root_type}, {}, {}};
  for (const auto& op : *ops) {
    const auto no = why_not(records_, op, dossier->own_role);
    if (!no.empty()) {
      saved.notes.push_back(label_of(op.field.record_type, op.field.field) + ": " + no);
      continue;
    }
    taken.push_back(op.again_of->original.index);
    written.push_back(op);
  }
  if (taken.empty()) {
    return Error{ErrorKind::denied,
                 "Nothing of this can be taken over. Read it, and put it aside with a reason. "
                 "Nothing was saved."};
  }
  if (auto may = records_.check_written(item->dossier, written); !may) return may.error();
  const auto hash =
      sync::store::write_late(node.database(), node.context(), entry, taken, by.actor);
  if (!hash) return hash.error();
  saved.entry = *hash;
  return saved;
}

Result<Saved> Late::put_aside(const sync::Hash& entry, const By& by) {
  if (is_blank(by.reason)) {
    return Error{ErrorKind::invalid, "Say why it is put aside. Nothing was saved."};
  }
  OpenNode& node = records_.node();
  const auto items = list();
  if (!items) return items.error();
  const auto item = std::find_if(items->begin(), items->end(),
                                 [&](const LateEntry& each) { return each.entry == entry; });
  if (item == items->end()) {
    return Error{ErrorKind::not_found,
                 "This does not wait any more: somebody has taken it over or put it aside."};
  }
  if (!records_.viewer().writes_any(item->root_type)) {
    return Error{ErrorKind::denied, "Your roles at this site do not let you change this record."};
  }
  if (auto fit = records_.check_text(item->dossier, {}, by.reason); !fit) return fit.error();
  const auto hash =
      sync::store::close_late(node.database(), node.context(), entry, records_.authorship(by));
  if (!hash) return hash.error();
  return Saved{{item->dossier, {}, item->root_type}, *hash, {}};
}

}  // namespace throughgate::node
