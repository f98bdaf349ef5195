#include "node/web/pages/first_day/parts.h"

#include "node/web/components/button.h"

namespace throughgate::node::web::first_day {
namespace {

Html in_column(const Html& inside) {
  return h(
      R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">{}</div></div>)",
      inside);
}

Html heading(const std::string& title) {
  return h(R"(<h1 class="govuk-heading-l">{}</h1>)", title);
}

}  // namespace

Response set_up_page(const Visit& visit, const SetUpPage& shown) {
  const bool has_error = !shown.faults.empty();
  return html_response(
      page(visit.frame,
           {.title = shown.title,
            .has_error = has_error,
            .before_main = shown.back ? back_link(Url(address_of(*shown.back))) : Html{},
            .main = in_column(shown.faults.summary() + heading(shown.title) + shown.main)}),
      has_error ? 422 : 200);
}

Response set_up_notice(const Visit& visit, const std::string& title, const Html& main, int status) {
  return html_response(
      page(visit.frame, {.title = title, .main = in_column(heading(title) + main)}), status);
}

Response ask(const StepVisit& at, Step step, const Question& question) {
  return set_up_page(
      at.visit, {.title = question.title,
                 .main = question.before +
                         form({.action = Url(address_of(step)), .csrf_token = at.visit.csrf_token},
                              question.inside +
                                  button({.text = question.button, .prevent_double_click = true})),
                 .faults = question.faults,
                 .back = at.answers.before(step)});
}

Response go_on(const StepVisit& at) { return see_other(Url(address_of(at.answers.next()))); }

std::string kind_words(sync::OrganisationKind kind) {
  switch (kind) {
    case sync::OrganisationKind::prison:
      return "A prison";
    case sync::OrganisationKind::partner:
      return "A partner";
    case sync::OrganisationKind::central:
      break;
  }
  return "The central team";
}

}  // namespace throughgate::node::web::first_day
