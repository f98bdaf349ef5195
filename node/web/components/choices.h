// Questions answered by choosing: radios, checkboxes, select.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/web/components/field.h"

namespace throughgate::node::web {

struct Choice {
  std::string value{};
  Content text{};
  Content hint{};
  bool checked = false;
  bool disabled = false;
  // More questions that belong to this choice. A checkbox hides them until it is ticked, where
  // there is JavaScript; a radio always shows them, as no radio may say aloud that it expands.
  Html conditional{};
  std::string id{};         // made from the question's when empty
  std::string divider{};    // instead of a choice: a word such as "or"
  std::string behaviour{};  // checkboxes: "exclusive" for "None of these"
};

struct Choices {
  std::string name{};
  std::string id_prefix{};  // the name when empty
  std::optional<Legend> legend{};
  Content hint{};
  Content error{};
  std::string classes{};  // "govuk-radios--inline", "govuk-radios--small"
  std::vector<Choice> items{};
};
Html radios(const Choices& choices);
Html checkboxes(const Choices& choices);

struct Option {
  std::optional<std::string> value{};  // the text when absent
  std::string text{};
  bool disabled = false;
};
struct Select {
  Field field{};
  std::vector<Option> options{};
  std::string value{};  // of the selected option
};
Html select(const Select& select);

}  // namespace throughgate::node::web
