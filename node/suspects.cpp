#include "node/suspects.h"

#include <algorithm>
#include <limits>
#include <map>

#include "node/dossier_kinds.h"
#include "node/field_names.h"
#include "node/text/unicode.h"
#include "records/site.pb.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::OpKind;
using sync::Policy;
using sync::Result;
using sync::Role;
using sync::store::OpDraft;
using sync::store::OpView;
using sync::store::Purpose;
using sync::store::SuspectChange;
using sync::store::UnitOfWork;

Error settled_already() {
  return {ErrorKind::not_found,
          "There is no such change, or it is settled already. Nothing was changed."};
}

OpDraft in_its_place(const SuspectField& field) {
  OpDraft out;
  out.field = field.record.field(field.op.field);
  out.supersedes = {field.op.id};
  return out;
}

// The staff list has rules of its own: node/staff/staff_changes.
bool is_of_staff(const SuspectField& field) {
  static const std::uint32_t type = record_type(*schema::StaffMember::descriptor())->number;
  return field.record.type == type;
}

// What the suspect op put itself in the place of; past what was suspect too. The latest.
const OpView* before(const OpView& op, const std::vector<OpView>& history,
                     const sync::Directory& directory) {
  std::map<sync::OpId, const OpView*> known;
  for (const auto& each : history) known.emplace(each.id, &each);
  const OpView* out = nullptr;
  std::vector<sync::OpId> replaced = op.replaces;
  for (std::size_t i = 0; i < replaced.size(); ++i) {  // grows while it runs
    const auto found = known.extract(replaced[i]);     // each is looked at once
    if (!found) continue;
    const OpView& each = *found.mapped();
    if (sync::store::is_suspect(directory, each.node, each.accepted_at_ms)) {
      replaced.insert(replaced.end(), each.replaces.begin(), each.replaces.end());
    } else if (!each.removed && (!out || out->effective_ms < each.effective_ms)) {
      out = &each;
    }
  }
  return out;
}

}  // namespace

std::string computer_name(const OpenNode& node, const sync::NodeId& id) {
  const auto* listed = node.directory().node(id);
  if (!listed) return id.hex().substr(0, 8);
  return organisation_name(node, listed->organisation) + ", " + listed->label;
}

std::string what_else(const Suspect& suspect) {
  if (suspect.change.kind == sync::EntryKind::redact) return "Something was taken out for good.";
  if (suspect.change.kind == sync::EntryKind::membership && suspect.change.stands.empty()) {
    return "Who shares this record was changed.";
  }
  return {};
}

// ---- the list

Result<Suspect> Suspects::described(SuspectChange change) const {
  Suspect out{std::move(change), 0, {}};
  const auto dossier = records_.whole().dossier(out.change.dossier);
  if (!dossier) return dossier.error();
  out.root_type = dossier->root_type;
  for (const auto& each : out.change.stands) {
    const sync::store::RecordName name{out.change.dossier, each.field.record,
                                       each.field.record_type};
    const auto ops = records_.reader().ops(name);
    if (!ops && ops.error().kind != ErrorKind::denied) return ops.error();
    const sync::OpId id{out.change.entry, each.index};
    SuspectField field{name, {}, true};
    if (ops) {
      for (const auto& op : *ops) {
        if (op.id == id) field = {name, op, false};
      }
    }
    field.op.id = id;
    field.op.field = each.field.field;
    out.fields.push_back(std::move(field));
  }
  return out;
}

Result<std::vector<Suspect>> Suspects::list(std::size_t limit) const {
  std::vector<SuspectChange> changes;
  if (!sync::store::has_suspects(records_.node().directory())) return std::vector<Suspect>{};
  {
    UnitOfWork work(records_.node().database(), Purpose::reading);
    changes = sync::store::suspect_changes(work, records_.node().context(), limit);
    if (auto done = work.commit(); !done) return done.error();
  }
  std::vector<Suspect> out;
  for (auto& each : changes) {
    auto suspect = described(std::move(each));
    if (!suspect) return suspect.error();
    out.push_back(*std::move(suspect));
  }
  return out;
}

Result<std::uint64_t> Suspects::count() const {
  if (!sync::store::has_suspects(records_.node().directory())) return std::uint64_t{0};
  UnitOfWork work(records_.node().database(), Purpose::reading);
  const std::uint64_t count =
      sync::store::suspect_changes(work, records_.node().context(), listed_max).size();
  if (auto done = work.commit(); !done) return done.error();
  return count;
}

Result<Suspect> Suspects::find(const sync::Hash& entry) const {
  UnitOfWork work(records_.node().database(), Purpose::reading);
  auto changes = sync::store::suspect_changes(work, records_.node().context(),
                                              std::numeric_limits<std::size_t>::max());
  if (auto done = work.commit(); !done) return done.error();
  for (auto& each : changes) {
    if (each.entry == entry) return described(std::move(each));
  }
  return settled_already();
}

// ---- settling it

