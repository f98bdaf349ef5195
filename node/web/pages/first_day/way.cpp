// Whether the organisation has a computer already, and if so what its recovery sheet says.
#include "node/recovery_sheet.h"
#include "node/text/unicode.h"
#include "node/web/components/choices.h"
#include "node/web/components/text_input.h"
#include "node/web/pages/first_day/parts.h"

namespace throughgate::node::web::first_day {
namespace {

using Way = Answers::Way;

// ---- which computer

constexpr char way_field[] = "which-computer";
constexpr char first_value[] = "first";
constexpr char another_value[] = "another";

Response ask_way(const StepVisit& at, const FormFaults& faults = {}) {
  const auto& way = at.answers.way;
  return ask(at, Step::way,
             {.title = "Which computer is this?",
              .inside = radios({.name = way_field,
                                .legend = Legend{.text = "Of the organisation that uses it"},
                                .error = faults.of(way_field),
                                .items = {{.value = first_value,
                                           .text = "Its first computer with Throughgate",
                                           .hint = "It gets a recovery sheet",
                                           .checked = way == Way::first_computer},
                                          {.value = another_value,
                                           .text = "Another one, or one in place of a lost one",
                                           .hint = "You need its recovery sheet, and later a code "
                                                   "from the central team",
                                           .checked = way == Way::another_computer}}}),
              .faults = faults});
}

Response take_way(StepVisit& at) {
  const auto& typed = at.field(way_field);
  if (typed != first_value && typed != another_value) {
    FormFaults faults;
    faults.add(way_field, "Select which computer this is");
    return ask_way(at, faults);
  }
  const auto way = typed == first_value ? Way::first_computer : Way::another_computer;
  if (at.answers.way != way) {
    at.answers.note_changed();
    at.answers.joins.reset();
    at.answers.sheet.reset();
  }
  at.answers.way = way;
  return go_on(at);
}

// ---- the sheet that there is

constexpr char number_field[] = "number";
constexpr char words_field[] = "sheet-words";

// The words are in no page again: whoever reads them can read all that the organisation has.
Response ask_sheet_words(const StepVisit& at, const FormFaults& faults = {}) {
  const Html number =
      text_input({.field = {.name = number_field,
                            .label = {.text = "The organisation's number"},
                            .hint = "It stands under the name: nine groups of four. On an older "
                                    "sheet, 32 digits",
                            .error = faults.of(number_field)},
                  .value = at.field(number_field),
                  .autocomplete = "off",
                  .auto_capitalize = "none",
                  .spellcheck = false});
  const Html words =
      text_area({.field = {.name = words_field,
                           .label = {.text = "The 24 words"},
                           .hint = "In the sheet's order. The numbers before them may be left out. "
                                   "They are not shown again",
                           .error = faults.of(words_field)},
                 .rows = 4,
                 .spellcheck = false,
                 .autocomplete = "off"});
  return ask(
      at, Step::sheet_words,
      {.title = "What does the recovery sheet say?",
       .inside = number + words,
       .faults = faults,
       .before = h(
           R"(<p class="govuk-body">Take the sheet from the safe, and see that nobody else can read it or this screen.</p>)")});
}

Response take_sheet_words(StepVisit& at) {
  FormFaults faults;
  const auto& number = at.field(number_field);
  if (is_blank(number)) faults.add(number_field, "Enter the organisation's number");
  auto key = recovery_key_from_typed(at.field(words_field));
  if (!key) faults.add(words_field, "This is not a whole sheet: " + key.error().message);
  if (!faults.empty()) return ask_sheet_words(at, faults);
  const auto organisation = organisation_on_sheet(*key, number);
  if (!organisation) {
    faults.add(number_field, organisation.error().message);
    return ask_sheet_words(at, faults);
  }
  at.answers.joins = Sheet{*organisation, *std::move(key)};
  at.answers.note_changed();
  return go_on(at);
}

}  // namespace

void add_way_page(FirstDay& first_day) {
  first_day.add(
      Step::way, [](StepVisit& at) { return ask_way(at); }, take_way);
}

void add_sheet_words_page(FirstDay& first_day) {
  first_day.add(
      Step::sheet_words, [](StepVisit& at) { return ask_sheet_words(at); }, take_sheet_words);
}

}  // namespace throughgate::node::web::first_day
