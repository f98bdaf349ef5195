// What organisation uses this computer.
#include <algorithm>

#include "node/typed_words.h"
#include "node/web/components/choices.h"
#include "node/web/components/text_input.h"
#include "node/web/pages/first_day/parts.h"

namespace throughgate::node::web::first_day {
namespace {

using sync::OrganisationKind;

constexpr char kind_field[] = "kind";
constexpr char prison_field[] = "prison";
constexpr char name_field[] = "name";

// ---- its kind

struct Kind {
  OrganisationKind kind;
  std::string_view value;
  std::string_view hint;
};
constexpr Kind kinds[] = {
    {OrganisationKind::prison, "prison", "It keeps volunteers, and hands people over"},
    {OrganisationKind::partner, "partner",
     "A charity or other organisation that meets people who leave prison"},
    {OrganisationKind::central, "central", "It lets sites in and looks after the central list"},
};

Response ask_kind(const StepVisit& at, const FormFaults& faults = {}) {
  Choices choices{.name = kind_field,
                  .legend = Legend{.text = "The organisation that uses this computer is"},
                  .error = faults.of(kind_field)};
  for (const auto& each : kinds) {
    choices.items.push_back({.value = std::string(each.value),
                             .text = kind_words(each.kind),
                             .hint = each.hint,
                             .checked = at.answers.kind == each.kind});
  }
  return ask(at, Step::kind,
             {.title = "What organisation is it?", .inside = radios(choices), .faults = faults});
}

Response take_kind(StepVisit& at) {
  const auto* chosen = std::find_if(std::begin(kinds), std::end(kinds), [&](const Kind& each) {
    return each.value == at.field(kind_field);
  });
  if (chosen == std::end(kinds)) {
    FormFaults faults;
    faults.add(kind_field, "Select what organisation it is");
    return ask_kind(at, faults);
  }
  at.answers.kind = chosen->kind;
  if (chosen->kind != OrganisationKind::prison) at.answers.establishment.clear();
  at.answers.note_changed();
  return go_on(at);
}

// ---- which prison

Response ask_prison(const StepVisit& at, const FormFaults& faults = {}) {
  Select out{.field = {.name = prison_field,
                       .label = {.text = "Prison"},
                       .error = faults.of(prison_field)},
             .options = {{.value = "", .text = "Select a prison"}},
             .value = at.answers.establishment};
  const auto* list = at.parts.codes.list("establishments");
  for (const auto& code : list ? list->codes() : std::vector<Code>{}) {
    if (code.offered()) out.options.push_back({.value = code.code, .text = code.label});
  }
  std::sort(out.options.begin() + 1, out.options.end(),
            [](const Option& a, const Option& b) { return a.text < b.text; });
  return ask(at, Step::prison,
             {.title = "Which prison is it?", .inside = select(out), .faults = faults});
}

Response take_prison(StepVisit& at) {
  const auto code = code_from(at.field(prison_field));
  if (!is_known_establishment(at.parts.codes, code)) {
    FormFaults faults;
    faults.add(prison_field, "Select the prison");
    return ask_prison(at, faults);
  }
  at.answers.establishment = code;
  at.answers.note_changed();
  return go_on(at);
}

// ---- its name

Response ask_name(const StepVisit& at, const FormFaults& faults = {}) {
  const auto& typed = at.visit.form.fields;
  return ask(at, Step::name,
             {.title = "What is the organisation called?",
              .inside = text_input(
                  {.field = {.name = name_field,
                             .label = {.text = "Name of the organisation"},
                             .hint = "As everybody will read it, such as \"HMP Leeds\"",
                             .error = faults.of(name_field)},
                   .value = typed.has(name_field) ? typed.get(name_field) : at.answers.name,
                   .autocomplete = "off"}),
              .faults = faults});
}

Response take_name(StepVisit& at) {
  const auto name = one_line(at.field(name_field));
  if (!name) {
    FormFaults faults;
    faults.add(name_field, "Enter the name of the organisation, one line of 200 letters at most");
    return ask_name(at, faults);
  }
  at.answers.name = *name;
  at.answers.note_changed();
  return go_on(at);
}

}  // namespace

void add_organisation_pages(FirstDay& first_day) {
  first_day.add(
      Step::kind, [](StepVisit& at) { return ask_kind(at); }, take_kind);
  first_day.add(
      Step::prison, [](StepVisit& at) { return ask_prison(at); }, take_prison);
  first_day.add(
      Step::name, [](StepVisit& at) { return ask_name(at); }, take_name);
}

}  // namespace throughgate::node::web::first_day
