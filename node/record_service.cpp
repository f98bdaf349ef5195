#include "node/record_service.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "node/dossier_kinds.h"
#include "node/field_names.h"
#include "node/handovers/grounds.h"
#include "node/last_contact.h"
#include "node/out_of_contact.h"
#include "node/sharing_rules.h"
#include "records/handover.pb.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::RecordId;
using sync::Result;
using sync::Role;
using sync::store::OpDraft;
using sync::store::OpView;
using sync::store::RecordName;

std::string in_lower_case(std::string label) {
  if (!label.empty() && label[0] >= 'A' && label[0] <= 'Z')
    label[0] = static_cast<char>(label[0] + 32);
  return label;
}

std::string label(const RecordType& type) {
  return in_lower_case(rule_of(*type.descriptor).label());
}

Error wrong_place(const RecordType& type) {
  const auto* root = root_record_type(type.dossier);
  return {ErrorKind::invalid, "A record of this kind (" + label(type) +
                                  ") belongs inside another one: " + label(*root) + "."};
}

Error only_readers() {
  return {ErrorKind::denied, "Your organisation may read this record but not change it."};
}

// Each of its stages asks for something of its own (node/handovers): none is typed.
Result<Done> check_stage(const RecordType& type, const std::vector<FieldInput>& inputs) {
  using schema::Handover;
  if (type.descriptor != Handover::descriptor()) return Done{};
  for (const auto& input : inputs) {
    const auto* field = field_named(type, input.field);
    if (!field || field->number() != Handover::kStateFieldNumber || input.text.empty()) continue;
    return Error{ErrorKind::denied,
                 rule_of(*field).label() +
                     ": A handover moves on by its own steps, such as \"handover share\" and "
                     "\"handover accept\". \"handover --help\" lists them. Nothing was saved."};
  }
  return Done{};
}

// By their kind. What is in no other organisation's hands by its kind may be shared all the same.
bool is_read_by_others(schema::DossierKind kind) {
  switch (kind) {
    case schema::VOLUNTEER:
    case schema::LINK:
    case schema::CASE:
    case schema::ERASURE:
    case schema::HOLD:
      return true;
    default:
      return false;
  }
}

// Names are none: nobody chooses theirs.
bool is_free_text(const google::protobuf::FieldDescriptor& field) {
  const auto& rule = rule_of(field);
  const bool is_text = field.type() == google::protobuf::FieldDescriptor::TYPE_STRING;
  return is_text && rule.codes().empty() && rule.search() != schema::FieldRule::NAME &&
         (rule.format() == schema::FieldRule::PLAIN ||
          rule.format() == schema::FieldRule::LONG_TEXT);
}

bool is_taken_over(const NewRecord& record, const OpDraft& op) {
  return std::any_of(record.taken_over.begin(), record.taken_over.end(), [&](const auto& input) {
    const auto* field = field_named(*record.type, input.field);
    return field && static_cast<std::uint32_t>(field->number()) == op.field.field;
  });
}

std::set<std::string> prison_numbers_in(const std::vector<OpDraft>& ops) {
  std::set<std::string> out;
  for (const auto& op : ops) {
    const auto* field = field_of(op.field.record_type, op.field.field);
    if (field && rule_of(*field).format() == schema::FieldRule::PRISON_NUMBER) {
      out.insert(std::string(crypto::as_text(op.value)));
    }
  }
  return out;
}

}  // namespace

Result<Done> RecordService::check_written(const std::vector<OpDraft>& ops) const {
  if (auto may = viewer_.check_written(ops); !may) return may;
  return check_codes(ops, {});
}

Result<Done> RecordService::check_written(const sync::DossierId& dossier,
                                          const std::vector<OpDraft>& ops) const {
  if (auto may = viewer_.check_written(ops); !may) return may;
  std::map<RecordName, std::vector<OpDraft>> by_record;
  for (const auto& op : ops) {
    by_record[{dossier, op.field.record, op.field.record_type}].push_back(op);
  }
  for (const auto& [record, written] : by_record) {
    const auto present = whole().ops(record);
    const bool is_new = !present && present.error().kind == ErrorKind::not_found;
    if (!present && !is_new) return present.error();
    auto fit = check_codes(written, is_new ? std::vector<OpView>{} : *present);
    if (!fit) return fit;
  }
  return Done{};
}

Result<Done> RecordService::check_codes(const std::vector<OpDraft>& ops,
                                        const std::vector<OpView>& present) const {
  for (const auto& type : record_types()) {
    if (auto fit = check_sharing(type, ops, present, codes_); !fit) return fit;
  }
  return Done{};
}

