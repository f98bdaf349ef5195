// Asking over the exchange.
#include "node/enrolment/enrolment.h"
#include "node/known_hub.h"
#include "node/typed_words.h"
#include "node/web/components/button.h"
#include "node/web/components/text_input.h"
#include "node/web/pages/joining/parts.h"

namespace throughgate::node::web {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr char exchange_field[] = "exchange";

// Where the settings say it, nobody is asked.
Html exchange_question(const PageContext& context, const JoiningParts& parts,
                       const std::string& known, const FormFaults& faults) {
  if (!parts.settings.hub_url.empty()) {
    return h(
        R"(<p class="govuk-body">This computer's settings say where the central exchange is: <strong class="break-anywhere">{}</strong></p>)",
        known);
  }
  const bool is_new = !context.visit.form.fields.has(exchange_field);
  return text_input({.field = {.name = exchange_field,
                               .label = {.text = "Address of the central exchange"},
                               .hint = "As the central team gave it to you, such as "
                                       "https://exchange.example.org",
                               .error = faults.of(exchange_field)},
                     .value = is_new ? known : context.field(exchange_field),
                     .autocomplete = "off",
                     .auto_capitalize = "none",
                     .spellcheck = false});
}

Response form_page(PageContext& context, const JoiningParts& parts, const FormFaults& faults = {}) {
  const auto standing = joining_standing(context);
  if (!standing) return problem(context, standing.error());
  const auto known = hub_address(context.node, parts.settings);
  if (!known) return problem(context, known.error());
  return joining_page(
      context,
      {.title = "Ask over the network",
       .main =
           form({.action = Url(by_network_address), .csrf_token = context.visit.csrf_token},
                code_question(context, faults) + exchange_question(context, parts, *known, faults) +
                    label_question(context, *standing, faults) +
                    button({.text = "Ask to be let in", .prevent_double_click = true})),
       .faults = faults});
}

// Nothing where the settings say it, or it cannot be used.
std::string address_typed(const PageContext& context, const JoiningParts& parts,
                          FormFaults& faults) {
  if (!parts.settings.hub_url.empty()) return {};
  const auto typed = one_line(context.field(exchange_field));
  if (typed) return *typed;
  faults.add(exchange_field, "Enter the address of the central exchange");
  return {};
}

Result<std::string> send(PageContext& context, const JoiningParts& parts,
                         const ApplicantFacts& facts) {
  if (!parts.hub) return Error{ErrorKind::unavailable, "No way to the exchange is known here."};
  const auto hub = parts.hub(context.node);
  if (!hub) return hub.error();
  return Enrolment(context.node, **hub).ask(context.field(code_field), facts);
}

bool is_kept(const PageContext& context, const sync::InvitationCode& code) {
  const auto asked = asked_by(context.node);
  return asked && *asked && (*asked)->code.mailbox() == code.mailbox();
}

// What is asked with is kept before it is sent, and goes with the next exchange: nobody types the
// code again because the line was down.
Response not_sent(PageContext& context, const JoiningParts& parts, const sync::InvitationCode& code,
                  const Error& error) {
  if (error.kind == ErrorKind::rejected) {
    FormFaults faults;
    faults.add(code_field, error.message);
    return form_page(context, parts, faults);
  }
  if (!is_kept(context, code)) return problem(context, error);
  return joining_start_page(context, parts,
                            error.message +
                                " Your request is kept here and sent by itself once the exchange "
                                "is reached; nobody has to type the code again. Check below "
                                "whether the address is right. \"See whether they have answered\" "
                                "tries again. Ring the central team once it is sent.");
}

Response ask(PageContext& context, const JoiningParts& parts) {
  FormFaults faults;
  const auto code = code_typed(context, faults);
  const auto address = address_typed(context, parts, faults);
  const auto facts = facts_typed(context, faults);
  if (!facts) return problem(context, facts.error());
  if (!faults.empty()) return form_page(context, parts, faults);
  if (!address.empty()) {
    const auto kept = keep_hub_address(context.node, address, parts.settings);
    if (!kept && kept.error().kind != ErrorKind::invalid) return problem(context, kept.error());
    if (!kept) faults.add(exchange_field, kept.error().message);
    if (!kept) return form_page(context, parts, faults);
  }
  const auto words = send(context, parts, **facts);
  return words ? done(joining_address, "asked") : not_sent(context, parts, *code, words.error());
}

}  // namespace

void add_join_by_network_pages(SitePages& pages, const JoiningParts& parts) {
  pages.get_closed_too(by_network_address, while_outside([parts](PageContext& context) {
                         return form_page(context, parts);
                       }));
  pages.post_closed_too(by_network_address, while_outside([parts](PageContext& context) {
                          return ask(context, parts);
                        }));
}

}  // namespace throughgate::node::web
