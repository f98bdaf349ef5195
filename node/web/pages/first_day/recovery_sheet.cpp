// The recovery sheet of a new organisation: shown, to be printed or written down, and some of its
// words asked back before anything comes of it.
#include "node/recovery_sheet.h"

#include "crypto/recovery_key.h"
#include "crypto/words.h"
#include "node/web/components/messages.h"
#include "node/web/components/text_input.h"
#include "node/web/pages/first_day/parts.h"

namespace throughgate::node::web::first_day {
namespace {

std::vector<std::string_view> split(std::string_view words) {
  std::vector<std::string_view> out;
  while (!words.empty()) {
    const auto end = std::min(words.find(' '), words.size());
    out.push_back(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return out;
}

// ---- shown

Html code_drawn(const crypto::BoxKey& recovery_key) {
  const auto code = sheet_code(recovery_key);
  if (!code) return {};
  return h(
      R"(<h2 class="govuk-heading-m">The same words as a code</h2>
<svg class="sheet-code" role="img" aria-label="The 24 words as a code for a camera" viewBox="0 0 {} {}"><path d="{}"></path></svg>)",
      code->width, code->width, code->path.view());
}

Html sheet_of(const Answers& answers) {
  const auto& sheet = *answers.sheet;
  const auto words = crypto::recovery_words(sheet.recovery_key);
  return h(
      R"(<section class="recovery-sheet" aria-label="The recovery sheet"><p class="govuk-heading-m">{}</p>
<p class="govuk-body">The organisation's number<br><strong class="break-anywhere">{}</strong></p>
<p class="govuk-body">Lock this sheet in the organisation's safe. Whoever has it can read all that the organisation has recorded. It was shown only once. With it, and only with it, a lost computer can be rebuilt.</p>
<ol class="govuk-list govuk-list--number sheet-words">{}</ol>{}</section>)",
      answers.name, sheet_number(sheet.recovery_key, sheet.organisation),
      each(split(words.view()), [](std::string_view word) { return h("<li>{}</li>", word); }),
      code_drawn(sheet.recovery_key));
}

Response show_sheet(StepVisit& at) {
  const Html what_to_do = h(
      R"(<div class="no-print"><p class="govuk-body">Print this page with your browser (Ctrl and P), or write down the number and the 24 words, and check each word. Not into a file, and not to a printer that others use without you standing there: leave no copy on any computer.</p></div>)");
  return ask(
      at, Step::sheet,
      {.title = "Throughgate recovery sheet",
       .inside = h(
           R"(<p class="govuk-body no-print">On the next page you are asked for three of the words. Once this computer is set up, the sheet is not shown again.</p>)"),
       .button = "I have it on paper",
       .before = what_to_do + sheet_of(at.answers)});
}

// One of each third, so that a sheet cut short is noticed.
std::array<std::size_t, 3> some_words(crypto::Random& random) {
  const auto drawn = random.bytes<3>();
  constexpr std::size_t third = crypto::words_count / 3;
  std::array<std::size_t, 3> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = i * third + 1 + drawn[i] % third;
  return out;
}

Response take_sheet(StepVisit& at) {
  at.answers.asked = some_words(at.parts.random);
  at.answers.sheet_was_seen = true;
  at.answers.sheet_is_kept = false;
  return go_on(at);
}

// ---- asked back

std::string field_of(std::size_t number) { return "word-" + std::to_string(number); }

// What was typed is in no page again.
Response ask_words(const StepVisit& at, const FormFaults& faults = {}) {
  const Html questions = each(at.answers.asked, [&](std::size_t number) {
    return text_input({.field = {.name = field_of(number),
                                 .label = {.text = "Word " + std::to_string(number)},
                                 .error = faults.of(field_of(number)),
                                 .classes = "govuk-input--width-10"},
                       .autocomplete = "off",
                       .auto_capitalize = "none",
                       .spellcheck = false});
  });
  const Html why = h(
      R"(<p class="govuk-body">Take the sheet, and type these words from it. Without a sheet that is right nobody can help when this computer is lost or a password forgotten. If a word is not on it, <a class="govuk-link" href="{}">look at the sheet again</a>.</p>)",
      Url(address_of(Step::sheet)));
  return ask(at, Step::asked_words,
             {.title = "Is the recovery sheet on paper?",
              .inside = questions,
              .faults = faults,
              .before = why});
}

bool is_word(std::string_view word, std::string_view typed) {
  const auto heard = crypto::compare_words(word, typed);
  return heard.typed == 1 && heard.differ.empty();
}

Response take_words(StepVisit& at) {
  const auto words = crypto::recovery_words(at.answers.sheet->recovery_key);
  const auto each_word = split(words.view());
  FormFaults faults;
  for (const auto number : at.answers.asked) {
    if (is_word(each_word[number - 1], at.field(field_of(number)))) continue;
    faults.add(field_of(number), "Type word " + std::to_string(number) +
                                     " as the sheet has it. Type the others once more too");
  }
  if (!faults.empty()) return ask_words(at, faults);
  at.answers.sheet_is_kept = true;
  return go_on(at);
}

}  // namespace

void add_recovery_sheet_pages(FirstDay& first_day) {
  first_day.add(Step::sheet, show_sheet, take_sheet);
  first_day.add(
      Step::asked_words, [](StepVisit& at) { return ask_words(at); }, take_words);
}

}  // namespace throughgate::node::web::first_day