Result<Done> RecordService::check_text(const sync::DossierId& dossier,
                                       const std::vector<OpDraft>& ops, const std::string& reason) {
  if (viewer_.is_program() || takes_text_) return Done{};
  const auto held = whole().dossier(dossier);
  if (!held) return held.error();
  const auto* root = record_type(held->root_type);
  const bool others_read = (root && is_read_by_others(root->dossier)) || held->members.size() > 1;
  if (!root || !others_read) return Done{};
  auto own = prison_numbers_in(ops);
  const auto record = whole().read({dossier, {}, root->number});
  for (const auto& field : record ? record->fields : std::vector<sync::store::FieldView>{}) {
    const auto* known = field_of(root->number, field.field);
    if (!known || rule_of(*known).format() != schema::FieldRule::PRISON_NUMBER) continue;
    for (const auto& op : field.ops) own.insert(std::string(crypto::as_text(op.value)));
  }
  return look_through(ops, reason, own);
}

std::vector<TextDoubt> RecordService::doubts_in(const std::vector<OpDraft>& ops,
                                                const std::string& reason,
                                                const std::set<std::string>& own_numbers) const {
  if (viewer_.is_program() || takes_text_) return {};
  const auto* alerts = codes_.list(alerts_list);
  std::vector<TextDoubt> out;
  const auto add = [&](const std::string& where, std::string_view text) {
    auto found = FreeText::shipped().doubts_in(where, text, own_numbers, alerts);
    std::move(found.begin(), found.end(), std::back_inserter(out));
  };
  for (const auto& op : ops) {
    const auto* field = field_of(op.field.record_type, op.field.field);
    if (field && is_free_text(*field) && op.kind != sync::OpKind::remove) {
      add(rule_of(*field).label(), crypto::as_text(op.value));
    }
  }
  add("Reason", reason);
  return out;
}

Result<Done> RecordService::look_through(const std::vector<OpDraft>& ops, const std::string& reason,
                                         const std::set<std::string>& own_numbers) {
  text_doubts_ = doubts_in(ops, reason, own_numbers);
  if (text_doubts_.empty()) return Done{};
  const auto& first = text_doubts_.front();
  return Error{ErrorKind::invalid, first.where + ": This looks like " + first.looks_like +
                                       ", and others read this record. Leave it out, or say that "
                                       "it is to stand there. Nothing was saved."};
}

Result<Done> RecordService::check_text_of_new(const RecordType& root, const std::string& reason) {
  return is_read_by_others(root.dossier) ? look_through({}, reason, {}) : Result<Done>(Done{});
}

std::vector<TextDoubt> RecordService::doubts_in_new(const RecordType& root,
                                                    const std::vector<OpDraft>& ops) const {
  if (!is_read_by_others(root.dossier)) return {};
  return doubts_in(ops, {}, prison_numbers_in(ops));
}

Result<Saved> RecordService::new_record(const RecordType& type,
                                        const std::vector<FieldInput>& inputs, const By& by) {
  return new_records({{&type, inputs}}, Required::all, by);
}

Result<Saved> RecordService::new_records(const std::vector<NewRecord>& records, Required required,
                                         const By& by) {
  const RecordType& root = *records.front().type;
  if (!root.root) return wrong_place(root);
  auto members = members_of_new(root.dossier, node_);
  if (!members) return members.error();
  ChangePlan all;
  std::vector<OpDraft> typed;
  std::vector<OpDraft> taken_over;
  for (const auto& record : records) {
    const bool is_root = &record == &records.front();
    const RecordId id = is_root ? RecordId{} : RecordId::random(node_.random());
    if (record.type->dossier != root.dossier || record.type->root != is_root) {
      return wrong_place(*record.type);
    }
    auto inputs = record.inputs;
    inputs.insert(inputs.end(), record.taken_over.begin(), record.taken_over.end());
    if (auto stage = check_stage(*record.type, inputs); !stage) return stage.error();
    auto plan =
        plan_new({*record.type, id, Role::owner, node_.policies(), codes_, latest_day(node_)},
                 inputs, is_root ? required : Required::all);
    if (!plan) return plan.error();
    for (const auto& op : plan->ops) {
      (is_taken_over(record, op) ? taken_over : typed).push_back(op);
    }
    all.ops.insert(all.ops.end(), plan->ops.begin(), plan->ops.end());
    all.notes.insert(all.notes.end(), plan->notes.begin(), plan->notes.end());
  }
  if (auto may = check_written(all.ops); !may) return may.error();
  if (all.ops.empty()) return Error{ErrorKind::invalid, "Nothing was typed. Nothing was saved."};
  if (auto alone = check_unique(root, all.ops); !alone) return alone.error();
  if (is_read_by_others(root.dossier)) {
    const auto own = prison_numbers_in(all.ops);
    if (auto fit = look_through(typed, by.reason, own); !fit) return fit.error();
    for (const auto& doubt : doubts_in(taken_over, {}, own)) {
      all.notes.push_back(doubt.where + ": what was taken over looks like " + doubt.looks_like +
                          ". Look at it before others read this.");
    }
  }
  const auto id = node_.admission().create(std::move(*members), authorship(by), std::move(all.ops));
  if (!id) return id.error();
  return Saved{{*id, {}, root.number}, std::nullopt, std::move(all.notes)};
}

