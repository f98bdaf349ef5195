#include "node/web/pages/handovers/record_edit.h"

#include "node/web/components/button.h"
#include "node/web/pages/change_reason.h"

namespace throughgate::node::web {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::Result;

RecordForm form_of(const PageContext& context, const CaseFile& file, const RecordEdit& edit) {
  return {edit.type,
          edit.sections,
          context.codes,
          context.node.policies(),
          file.role().value_or(sync::Role::reader),
          &context.records.viewer()};
}

// `above`: what is said before the questions: errors, or what has changed meanwhile.
Response edit_page(const PageContext& context, const CaseFile& file, const RecordEdit& edit,
                   const FormState& state, const Html& above) {
  const RecordForm questions = form_of(context, file, edit);
  const Html opened = edit.record ? opened_field(node::Form::of(*edit.record)) : Html{};
  const Html reason = when(edit.record != nullptr, [&] {
    return reason_question(context, {.hint = "Everybody who shares this handover can read it"});
  });
  const Html buttons =
      button_group(button({.text = "Save", .prevent_double_click = true}) +
                   h(R"(<a class="govuk-link" href="{}">Cancel</a>)", Url(case_address(file))));
  const Html main = h(
      R"({}<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds"><span class="govuk-caption-l">{}, {}</span>
<h1 class="govuk-heading-l">{}</h1>{}{}{}</div></div>)",
      above, person_name(file), release_words(file), edit.title, edit.beside_questions,
      edit.record ? Html{} : needed_note(questions),
      form({.action = Url(edit.address), .csrf_token = context.visit.csrf_token},
           opened + record_fields(questions, state) + reason + buttons));
  return show(context, {.title = edit.title,
                        .has_error = !above.empty(),
                        .before_main = back_link(Url(case_address(file)), "Back to the handover"),
                        .main = main});
}

Response edit_page(const PageContext& context, const CaseFile& file, const RecordEdit& edit,
                   const FormState& state) {
  const Html summary = problem_summary(form_of(context, file, edit), state.problems);
  return edit_page(context, file, edit, state, summary);
}

Result<Saved> save(const PageContext& context, const RecordEdit& edit, const node::Form& opened,
                   const std::vector<FieldInput>& inputs) {
  const By by = by_with_reason(context);
  return edit.save ? edit.save(opened, inputs, by) : context.records.set_fields(opened, inputs, by);
}

// An error that begins with a field's label belongs to that field, any other to the whole.
std::string field_meant_by(const RecordEdit& edit, const Error& error) {
  for (const auto& section : edit.sections) {
    for (const auto& name : section.fields) {
      const auto* field = edit.type.descriptor->FindFieldByName(name);
      if (field && error.message.starts_with(rule_of(*field).label() + ": ")) return name;
    }
  }
  return {};
}

std::string outcome_of(const RecordEdit& edit, const Saved& saved) {
  return saved.notes.empty() ? edit.outcome : edit.outcome_with_notes;
}

Response take_new(const PageContext& context, const CaseFile& file, const RecordEdit& edit) {
  const auto& sent = context.visit.form.fields;
  const auto inputs = inputs_in(form_of(context, file, edit), sent, {});
  FormState state{.typed = &sent};
  state.problems =
      context.records.problems_in_new(edit.type, inputs, file.role().value_or(sync::Role::reader));
  if (!state.problems.empty()) return edit_page(context, file, edit, state);
  const auto saved = context.records.new_record_in(file.id(), edit.type, inputs, context.by());
  if (saved) return done(case_address(file), outcome_of(edit, *saved));
  state.problems.push_back({"", saved.error()});
  return edit_page(context, file, edit, state);
}

Response take_change(const PageContext& context, const CaseFile& file, const RecordEdit& edit,
                     const node::Form& opened) {
  const auto& sent = context.visit.form.fields;
  const RecordForm questions = form_of(context, file, edit);
  const auto ops = context.records.reader().ops(edit.record->name);
  if (!ops) return problem(context, ops.error());
  FormState state{.record = edit.record, .typed = &sent, .seen = values_seen(opened, *ops)};
  const auto inputs = inputs_in(questions, sent, state.seen);
  if (inputs.empty() && !edit.saves_nothing_typed) {
    return done(case_address(file), "unchanged");
  }
  const auto changed = changed_meanwhile(questions, opened, *edit.record, inputs);
  if (!changed.empty()) {
    return edit_page(context, file, edit, state,
                     meanwhile_notice(questions, *edit.record, changed));
  }
  auto problems = context.records.problems_in(opened, inputs);
  if (!problems) return problem(context, problems.error());
  state.problems = std::move(*problems);
  if (!state.problems.empty()) return edit_page(context, file, edit, state);
  const auto saved = save(context, edit, opened, inputs);
  if (saved) return done(case_address(file), outcome_of(edit, *saved));
  state.problems.push_back({field_meant_by(edit, saved.error()), saved.error()});
  return edit_page(context, file, edit, state);
}

Response typed_again(const PageContext& context, const CaseFile& file, const RecordEdit& edit,
                     const Error& error) {
  return edit_page(
      context, file, edit,
      {.record = edit.record, .typed = &context.visit.form.fields, .problems = {{"", error}}});
}

}  // namespace

Response open_record_edit(const PageContext& context, const CaseFile& file,
                          const RecordEdit& edit) {
  if (!edit.refusal.empty()) return problem(context, {ErrorKind::denied, edit.refusal});
  return edit_page(context, file, edit, {.record = edit.record}, Html{});
}

Response take_record_edit(const PageContext& context, const CaseFile& file,
                          const RecordEdit& edit) {
  if (!edit.refusal.empty()) {
    return typed_again(context, file, edit,
                       {ErrorKind::denied, edit.refusal + " Nothing was saved."});
  }
  if (!edit.record) return take_new(context, file, edit);
  const auto opened = opened_in(context.visit.form.fields);
  if (opened && opened->record == edit.record->name) {
    return take_change(context, file, edit, *opened);
  }
  const Error lost{ErrorKind::invalid,
                   "What this form was opened with did not come back with it. Nothing was saved. "
                   "What you typed is below: check it and save again."};
  return typed_again(context, file, edit, lost);
}

}  // namespace throughgate::node::web
