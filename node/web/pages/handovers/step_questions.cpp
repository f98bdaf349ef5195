#include "node/web/pages/handovers/step_questions.h"

#include <algorithm>

#include "node/records/catalogue.h"
#include "node/text/unicode.h"
#include "node/web/components/choices.h"
#include "node/web/components/date_input.h"
#include "node/web/components/messages.h"
#include "node/web/components/text_input.h"

namespace throughgate::node::web {
namespace {

using Kind = StepQuestion::Kind;

Content unless_empty(const std::string& text) { return text.empty() ? Content() : Content(text); }

std::string error_of(const StepQuestions& form, const StepQuestion& question) {
  const auto found = form.errors.find(question.name);
  return found == form.errors.end() ? std::string() : found->second;
}

Field field_of(const StepQuestions& form, const StepQuestion& question) {
  return {.name = question.name,
          .label = {.text = question.label, .classes = "govuk-label--s"},
          .hint = unless_empty(question.hint),
          .error = unless_empty(error_of(form, question))};
}

Html choice(const StepQuestions& form, const StepQuestion& question) {
  const auto chosen = form.answers.several(question.name);
  Choices out{.name = question.name,
              .legend = Legend{question.label, "govuk-fieldset__legend--s"},
              .hint = unless_empty(question.hint),
              .error = unless_empty(error_of(form, question))};
  for (const auto& [value, words] : question.choices) {
    const auto more = question.choice_hints.find(value);
    out.items.push_back(
        {.value = value,
         .text = words,
         .hint = more == question.choice_hints.end() ? Content() : Content(more->second),
         .checked = std::find(chosen.begin(), chosen.end(), value) != chosen.end()});
  }
  return question.kind == Kind::one_of ? radios(out) : checkboxes(out);
}

Html nothing_to_choose(const StepQuestion& question) {
  const std::string from = question.hint.empty() ? "" : " " + question.hint + ".";
  return h(R"(<p class="govuk-body">{}: there is nobody to choose here.{}</p>)", question.label,
           from);
}

Html list(const StepQuestions& form, const StepQuestion& question) {
  Select out{.field = field_of(form, question),
             .options = {{"", "Select"}},
             .value = form.answers.text(question.name)};
  for (const auto& [value, words] : question.choices) out.options.push_back({value, words});
  return select(out);
}

Html date(const StepQuestions& form, const StepQuestion& question) {
  const auto part = [&](const char* name) { return form.answers.part(question.name, name); };
  return date_input(
      {.id = question.name,
       .name_prefix = question.name,
       .legend = Legend{question.label, "govuk-fieldset__legend--s"},
       .hint = question.hint.empty() ? Content("For example, 4 12 2026") : Content(question.hint),
       .error = unless_empty(error_of(form, question)),
       .day = part("day"),
       .month = part("month"),
       .year = part("year")});
}

Html question_html(const StepQuestions& form, const StepQuestion& question) {
  const std::string& value = form.answers.text(question.name);
  switch (question.kind) {
    case Kind::one_of:
    case Kind::some_of:
      return question.choices.empty() ? nothing_to_choose(question) : choice(form, question);
    case Kind::list:
      return list(form, question);
    case Kind::date:
      return date(form, question);
    case Kind::long_text:
      return text_area({.field = field_of(form, question), .value = value});
    case Kind::time: {
      Field field = field_of(form, question);
      field.classes = "govuk-input--width-5";
      if (field.hint.empty()) field.hint = "For example, 8:30";
      return text_input({.field = field, .value = value, .autocomplete = "off"});
    }
    case Kind::line:
      break;
  }
  return text_input({.field = field_of(form, question), .value = value, .autocomplete = "off"});
}

bool has_choices(const StepQuestion& question) {
  return question.kind == Kind::one_of || question.kind == Kind::some_of ||
         question.kind == Kind::list;
}

bool offers(const StepQuestion& question, const std::string& value) {
  return std::any_of(question.choices.begin(), question.choices.end(),
                     [&](const auto& choice) { return choice.first == value; });
}

}  // namespace

void StepQuestions::check() {
  for (const auto& question : questions) {
    if (!question.needed.empty() && is_blank(answers.text(question.name))) {
      errors[question.name] = question.needed;
    }
    if (!has_choices(question)) continue;
    for (const auto& value : answers.several(question.name)) {
      if (!offers(question, value)) {
        errors[question.name] = "Select one of the answers that are offered now";
      }
    }
  }
}

void StepQuestions::place(const std::string& words) {
  for (const auto& question : questions) {
    if (!words.starts_with(question.label + ": ")) continue;
    errors[question.name] = words;
    return;
  }
  problem = words;
}

Html StepQuestions::summary() const {
  ErrorSummary out;
  if (!problem.empty()) out.items.push_back({problem, ""});
  for (const auto& question : questions) {
    const auto error = error_of(*this, question);
    const bool is_date = question.kind == Kind::date;
    if (!error.empty()) out.items.push_back({error, question.name + (is_date ? "-day" : "")});
  }
  return out.items.empty() ? Html{} : error_summary(out);
}

Html StepQuestions::html() const {
  return each(questions,
              [&](const StepQuestion& question) { return question_html(*this, question); });
}

StepAnswers::StepAnswers(const Parameters& sent, const std::vector<StepQuestion>& questions) {
  for (const auto& question : questions) {
    std::string joined;
    for (const auto& value : sent.all(question.name)) {
      joined += (joined.empty() ? "" : "\n") + value;
    }
    if (question.kind == Kind::date) {
      for (const char* part : {"day", "month", "year"}) {
        const std::string name = question.name + "-" + part;
        values_[name] = sent.get(name);
        if (!is_blank(values_[name])) joined += (joined.empty() ? "" : " ") + values_[name];
      }
    }
    values_[question.name] = joined;
  }
}

const std::string& StepAnswers::text(const std::string& name) const {
  static const std::string none;
  const auto found = values_.find(name);
  return found == values_.end() ? none : found->second;
}

const std::string& StepAnswers::part(const std::string& name, const std::string& part) const {
  return text(name + "-" + part);
}

std::vector<std::string> StepAnswers::several(const std::string& name) const {
  std::vector<std::string> out;
  std::string line;
  for (const char letter : text(name) + "\n") {
    if (letter != '\n') {
      line += letter;
    } else if (!line.empty()) {
      out.push_back(std::exchange(line, {}));
    }
  }
  return out;
}

AnswerChoices choices_of(const CodeLists& codes, std::string_view list) {
  AnswerChoices out;
  const auto* found = codes.list(list);
  if (!found) return out;
  for (const auto& code : found->codes()) {
    if (code.offered()) out.emplace_back(code.code, code.label);
  }
  return out;
}

AnswerChoices choices_of(const google::protobuf::EnumDescriptor& values) {
  AnswerChoices out;
  for (int i = 1; i < values.value_count(); ++i) {
    out.emplace_back(values.value(i)->name(), rule_of(*values.value(i)).label());
  }
  return out;
}

}  // namespace throughgate::node::web
