#include "node/web/pages/record_editor.h"

#include <array>

#include "node/web/components/button.h"
#include "node/web/components/choices.h"
#include "node/web/components/messages.h"
#include "node/web/pages/change_reason.h"

namespace throughgate::node::web {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::store::RecordView;

constexpr std::array<Outcome, 5> outcomes = {
    {{"saved", "Saved."},
     {"added", "Added."},
     {"moved", "The new stage is saved."},
     {"kept",
      "Saved. A stricter value stays in force until an organisation that may lower it agrees."},
     {"unchanged", "Nothing was changed."}}};

struct Again {  // what a form is shown with after the first time
  std::vector<FieldProblem> problems{};
  Html notice{};
  std::optional<Doubt> doubt{};
};

Html sure_box(const std::optional<Doubt>& doubt) {
  if (!doubt) return {};
  return h(R"(<input type="hidden" name="about" value="{}">)", doubt->about) +
         checkboxes({.name = "sure", .items = {{.value = "yes", .text = doubt->sure}}});
}

Response shown(PageContext& context, const EditPage& page, const Html& inside, const Again& again) {
  const Html main = h(
      R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">{}{}<h1 class="govuk-heading-l"><span class="govuk-caption-l">{}</span> {}</h1>{}{}</div></div>)",
      problem_summary(page.form, again.problems), again.notice, page.caption, page.title,
      needed_note(page.form),
      form({.action = Url(page.address), .csrf_token = context.visit.csrf_token},
           inside +
               button_group(button({.text = page.save_text, .prevent_double_click = true}) +
                            h(R"(<a class="govuk-link" href="{}">Cancel</a>)", Url(page.back)))));
  return show(context, {.title = page.title,
                        .has_error = !again.problems.empty() || !again.notice.empty(),
                        .before_main = back_link(Url(page.back)),
                        .main = main});
}

Response form_page(PageContext& context, const EditPage& page, const RecordView& record,
                   FormState state, const Again& again) {
  state.record = &record;
  state.problems = again.problems;
  return shown(context, page,
               opened_field(node::Form::of(record)) + record_fields(page.form, state) +
                   reason_question(context),
               again);
}

Response new_page(PageContext& context, const EditPage& page, const Again& again) {
  const bool typed = context.visit.request.head.method == Method::post;
  return shown(context, page,
               record_fields(page.form, {.typed = typed ? &context.visit.form.fields : nullptr,
                                         .problems = again.problems}) +
                   sure_box(again.doubt),
               again);
}

// Of a save that failed for no single field's sake.
Again whole(const Error& error) { return {.problems = {{{}, error}}}; }

}  // namespace

Response show_change(PageContext& context, const EditPage& page,
                     const sync::store::RecordName& name) {
  const auto record = context.records.reader().read(name);
  if (!record) return problem(context, record.error());
  return form_page(context, page, *record, {}, {});
}

Response take_change(PageContext& context, const EditPage& page,
                     const sync::store::RecordName& name) {
  const auto record = context.records.reader().read(name);
  if (!record) return problem(context, record.error());
  const auto ops = context.records.reader().ops(name);
  if (!ops) return problem(context, ops.error());
  const auto& sent = context.visit.form.fields;
  const auto opened = opened_in(sent);
  if (!opened || opened->record != name) {
    return form_page(context, page, *record, {.typed = &sent},
                     whole({ErrorKind::stale,
                            "This form was not made by this page. Look at what "
                            "it holds now, and save it again."}));
  }
  const FormState state{.typed = &sent, .seen = values_seen(*opened, *ops)};
  const auto inputs = inputs_in(page.form, sent, state.seen);
  const auto elsewhere = changed_meanwhile(page.form, *opened, *record, inputs);
  if (!elsewhere.empty()) {
    return form_page(context, page, *record, state,
                     {.notice = meanwhile_notice(page.form, *record, elsewhere)});
  }
  const auto problems = context.records.problems_in(*opened, inputs);
  if (!problems) return form_page(context, page, *record, state, whole(problems.error()));
  if (!problems->empty()) return form_page(context, page, *record, state, {.problems = *problems});
  const auto saved = context.records.set_fields(*opened, inputs, by_with_reason(context));
  if (!saved) return form_page(context, page, *record, state, whole(saved.error()));
  return done(page.back, !saved->entry ? "unchanged" : saved->notes.empty() ? "saved" : "kept");
}

Response show_new(PageContext& context, const EditPage& page) {
  return new_page(context, page, {});
}

Response take_new(PageContext& context, const EditPage& page, const std::vector<FieldInput>& given,
                  const MakeRecord& make, const FindDoubt& find_doubt) {
  auto inputs = inputs_in(page.form, context.visit.form.fields, {});
  inputs.insert(inputs.end(), given.begin(), given.end());
  const auto problems = context.records.problems_in_new(page.form.type, inputs, page.form.own_role);
  if (!problems.empty()) return new_page(context, page, {.problems = problems});
  const auto& sent = context.visit.form.fields;
  auto doubt = find_doubt ? find_doubt(inputs) : std::optional<Doubt>();
  if (!doubt) return new_page(context, page, whole(doubt.error()));
  if (*doubt && (sent.get("sure") != "yes" || sent.get("about") != (*doubt)->about)) {
    return new_page(context, page, {.notice = (*doubt)->notice, .doubt = *std::move(doubt)});
  }
  const auto next = make(inputs, context.by());
  return next ? done(*next, "added") : new_page(context, page, whole(next.error()));
}

Html saved_banner(const PageContext& context) { return outcome_banner(context, outcomes); }

}  // namespace throughgate::node::web
