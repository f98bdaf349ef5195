#include "node/web/pages/joining/parts.h"

#include "node/enrolment/joining.h"
#include "node/text/unicode.h"
#include "node/web/components/text_input.h"

namespace throughgate::node::web {

using sync::Error;
using sync::ErrorKind;
using sync::Result;

Result<JoiningStanding> joining_standing(const PageContext& context) {
  auto asked = asked_by(context.node);
  if (!asked) return asked.error();
  const auto& self = context.node.identity().node;
  return JoiningStanding{*std::move(asked), context.node.is_enrolled(),
                         context.node.directory().node(self) != nullptr};
}

SitePages::Handler while_outside(SitePages::Handler handler) {
  return for_act(Act::connect, [handler = std::move(handler)](PageContext& context) {
    const auto standing = joining_standing(context);
    if (!standing) return problem(context, standing.error());
    if (!standing->has_joined()) return handler(context);
    if (context.visit.request.head.method != Method::post) return see_other(Url(joining_address));
    return problem(context, Error{ErrorKind::denied,
                                  "This computer has joined already. Nothing was changed."});
  });
}

Response joining_page(const PageContext& context, const JoiningPage& page) {
  return show(
      context,
      {.title = page.title,
       .has_error = !page.faults.empty(),
       .before_main = back_link(Url(page.back), page.back_words),
       .main = h(
           R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">{}{}<h1 class="govuk-heading-l">{}</h1>{}</div></div>)",
           page.faults.summary(), page.said, page.title, page.main)});
}

// What was typed never comes back: whoever reads it can ask, and answer, in somebody's place.
Html code_question(const PageContext& context, const FormFaults& faults) {
  const std::string form_of_it =
      "Six groups of four letters and digits. Capitals and hyphens do not matter";
  const bool is_again = !is_blank(context.field(code_field));
  return text_input(
      {.field = {.name = code_field,
                 .label = {.text = "Invitation code"},
                 .hint = is_again ? form_of_it + ". Type it once more: it is not shown again, as "
                                                 "nobody else may read it"
                                  : form_of_it,
                 .error = faults.of(code_field)},
       .autocomplete = "off",
       .auto_capitalize = "characters",
       .spellcheck = false});
}

Html label_question(const PageContext& context, const JoiningStanding& standing,
                    const FormFaults& faults) {
  const auto& typed = context.field(label_field);
  const bool is_new = typed.empty() && faults.empty() && standing.asked;
  return text_input({.field = {.name = label_field,
                               .label = {.text = "What is this computer called?"},
                               .hint = "So that the central team can tell your computers apart, "
                                       "such as \"Reception PC\"",
                               .error = faults.of(label_field)},
                     .value = is_new ? standing.asked->applicant.label : typed,
                     .autocomplete = "off"});
}

std::optional<sync::InvitationCode> code_typed(const PageContext& context, FormFaults& faults) {
  const auto& typed = context.field(code_field);
  if (is_blank(typed)) {
    faults.add(code_field, "Enter the invitation code that the central team gave you");
    return std::nullopt;
  }
  auto code = code_to_ask_with(context.node, typed);
  if (code) return *std::move(code);
  faults.add(code_field, code.error().message);
  return std::nullopt;
}

Result<std::optional<ApplicantFacts>> facts_typed(const PageContext& context, FormFaults& faults) {
  auto facts = facts_to_ask_with(context.node, context.field(label_field));
  if (facts) return std::optional(*std::move(facts));
  if (facts.error().kind != ErrorKind::invalid) return facts.error();
  faults.add(label_field, "Enter what this computer is called, on one line of 200 letters at most");
  return std::optional<ApplicantFacts>();
}

}  // namespace throughgate::node::web
