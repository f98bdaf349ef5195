#include "node/change_plan.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "node/date_rules.h"
#include "node/dossier_kinds.h"
#include "node/field_names.h"
#include "node/records/values.h"
#include "node/sharing_rules.h"
#include "node/stages.h"
#include "node/text/unicode.h"

namespace throughgate::node {
namespace {

using google::protobuf::FieldDescriptor;
using sync::Bytes;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::FieldPolicy;
using sync::OpId;
using sync::OpKind;
using sync::Policy;
using sync::Result;
using sync::store::OpDraft;
using sync::store::OpStanding;
using sync::store::OpView;
using How = FieldInput::How;

constexpr std::size_t inputs_max = 500;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::string line;
  for (const char letter : without_hidden_signs(text) + "\n") {
    if (letter != '\n') {
      if (letter != '\r') line += letter;
      continue;
    }
    if (!is_blank(line)) out.push_back(line);
    line.clear();
  }
  return out;
}

std::string who_may(const FieldPolicy& policy) {
  std::string out;
  for (const auto role :
       {sync::Role::owner, sync::Role::receiver, sync::Role::contributor, sync::Role::central}) {
    if (!policy.counts(role)) continue;
    out += (out.empty() ? "" : ", ") + std::string(role_in_words(role));
  }
  return out;
}

// What one record's inputs come to.
class Planner {
 public:
  Planner(const PlanSetting& setting, const Form* form, const std::vector<OpView>& ops)
      : setting_(setting), form_(form), ops_(ops) {
    for (const auto& op : ops) by_id_[op.id] = &op;
  }

  void take(const std::vector<FieldInput>& inputs) {
    if (inputs.size() > inputs_max) {
      problems_.push_back(
          {{}, {ErrorKind::invalid, "That is too much for one save. Save it in parts."}});
      return;
    }
    for (const auto& input : inputs) {
      const auto field = field_meant(setting_.type, input.field);
      const auto done = field ? one(**field, input) : Result<Done>(field.error());
      if (!done) note_problem(field ? (*field)->name() : std::string(), done.error());
    }
    for (const auto& problem : date_problems(setting_.type, plan_.ops, ops_, setting_.today)) {
      note_problem(problem.field, problem.error);
    }
  }
  void note_problem(const std::string& field, const Error& error) {
    if (!is_wrong(field)) problems_.push_back({field, error});
  }
  bool is_wrong(const std::string& field) const {
    return std::any_of(problems_.begin(), problems_.end(), [&](const FieldProblem& problem) {
      return !field.empty() && problem.field == field;
    });
  }

  // Both hold only what went well so far: a plan with problems is none.
  const ChangePlan& plan() const { return plan_; }
  const std::vector<FieldProblem>& problems() const { return problems_; }
  Result<ChangePlan> outcome() const {
    return problems_.empty() ? Result<ChangePlan>(plan_) : problems_.front().error;
  }

  bool fills(const FieldDescriptor& field) const {
    return std::any_of(plan_.ops.begin(), plan_.ops.end(), [&](const OpDraft& op) {
      return op.field.field == static_cast<std::uint32_t>(field.number()) &&
             op.kind != OpKind::clear;
    });
  }

 private:
  Result<Done> one(const FieldDescriptor& field, const FieldInput& input) {
    const auto* policy =
        setting_.policies.find(setting_.type.number, static_cast<std::uint32_t>(field.number()));
    if (!policy) return refused(field, "This field is not written by hand.");
    return one(field, *policy, input);
  }

  Result<Done> one(const FieldDescriptor& field, const FieldPolicy& policy,
                   const FieldInput& input) {
    const std::size_t before = plan_.ops.size();
    const bool list = policy.policy == Policy::set;
    if (input.how != How::set && !list) {
      return refused(field, "This holds one value: set it instead.");
    }
    if (input.how == How::set && !set_once_.insert(field.number()).second &&
        policy.policy != Policy::append) {
      return refused(field, "This was given twice.");
    }
    Result<Done> done = Done{};
    if (list) {
      done = list_of_values(field, input);
    } else if (policy.policy == Policy::append) {
      done = append(field, input);
    } else if (policy.policy == Policy::lifecycle) {
      done = move(field, policy, input);
    } else {
      done = value(field, policy, input);
    }
    if (!done) return done;
    if (plan_.ops.size() > before && !policy.counts(setting_.role)) {
      return refused(
          field, "Your organisation may not change this. Only these may: " + who_may(policy) + ".",
          ErrorKind::denied);
    }
    return Done{};
  }

  // ---- one value

  Result<Done> value(const FieldDescriptor& field, const FieldPolicy& policy,
                     const FieldInput& input) {
    const auto seen = seen_in(field);
    const OpView* shown = seen.empty() ? nullptr : find(seen.front());
    const bool empty_before = !shown || shown->kind == OpKind::clear || shown->removed;
    if (is_blank(input.text)) {
      if (empty_before) return Done{};
      if (rule_of(field).required()) return refused(field, "This is needed and cannot be emptied.");
      add(field, OpKind::clear, {}, replaced(field, policy));
      return Done{};
    }
    auto typed = value_of(field, input.text, setting_.codes);
    if (!typed) return typed.error();
    if (!empty_before && shown->value == *typed) return Done{};
    note_if_kept_beside(field, policy, *typed, seen);
    add(field, OpKind::set, std::move(*typed), replaced(field, policy));
    return Done{};
  }

