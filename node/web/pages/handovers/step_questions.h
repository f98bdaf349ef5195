// A few questions on a page: how they are asked, read and asked again with what was wrong.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "node/records/codes.h"
#include "node/web/html.h"
#include "node/web/http.h"

namespace google::protobuf {
class EnumDescriptor;
}

namespace throughgate::node::web {

using AnswerChoices = std::vector<std::pair<std::string, std::string>>;  // value and words

struct StepQuestion {
  enum class Kind { line, long_text, date, time, one_of, some_of, list };

  std::string name;
  std::string label;
  Kind kind = Kind::line;
  std::string hint{};
  std::string needed{};  // what to say where it is left empty; empty: it may be
  AnswerChoices choices{};
  std::map<std::string, std::string> choice_hints{};  // by value
};

// What was typed, by the name of the question; of several choices, one a line.
class StepAnswers {
 public:
  StepAnswers() = default;
  // As a form sent it.
  StepAnswers(const Parameters& sent, const std::vector<StepQuestion>& questions);

  const std::string& text(const std::string& name) const;
  std::vector<std::string> several(const std::string& name) const;
  // Of a date: "day", "month" or "year", as typed.
  const std::string& part(const std::string& name, const std::string& part) const;
  void put(const std::string& name, const std::string& value) { values_[name] = value; }

 private:
  std::map<std::string, std::string> values_;
};

struct StepQuestions {
  std::vector<StepQuestion> questions;
  StepAnswers answers;
  std::map<std::string, std::string> errors{};  // by question
  std::string problem{};                        // of the whole form

  bool has_errors() const { return !errors.empty() || !problem.empty(); }
  // Notes what is needed and was left empty, and choices that are not offered.
  void check();
  // An error that begins with a question's label belongs to that question, any other to the form.
  void place(const std::string& words);

  Html summary() const;  // of the errors; nothing without any
  Html html() const;     // the questions, one below the other
};

// The choices of a code list, those that are offered.
AnswerChoices choices_of(const CodeLists& codes, std::string_view list);
// Those of an enum of a record; the first, which says that nobody has decided, is left out.
AnswerChoices choices_of(const google::protobuf::EnumDescriptor& values);

}  // namespace throughgate::node::web