Result<Done> RecordService::check_unique(const RecordType& type,
                                         const std::vector<OpDraft>& ops) const {
  const Error there{ErrorKind::invalid,
                    "There is one already. Open it and change it instead. Nothing was saved."};
  if (type.dossier == schema::SITE) {
    sync::store::ListQuery query;
    query.type = type.number;
    query.limit = 1;
    const auto page = whole().list(query);
    if (!page) return page.error();
    return page->rows.empty() ? Result<Done>(Done{}) : there;
  }
  const auto* field = field_named(type, unique_field(type.dossier));
  if (!field) return Done{};
  const auto number = static_cast<std::uint32_t>(field->number());
  for (const auto& op : ops) {
    if (op.field.record_type != type.number || op.field.field != number) continue;
    const auto found = whole().find(type.number, number, op.value);
    if (!found) return found.error();
    if (!found->empty()) return there;
  }
  return Done{};
}

Result<Saved> RecordService::new_record_in(const sync::DossierId& dossier, const RecordType& type,
                                           const std::vector<FieldInput>& inputs, const By& by) {
  const auto held = whole().dossier(dossier);
  if (!held) return held.error();
  const auto* root = record_type(held->root_type);
  if (type.root || !root || root->dossier != type.dossier) return wrong_place(type);
  if (!held->own_role || !sync::may_write_entries(*held->own_role)) return only_readers();
  const RecordName name{dossier, RecordId::random(node_.random()), type.number};
  auto plan = plan_new(
      {type, name.record, *held->own_role, node_.policies(), codes_, latest_day(node_)}, inputs);
  if (!plan) return plan.error();
  return save(name, std::move(*plan), by);
}

// Where that cannot be told, the reading itself fails next.
const OpenNode* RecordService::closing() const {
  if (viewer_.is_program()) return nullptr;
  if (!closes_) {
    const auto contact = out_of_contact(node_);
    closes_ = contact && contact->is_closed;
  }
  return *closes_ ? &node_ : nullptr;
}

Result<Form> RecordService::open(const RecordName& name) const {
  const auto record = reader().read(name);
  if (!record) return record.error();
  return Form::of(*record);
}

Result<RecordService::Opened> RecordService::opened(const Form& form) const {
  const auto* type = record_type(form.record.type);
  if (!type) {
    return Error{ErrorKind::invalid, "This program does not know this kind of record. Update it."};
  }
  if (auto seen = viewer_.check_seen(type->number); !seen) return seen.error();
  const auto held = whole().dossier(form.record.dossier);
  if (!held) return held.error();
  if (!held->own_role || !sync::may_write_entries(*held->own_role)) return only_readers();
  auto ops = whole().ops(form.record);
  if (!ops) return ops.error();
  return Opened{
      {*type, form.record.record, *held->own_role, node_.policies(), codes_, latest_day(node_)},
      std::move(*ops)};
}

Result<ChangePlan> RecordService::plan(const Form& form,
                                       const std::vector<FieldInput>& inputs) const {
  const auto record = opened(form);
  if (!record) return record.error();
  if (auto typed = check_stage(record->setting.type, inputs); !typed) return typed.error();
  return plan_change(record->setting, form, record->ops, inputs);
}

Result<std::vector<FieldProblem>> RecordService::problems_in(
    const Form& form, const std::vector<FieldInput>& inputs) const {
  const auto record = opened(form);
  if (!record) return record.error();
  return problems_of_change(record->setting, form, record->ops, inputs);
}

std::vector<FieldProblem> RecordService::problems_in_new(const RecordType& type,
                                                         const std::vector<FieldInput>& inputs,
                                                         Role own_role) const {
  return problems_of_new({type, {}, own_role, node_.policies(), codes_, latest_day(node_)}, inputs);
}

Result<Saved> RecordService::set_fields(const Form& form, const std::vector<FieldInput>& inputs,
                                        const By& by) {
  auto planned = plan(form, inputs);
  if (!planned) return planned.error();
  return save(form.record, std::move(*planned), by);
}

Result<Saved> RecordService::save(const RecordName& record, ChangePlan plan, const By& by,
                                  TypedText typed) {
  Saved saved{record, std::nullopt, std::move(plan.notes)};
  if (plan.ops.empty()) return saved;
  if (auto may = check_written(record.dossier, plan.ops); !may) return may.error();
  const auto looked_through = typed == TypedText::all_of_it ? plan.ops : std::vector<OpDraft>();
  if (auto fit = check_text(record.dossier, looked_through, by.reason); !fit) return fit.error();
  if (auto named = check_grounds_name(*this, record.dossier, plan.ops); !named) {
    return named.error();
  }
  const auto entry = node_.admission().save(record.dossier, authorship(by), std::move(plan.ops));
  if (!entry) return entry.error();
  saved.entry = *entry;
  return saved;
}

}  // namespace throughgate::node
