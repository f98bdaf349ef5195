// All answers once more, before a recovery sheet is made of them.
#include "node/recovery_sheet.h"
#include "node/web/components/messages.h"
#include "node/web/components/summary_list.h"
#include "node/web/pages/first_day/parts.h"

namespace throughgate::node::web::first_day {
namespace {

using Way = Answers::Way;

std::string label_in(const CodeLists& codes, const char* name, const std::string& value) {
  const auto* list = codes.list(name);
  const auto* code = list ? list->find(value) : nullptr;
  return code ? code->label : value;
}

SummaryRow row(const char* key, const Content& value, Step step, const char* what) {
  return {.key = key,
          .value = value,
          .actions = {{.href = Url(address_of(step)), .hidden_text = what}}};
}

Html roles_of(const StepVisit& at) {
  return h(R"(<ul class="govuk-list">{}</ul>)", each(at.answers.roles, [&](const auto& role) {
             return h("<li>{}</li>", label_in(at.parts.codes, "staff-roles", role));
           }));
}

SummaryList answered(const StepVisit& at) {
  const auto& answers = at.answers;
  SummaryList out;
  const bool is_first = answers.way == Way::first_computer;
  out.rows.push_back(row("This computer",
                         is_first ? "The organisation's first" : "Another one of the organisation",
                         Step::way, "which computer this is"));
  if (!is_first) {
    out.rows.push_back(row("Organisation's number",
                           sheet_number(answers.joins->recovery_key, answers.joins->organisation),
                           Step::sheet_words, "what the recovery sheet says"));
  }
  out.rows.push_back(
      row("Organisation", kind_words(*answers.kind), Step::kind, "the organisation"));
  if (!answers.establishment.empty()) {
    out.rows.push_back(row("Prison",
                           label_in(at.parts.codes, "establishments", answers.establishment),
                           Step::prison, "the prison"));
  }
  out.rows.push_back(row("Name", answers.name, Step::name, "the organisation's name"));
  out.rows.push_back(
      row("Who signs in first", answers.staff_name, Step::person, "who signs in first"));
  out.rows.push_back(
      row("Signs in as", answers.sign_in_name, Step::person, "the name to sign in by"));
  out.rows.push_back(row("What they do", roles_of(at), Step::person, "what they do"));
  return out;
}

Html what_comes(const Answers& answers) {
  if (answers.way == Way::another_computer) {
    return h(
        R"(<p class="govuk-body">Next you choose a password for this computer. The organisation's records come with the first exchange, once the central team has let it in.</p>)");
  }
  Html sheet = h(
      R"(<p class="govuk-body">Next you are shown the recovery sheet. It is shown only now: have the printer, or pen and paper, ready, and see that nobody else can read the screen.</p>)");
  if (answers.kind != sync::OrganisationKind::central) return sheet;
  return sheet +
         inset_text(
             "The central team's own work begins with a command, \"desk init\", once this computer "
             "is set up.");
}

Response show_check(StepVisit& at) {
  const bool is_first = at.answers.way == Way::first_computer;
  return ask(at, Step::check,
             {.title = "Check your answers",
              .inside = what_comes(at.answers),
              .button = is_first ? "Show the recovery sheet" : "Continue",
              .before = summary_list(answered(at))});
}

Response take_check(StepVisit& at) {
  auto& answers = at.answers;
  answers.are_checked = true;
  if (answers.way == Way::first_computer && !answers.sheet) {
    answers.sheet = new_sheet(at.parts.random);
  }
  return go_on(at);
}

}  // namespace

void add_check_page(FirstDay& first_day) { first_day.add(Step::check, show_check, take_check); }

}  // namespace throughgate::node::web::first_day
