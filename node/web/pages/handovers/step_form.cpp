#include "node/web/pages/handovers/step_form.h"

#include "node/stages.h"
#include "node/web/components/button.h"
#include "node/web/pages/handovers/step_links.h"

namespace throughgate::node::web {
namespace {

using schema::Handover;
using sync::Error;
using sync::ErrorKind;

Response step_page(const PageContext& context, const CaseFile& file, const StepPage& step,
                   const StepQuestions& shown) {
  const std::string page = link_of(step.step).page;
  const Html summary = shown.summary();
  const Html cancel = h(R"(<a class="govuk-link" href="{}">Cancel</a>)", Url(case_address(file)));
  const Html inside =
      h(R"(<input type="hidden" name="stage" value="{}">)", static_cast<int>(file.state)) +
      shown.html() +
      button_group(button({.text = step.button,
                           .classes = step.is_warning ? "govuk-button--warning" : "",
                           .prevent_double_click = true}) +
                   cancel);
  const Html main = h(
      R"({}<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds"><span class="govuk-caption-l">{}, {}</span>
<h1 class="govuk-heading-l">{}</h1>{}{}</div></div>)",
      summary, person_name(file), release_words(file), step.title,
      step.before ? step.before(context, file) : Html{},
      form({.action = Url(case_address(file, page)), .csrf_token = context.visit.csrf_token},
           inside));
  return show(context, {.title = step.title,
                        .has_error = shown.has_errors(),
                        .before_main = back_link(Url(case_address(file)), "Back to the handover"),
                        .main = main});
}

Error not_offered(const PageContext& context, const CaseFile& file) {
  const auto& stages = *Handover::descriptor()->FindFieldByNumber(Handover::kStateFieldNumber);
  const auto* policy =
      context.node.policies().find(file.root.name.type, Handover::kStateFieldNumber);
  std::string words = "This handover is at \"" + stage_words(file.state) + "\". ";
  words += policy && file.role()
               ? ways_on(stages, *policy, static_cast<std::uint32_t>(file.state), *file.role())
               : "Your organisation no longer takes part in it.";
  return {ErrorKind::denied, words};
}

Response open_step(PageContext& context, const CaseFile& file, const StepPage& step) {
  if (!is_offered(step.step, file, context.node)) {
    return problem(context, not_offered(context, file));
  }
  StepQuestions shown;
  if (step.questions) shown.questions = step.questions(context, file);
  return step_page(context, file, step, shown);
}

// Where the handover is at another stage than when the form was opened, that is what happened.
std::string problem_words(const PageContext& context, const CaseFile& file, const Error& error) {
  const std::string& opened_at = context.field("stage");
  const bool moved =
      !opened_at.empty() && opened_at != std::to_string(static_cast<int>(file.state));
  if (!moved || error.kind == ErrorKind::invalid) return error.message;
  return "Since you opened this page the handover has come to \"" + stage_words(file.state) +
         "\". Nothing was saved. " + error.message;
}

Response take_step(PageContext& context, const CaseFile& file, const StepPage& step) {
  StepQuestions shown;
  if (step.questions) shown.questions = step.questions(context, file);
  shown.answers = StepAnswers(context.visit.form.fields, shown.questions);
  if (!is_offered(step.step, file, context.node)) {
    shown.problem = problem_words(context, file, not_offered(context, file));
    return step_page(context, file, step, shown);
  }
  shown.check();
  if (step.check) step.check(shown);
  if (shown.has_errors()) return step_page(context, file, step, shown);
  const auto saved = step.take(context, file, shown.answers);
  if (saved) return done(case_address(file), step.outcome(shown.answers));
  shown.place(problem_words(context, file, saved.error()));
  return step_page(context, file, step, shown);
}

}  // namespace

void add_step_page(SitePages& pages, const StepPage& step) {
  const std::string pattern = std::string("/handovers/:id/") + link_of(step.step).page;
  pages.get(pattern, on_case_to_record([step](PageContext& context, const CaseFile& file) {
              return open_step(context, file, step);
            }));
  pages.post(pattern, on_case_to_record([step](PageContext& context, const CaseFile& file) {
               return take_step(context, file, step);
             }));
}

}  // namespace throughgate::node::web
