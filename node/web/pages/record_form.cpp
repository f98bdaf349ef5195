#include "node/web/pages/record_form.h"

#include <algorithm>
#include <set>

#include "node/dossier_kinds.h"
#include "node/shown_values.h"
#include "node/web/components/messages.h"
#include "node/web/components/summary_list.h"
#include "node/web/content_style.h"
#include "node/web/pages/addresses.h"
#include "node/web/pages/question.h"
#include "node/web/pages/record_summary.h"

namespace throughgate::node::web {
namespace {

using google::protobuf::FieldDescriptor;
using sync::OpKind;
using sync::store::FieldView;
using sync::store::RecordView;

std::uint32_t number_of(const FieldDescriptor& field) {
  return static_cast<std::uint32_t>(field.number());
}

// The fields of a section that a form can ask for.
std::vector<const FieldDescriptor*> asked_in(const RecordForm& form, const FieldSection& section) {
  std::vector<const FieldDescriptor*> out;
  for (const auto& name : section.fields) {
    const auto* field = field_named(form.type, name);
    if (field && how_asked(*field, form.codes) != Asked::never) out.push_back(field);
  }
  return out;
}

std::vector<const FieldDescriptor*> asked_in(const RecordForm& form) {
  std::vector<const FieldDescriptor*> out;
  for (const auto& section : form.sections) {
    for (const auto* field : asked_in(form, section)) out.push_back(field);
  }
  return out;
}

const sync::FieldPolicy* policy_of(const RecordForm& form, const FieldDescriptor& field) {
  return form.policies.find(form.type.number, number_of(field));
}

bool may_write(const RecordForm& form, const FieldDescriptor& field) {
  const auto* policy = policy_of(form, field);
  const bool lets_person = !form.viewer || form.viewer->writes(form.type.number, number_of(field));
  return policy && policy->counts(form.own_role) && lets_person;
}

const std::vector<crypto::Bytes>& seen_of(const ValuesSeen& seen, const FieldDescriptor& field) {
  static const std::vector<crypto::Bytes> nothing;
  const auto found = seen.find(number_of(field));
  return found == seen.end() ? nothing : found->second;
}

bool is_touched(const RecordForm& form, const FieldDescriptor& field, const Parameters& sent,
                const ValuesSeen& seen) {
  return was_asked(field, sent) && text_sent(field, sent, form.codes) !=
                                       text_of_boxes(field, seen_of(seen, field), form.codes);
}

// Without the label, which stands above the question already.
std::string problem_of(const FormState& state, const FieldDescriptor& field) {
  for (const auto& problem : state.problems) {
    if (problem.field != field.name()) continue;
    const std::string& message = problem.error.message;
    const std::string label = rule_of(field).label() + ": ";
    return message.starts_with(label) ? message.substr(label.size()) : message;
  }
  return {};
}

Html question_for(const RecordForm& form, const FormState& state, const FieldDescriptor& field) {
  const FieldView* view = state.record ? state.record->field(number_of(field)) : nullptr;
  Question out{.field = field, .codes = form.codes, .error = problem_of(state, field)};
  if (view) out.values = values_in_boxes(*view);
  if (state.typed && (!out.error.empty() || is_touched(form, field, *state.typed, state.seen))) {
    out.typed = state.typed;
  }
  if (view && view->in_review)
    out.remark = in_review_remark(state.record->name, view->field, state.record->dossier.own_role);
  return question(out);
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " and " : ", ";
    out += names[i];
  }
  return out;
}

std::string in_lower_case(std::string label) {
  if (!label.empty() && label[0] >= 'A' && label[0] <= 'Z')
    label[0] = static_cast<char>(label[0] + 32);
  return label;
}

// What was added to a list and what was taken out of it.
void compare_lists(const FieldDescriptor& field, const std::string& before,
                   const std::string& after, std::vector<FieldInput>& inputs) {
  const auto was = lines_in(before);
  const auto is = lines_in(after);
  const auto lines_of_one = [](const std::vector<std::string>& some,
                               const std::vector<std::string>& others) {
    std::string out;
    for (const auto& line : some) {
      if (std::find(others.begin(), others.end(), line) != others.end()) continue;
      out += (out.empty() ? "" : "\n") + line;
    }
    return out;
  };
  const std::string added = lines_of_one(is, was);
  const std::string removed = lines_of_one(was, is);
  if (!added.empty()) inputs.push_back({field.name(), added, FieldInput::How::add});
  if (!removed.empty()) inputs.push_back({field.name(), removed, FieldInput::How::remove});
}

}  // namespace

std::vector<FieldSection> every_field(const RecordType& type) {
  FieldSection all;
  for (int i = 0; i < type.descriptor->field_count(); ++i) {
    all.fields.push_back(type.descriptor->field(i)->name());
  }
  return {all};
}

ValuesSeen values_seen(const node::Form& opened, const std::vector<sync::store::OpView>& ops) {
  std::map<sync::OpId, const sync::store::OpView*> by_id;
  for (const auto& op : ops) by_id[op.id] = &op;
  ValuesSeen out;
  for (const auto& [field, ids] : opened.seen) {
    for (const auto& id : ids) {
      const auto found = by_id.find(id);
      if (found == by_id.end() || found->second->removed) continue;
      const auto& op = *found->second;
      const bool shown = op.kind == OpKind::set && id == ids.front();
      if (shown || op.kind == OpKind::add) out[field].push_back(op.value);
    }
  }
  return out;
}

