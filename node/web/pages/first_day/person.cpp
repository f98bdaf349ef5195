// The first member of staff, who looks after this computer.
#include <algorithm>

#include "node/typed_words.h"
#include "node/web/components/choices.h"
#include "node/web/components/text_input.h"
#include "node/web/pages/first_day/parts.h"

namespace throughgate::node::web::first_day {
namespace {

constexpr char person_field[] = "person";
constexpr char sign_in_field[] = "sign-in";
constexpr char roles_field[] = "roles";
// Whoever comes first has it: nobody else could add the others.
constexpr char administrator[] = "administrator";

bool holds(const std::vector<std::string>& some, const std::string& one) {
  return std::find(some.begin(), some.end(), one) != some.end();
}

Html role_boxes(const StepVisit& at, const std::vector<std::string>& ticked) {
  Choices boxes{.name = roles_field,
                .legend = Legend{.text = "What do they do here?"},
                .hint =
                    "They see and do what any of these may. They also look after this "
                    "computer: they add the others"};
  const auto* list = at.parts.codes.list("staff-roles");
  for (const auto& code : list ? list->codes() : std::vector<Code>{}) {
    if (!code.offered() || code.code == administrator) continue;
    boxes.items.push_back(
        {.value = code.code, .text = code.label, .checked = holds(ticked, code.code)});
  }
  return checkboxes(boxes);
}

Response ask_person(const StepVisit& at, const FormFaults& faults = {}) {
  const auto& typed = at.visit.form.fields;
  const auto value = [&](const char* field, const std::string& answered) {
    return typed.has(field) ? typed.get(field) : answered;
  };
  const auto usual = at.answers.roles.empty() ? usual_first_roles() : at.answers.roles;
  const Html inside = text_input({.field = {.name = person_field,
                                            .label = {.text = "Full name"},
                                            .error = faults.of(person_field)},
                                  .value = value(person_field, at.answers.staff_name),
                                  .autocomplete = "name",
                                  .spellcheck = false}) +
                      text_input({.field = {.name = sign_in_field,
                                            .label = {.text = "Name to sign in by"},
                                            .hint = "On this computer, such as \"mary\"",
                                            .error = faults.of(sign_in_field),
                                            .classes = "govuk-input--width-20"},
                                  .value = value(sign_in_field, at.answers.sign_in_name),
                                  .autocomplete = "username",
                                  .auto_capitalize = "none",
                                  .spellcheck = false}) +
                      role_boxes(at, typed.has(person_field) ? typed.all(roles_field) : usual);
  return ask(at, Step::person,
             {.title = "Who signs in first?", .inside = inside, .faults = faults});
}

std::vector<std::string> roles_sent(const StepVisit& at) {
  const auto* list = at.parts.codes.list("staff-roles");
  std::vector<std::string> out;
  for (const auto& role : at.visit.form.fields.all(roles_field)) {
    const auto* code = list ? list->find(role) : nullptr;
    if (code && code->offered() && !holds(out, role)) out.push_back(role);
  }
  if (!holds(out, administrator)) out.emplace_back(administrator);
  return out;
}

Response take_person(StepVisit& at) {
  FormFaults faults;
  const auto name = one_line(at.field(person_field));
  if (!name)
    faults.add(person_field,
               "Enter the full name of whoever signs in first, one line of 200 letters at most");
  const auto sign_in = sign_in_name(at.field(sign_in_field));
  if (!sign_in) faults.add(sign_in_field, sign_in.error().message);
  if (!faults.empty()) return ask_person(at, faults);
  at.answers.staff_name = *name;
  at.answers.sign_in_name = *sign_in;
  at.answers.roles = roles_sent(at);
  at.answers.note_changed();
  return go_on(at);
}

}  // namespace

void add_person_page(FirstDay& first_day) {
  first_day.add(
      Step::person, [](StepVisit& at) { return ask_person(at); }, take_person);
}

}  // namespace throughgate::node::web::first_day