  // Of changes that stand against each other a save replaces only those of its own side. Which one
  // holds is decided with a reason, by those who may: see conflicts.h.
  std::vector<OpId> replaced(const FieldDescriptor& field, const FieldPolicy& policy) {
    auto seen = seen_in(field);
    if (!policy.review || !differ(seen)) return seen;
    plan_.notes.push_back(rule_of(field).label() +
                          ": this was changed in two places, and stays so until it is decided "
                          "which value holds.");
    std::erase_if(seen, [&](const OpId& id) {
      const OpView* op = find(id);
      return op && op->role != setting_.role;
    });
    return seen;
  }

  bool differ(const std::vector<OpId>& seen) const {
    const OpView* first = nullptr;
    for (const auto& id : seen) {
      const OpView* op = find(id);
      if (!op || op->standing == OpStanding::superseded) continue;
      if (!first) first = op;
      if (std::tie(op->kind, op->value) != std::tie(first->kind, first->value)) return true;
    }
    return false;
  }

  void note_if_kept_beside(const FieldDescriptor& field, const FieldPolicy& policy,
                           const Bytes& typed, const std::vector<OpId>& seen) {
    if (policy.policy != Policy::strictest || policy.lower_by.has(setting_.role)) return;
    const auto severity = policy.severity_of(OpKind::set, typed);
    for (const auto& id : seen) {
      const OpView* op = find(id);
      if (!op || policy.severity_of(op->kind, op->value) <= severity) continue;
      plan_.notes.push_back(rule_of(field).label() +
                            ": the stricter value stays in force until an organisation that may "
                            "lower it agrees.");
      return;
    }
  }

  // ---- a list of values: each is added and taken away by itself

  Result<Done> list_of_values(const FieldDescriptor& field, const FieldInput& input) {
    const auto listed = listed_in(field);
    std::set<Bytes> wanted;
    for (const auto& line : lines_of(input.text)) {
      auto values = values_meant(field, line, listed, input.how == How::remove);
      if (!values) return values.error();
      wanted.merge(*values);
    }
    if (wanted.empty() && input.how != How::set) return refused(field, "Nothing was typed.");
    for (const auto& each : wanted) {
      if (input.how == How::remove) {
        if (!listed.contains(each)) return refused(field, "This is not in the list.");
        drop(field, each);
      } else if (!listed.contains(each)) {
        add(field, OpKind::add, each, ops_about(field, each));
      }
    }
    if (input.how != How::set) return Done{};
    for (const auto& each : listed) {
      if (!wanted.contains(each)) drop(field, each);
    }
    return Done{};
  }

  // What looks like a value of the list is that value, or all those that look so: another program
  // may have stored it with signs that nobody sees and nobody can type. A retired code is no longer
  // offered, but it can be taken out by the words it shows.
  Result<std::set<Bytes>> values_meant(const FieldDescriptor& field, const std::string& line,
                                       const std::set<Bytes>& listed, bool is_removal) const {
    const std::string seen = visible_line(line);
    const auto that_look_so = [&](const auto& text_in_list) {
      std::set<Bytes> out;
      for (const auto& each : listed) {
        if (visible_line(text_in_list(each)) == seen) out.insert(each);
      }
      return out;
    };
    if (auto same = that_look_so([](const Bytes& each) { return crypto::as_text(each); });
        !same.empty()) {
      return same;
    }
    auto typed = value_of(field, line, setting_.codes);
    if (typed && (!is_removal || listed.contains(*typed))) return std::set<Bytes>{*typed};
    if (is_removal) {
      auto shown =
          that_look_so([&](const Bytes& each) { return text_of(field, each, setting_.codes); });
      if (!shown.empty()) return shown;
      return refused(field, "This is not in the list.");
    }
    return typed.error();
  }

  void drop(const FieldDescriptor& field, const Bytes& value) {
    add(field, OpKind::remove, value, ops_about(field, value));
  }

  std::set<Bytes> listed_in(const FieldDescriptor& field) const {
    std::set<Bytes> out;
    for (const auto& id : seen_in(field)) {
      const OpView* op = find(id);
      if (op && op->kind == OpKind::add) out.insert(op->value);
    }
    return out;
  }

  std::vector<OpId> ops_about(const FieldDescriptor& field, const Bytes& value) const {
    std::vector<OpId> out;
    for (const auto& id : seen_in(field)) {
      const OpView* op = find(id);
      if (op && op->value == value) out.push_back(id);
    }
    return out;
  }

  // ---- notes and stages

  Result<Done> append(const FieldDescriptor& field, const FieldInput& input) {
    if (is_blank(input.text)) return Done{};
    auto typed = value_of(field, input.text, setting_.codes);
    if (!typed) return typed.error();
    add(field, OpKind::append, std::move(*typed), {});
    return Done{};
  }