// The same once more, by somebody who may write it. Of notes and steps nothing is said again: they
// stay, and are settled.
Result<Done> Suspects::add_kept(const SuspectField& field, Role role, Plan& plan) const {
  const auto* policy = records_.node().policies().find(field.record.type, field.op.field);
  if (!policy || policy->policy == Policy::append || policy->policy == Policy::lifecycle) {
    return Done{};
  }
  if (!policy->counts(role)) {
    plan.notes.push_back(label_of(field.record.type, field.op.field) +
                         ": only the other organisation may write this, so it stays as it is.");
    return Done{};
  }
  OpDraft op = in_its_place(field);
  op.kind = field.op.kind;
  op.value = field.op.value;
  plan.ops.push_back(std::move(op));
  return Done{};
}

Result<Done> Suspects::add_undone(const SuspectField& field, Role role, Plan& plan) const {
  const auto* policy = records_.node().policies().find(field.record.type, field.op.field);
  const std::string label = label_of(field.record.type, field.op.field);
  if (!policy || !policy->counts(role)) {
    plan.notes.push_back(label + ": only the other organisation may undo this.");
    return Done{};
  }
  if (policy->policy == Policy::append || policy->policy == Policy::lifecycle) {
    plan.notes.push_back(label + ": this cannot be undone here. Put it right in the record.");
    return Done{};
  }
  OpDraft op = in_its_place(field);
  if (policy->policy == Policy::set) {
    op.kind = field.op.kind == OpKind::remove ? OpKind::add : OpKind::remove;
    op.value = field.op.value;
    plan.ops.push_back(std::move(op));
    return Done{};
  }
  const auto history = records_.whole().history(field.record, field.op.field);
  if (!history) return history.error();
  const auto* stood = before(field.op, *history, records_.node().directory());
  op.kind = stood ? stood->kind : OpKind::clear;
  if (stood) op.value = stood->value;
  const bool lowers =
      policy->policy == Policy::strictest &&
      policy->severity_of(op.kind, op.value) < policy->severity_of(field.op.kind, field.op.value);
  if (lowers) {
    plan.notes.push_back(label +
                         ": what is stricter stays. Whoever may lower it does so in the record.");
    return Done{};
  }
  plan.ops.push_back(std::move(op));
  return Done{};
}

Result<Suspects::Plan> Suspects::plan(const Suspect& suspect, Verdict verdict) const {
  const auto dossier = records_.whole().dossier(suspect.change.dossier);
  if (!dossier) return dossier.error();
  if (!dossier->own_role) return settled_already();
  Plan out;
  for (const auto& field : suspect.fields) {
    if (is_of_staff(field)) {
      if (auto may = records_.viewer().check(Act::staff); !may) return may.error();
      if (verdict != Verdict::looked_at) {
        out.notes.push_back(label_of(field.record.type, field.op.field) +
                            ": the staff list is put right with \"staff\".");
      }
      continue;
    }
    if (verdict == Verdict::looked_at) continue;
    if (field.is_hidden) {
      return Error{ErrorKind::denied,
                   label_of(field.record.type, field.op.field) +
                       ": your roles do not show you this, so somebody else decides about this "
                       "change. Nothing was changed."};
    }
    auto added = verdict == Verdict::keep ? add_kept(field, *dossier->own_role, out)
                                          : add_undone(field, *dossier->own_role, out);
    if (!added) return added.error();
  }
  if (verdict == Verdict::undo && out.ops.empty()) {
    std::string why;
    for (const auto& note : out.notes) why += " " + note;
    return Error{ErrorKind::invalid,
                 "Nothing of this change can be undone here." + why +
                     " Put it right in the record, then mark it as looked at. Nothing was "
                     "changed."};
  }
  return out;
}

Result<Saved> Suspects::settle(const sync::Hash& entry, Verdict verdict, const By& by) {
  if (auto may = records_.viewer().check(Act::decide); !may) return may.error();
  if (is_blank(by.reason)) {
    return Error{ErrorKind::invalid, "Say why. Nothing was changed."};
  }
  const auto suspect = find(entry);
  if (!suspect) return suspect.error();
  auto made = plan(*suspect, verdict);
  if (!made) return made.error();
  const auto& dossier = suspect->change.dossier;
  if (auto may = records_.check_written(dossier, made->ops); !may) return may.error();
  // What is said again was typed by somebody else, and read already.
  if (auto fit = records_.check_text(dossier, {}, by.reason); !fit) return fit.error();
  const auto saved = records_.node().admission().save(dossier, records_.authorship(by),
                                                      std::move(made->ops), {entry});
  if (!saved) return saved.error();
  return Saved{{dossier, {}, suspect->root_type}, *saved, std::move(made->notes)};
}

Result<std::size_t> Suspects::keep_all(const By& by) {
  std::size_t kept = 0;
  const auto all = list();
  if (!all) return all.error();
  for (const auto& each : *all) {  // before any is saved
    if (auto fit = records_.check_text(each.change.dossier, {}, by.reason); !fit) {
      return fit.error();
    }
  }
  for (const auto& each : *all) {
    const auto saved = settle(each.change.entry, Verdict::keep, by);
    const bool is_passed_over = !saved && (saved.error().kind == ErrorKind::not_found ||
                                           saved.error().kind == ErrorKind::denied);
    if (!saved && !is_passed_over) return saved.error();
    if (saved) ++kept;
  }
  return kept;
}

}  // namespace throughgate::node