Html record_fields(const RecordForm& form, const FormState& state) {
  Html out;
  for (const auto& section : form.sections) {
    const auto fields = asked_in(form, section);
    Html questions;
    std::vector<SummaryRow> others;
    for (const auto* field : fields) {
      const bool is_hidden = state.record && state.record->is_hidden(number_of(*field));
      if (may_write(form, *field) && !is_hidden) {
        questions += question_for(form, state, *field);
      } else if (state.record) {
        others.push_back(
            {rule_of(*field).label(), shown_field(*state.record, *field, form.codes), {}});
      }
    }
    if (questions.empty() && others.empty()) continue;
    if (!section.heading.empty()) {
      out += h(R"(<h2 class="govuk-heading-m">{}</h2>)", section.heading);
    }
    out += questions;
    if (others.empty()) continue;
    out += h(R"(<p class="govuk-body">You may read this but not change it:</p>)") +
           summary_list({.rows = std::move(others)});
  }
  return out;
}

Html needed_note(const RecordForm& form) {
  std::vector<std::string> needed;
  const auto fields = asked_in(form);
  for (const auto* field : fields) {
    if (rule_of(*field).required()) needed.push_back(in_lower_case(rule_of(*field).label()));
  }
  if (needed.empty()) return {};
  const bool all = needed.size() == fields.size();
  return h(R"(<p class="govuk-body">You need to give {}.{}</p>)", listed(needed),
           all ? "" : " The rest can be added later.");
}

Html opened_field(const node::Form& opened) {
  return h(R"(<input type="hidden" name="opened" value="{}">)", opened.encode());
}

std::optional<node::Form> opened_in(const Parameters& sent) {
  return node::Form::decode(sent.get("opened"));
}

std::vector<FieldInput> inputs_in(const RecordForm& form, const Parameters& sent,
                                  const ValuesSeen& seen) {
  std::vector<FieldInput> out;
  for (const auto* field : asked_in(form)) {
    if (!may_write(form, *field) || !is_touched(form, *field, sent, seen)) continue;
    const std::string after = text_sent(*field, sent, form.codes);
    if (is_list(how_asked(*field, form.codes))) {
      compare_lists(*field, text_of_boxes(*field, seen_of(seen, *field), form.codes), after, out);
    } else {
      out.push_back({field->name(), after});
    }
  }
  return out;
}

std::vector<std::string> changed_meanwhile(const RecordForm& form, const node::Form& opened,
                                           const RecordView& now,
                                           const std::vector<FieldInput>& inputs) {
  std::vector<std::string> out;
  for (const auto& input : inputs) {
    const auto* field = field_named(form.type, input.field);
    const auto* policy = field ? policy_of(form, *field) : nullptr;
    if (!policy ||
        (policy->policy != sync::Policy::latest && policy->policy != sync::Policy::strictest)) {
      continue;
    }
    const auto found = opened.seen.find(number_of(*field));
    const auto* view = now.field(number_of(*field));
    auto before = found == opened.seen.end() ? std::vector<sync::OpId>{} : found->second;
    auto after = view ? view->seen() : std::vector<sync::OpId>{};
    std::sort(before.begin(), before.end());
    std::sort(after.begin(), after.end());
    if (before != after) out.push_back(field->name());
  }
  return out;
}

Html meanwhile_notice(const RecordForm& form, const RecordView& now,
                      const std::vector<std::string>& fields) {
  const Html rows = each(fields, [&](const std::string& name) {
    const auto* field = field_named(form.type, name);
    const auto* view = now.field(number_of(*field));
    const auto* op = view ? view->shown() : nullptr;
    const std::string who = !op || op->actor_name.empty()
                                ? std::string()
                                : " (" + op->actor_name + ", " +
                                      date_time_text(static_cast<std::int64_t>(op->effective_ms)) +
                                      ")";
    return h("<li>{}: {}{}</li>", rule_of(*field).label(), shown_field(now, *field, form.codes),
             who);
  });
  return notification_banner(
      {.html = h(
           R"(<p class="govuk-notification-banner__heading">Somebody changed this while you were typing. Nothing of yours was saved yet.</p>
<ul class="govuk-list govuk-list--bullet">{}</ul>
<p class="govuk-body">What you typed is still below. Save again to put it in the place of this, or change it first.</p>)",
           rows)});
}

Html problem_summary(const RecordForm& form, const std::vector<FieldProblem>& problems) {
  if (problems.empty()) return {};
  ErrorSummary out;
  std::set<std::string> linked;
  for (const auto* field : asked_in(form)) {
    for (const auto& problem : problems) {
      if (problem.field != field->name() || !may_write(form, *field)) continue;
      out.items.push_back({problem.error.message, question_id(*field, form.codes)});
      linked.insert(problem.field);
    }
  }
  for (const auto& problem : problems) {
    if (!linked.contains(problem.field)) out.items.push_back({problem.error.message, ""});
  }
  return error_summary(out);
}

}  // namespace throughgate::node::web