  Result<Done> move(const FieldDescriptor& field, const FieldPolicy& policy,
                    const FieldInput& input) {
    if (is_blank(input.text)) return Done{};
    const auto typed = value_of(field, input.text, setting_.codes);
    const auto to = typed ? sync::decode_number(*typed) : std::nullopt;
    if (!typed || !to) return typed ? refused(field, "There is no such stage.") : typed.error();
    const auto seen = seen_in(field);
    const OpView* last = seen.empty() ? nullptr : find(seen.front());
    const auto change = last ? sync::decode_state_change(last->value) : std::nullopt;
    const std::uint32_t from = change ? change->to : 0;
    const std::uint32_t now = state_of(ops_, static_cast<std::uint32_t>(field.number()));
    if (from != now) {
      return refused(field,
                     "It has moved on to \"" + stage_label(field, now) +
                         "\" since you opened it. Look at it again first.",
                     ErrorKind::stale);
    }
    if (*to == from) return Done{};
    if (!policy.allows(from, static_cast<std::uint32_t>(*to), setting_.role)) {
      return refused(field,
                     no_way(field, policy, from, static_cast<std::uint32_t>(*to), setting_.role),
                     ErrorKind::denied);
    }
    add(field, OpKind::transition,
        sync::encode_state_change({from, static_cast<std::uint32_t>(*to)}), seen);
    return Done{};
  }

  // ----

  void add(const FieldDescriptor& field, OpKind kind, Bytes value, std::vector<OpId> supersedes) {
    plan_.ops.push_back(
        {{setting_.record, setting_.type.number, static_cast<std::uint32_t>(field.number())},
         kind,
         std::move(value),
         std::move(supersedes),
         {}});
  }

  std::vector<OpId> seen_in(const FieldDescriptor& field) const {
    if (!form_) return {};
    const auto found = form_->seen.find(static_cast<std::uint32_t>(field.number()));
    return found == form_->seen.end() ? std::vector<OpId>{} : found->second;
  }

  const OpView* find(const OpId& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second;
  }

  const PlanSetting& setting_;
  const Form* form_;
  const std::vector<OpView>& ops_;
  std::map<OpId, const OpView*> by_id_;
  std::set<int> set_once_;
  ChangePlan plan_;
  std::vector<FieldProblem> problems_;
};

std::vector<const FieldDescriptor*> missing(const RecordType& type, const Planner& planner) {
  std::vector<const FieldDescriptor*> out;
  for (int i = 0; i < type.descriptor->field_count(); ++i) {
    const auto* field = type.descriptor->field(i);
    if (rule_of(*field).required() && !planner.fills(*field)) out.push_back(field);
  }
  return out;
}

void note_sharing_problems(const PlanSetting& setting, const std::vector<OpView>& present,
                           Planner& planner) {
  for (const auto& problem :
       sharing_problems(setting.type, planner.plan().ops, present, setting.codes)) {
    planner.note_problem(problem.field, problem.error);
  }
}

}  // namespace

std::uint32_t state_of(const std::vector<OpView>& ops, std::uint32_t field) {
  for (const auto& op : ops) {
    if (op.field != field || op.standing != OpStanding::shown) continue;
    const auto change = sync::decode_state_change(op.value);
    return change ? change->to : 0;
  }
  return 0;
}

Result<ChangePlan> plan_new(const PlanSetting& setting, const std::vector<FieldInput>& inputs,
                            Required required) {
  const std::vector<OpView> none;
  Planner planner(setting, nullptr, none);
  planner.take(inputs);
  if (!planner.problems().empty() || required == Required::none) return planner.outcome();
  std::string lacks;
  for (const auto* field : missing(setting.type, planner)) {
    lacks += (lacks.empty() ? "" : ", ") + rule_of(*field).label();
  }
  if (lacks.empty()) return planner.plan();
  return Error{ErrorKind::invalid, "These are needed and were not given: " + lacks + "."};
}

Result<ChangePlan> plan_change(const PlanSetting& setting, const Form& form,
                               const std::vector<OpView>& ops,
                               const std::vector<FieldInput>& inputs) {
  Planner planner(setting, &form, ops);
  planner.take(inputs);
  return planner.outcome();
}

std::vector<FieldProblem> problems_of_new(const PlanSetting& setting,
                                          const std::vector<FieldInput>& inputs,
                                          Required required) {
  const std::vector<OpView> none;
  Planner planner(setting, nullptr, none);
  planner.take(inputs);
  if (required == Required::all) {
    for (const auto* field : missing(setting.type, planner)) {
      planner.note_problem(field->name(), refused(*field, "This is needed."));
    }
  }
  note_sharing_problems(setting, none, planner);
  return planner.problems();
}

std::vector<FieldProblem> problems_of_change(const PlanSetting& setting, const Form& form,
                                             const std::vector<OpView>& ops,
                                             const std::vector<FieldInput>& inputs) {
  Planner planner(setting, &form, ops);
  planner.take(inputs);
  note_sharing_problems(setting, ops, planner);
  return planner.problems();
}

}  // namespace throughgate::node
