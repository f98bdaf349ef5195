// Buttons, and the form they send.
#pragma once

#include <optional>
#include <string>

#include "node/web/components/content.h"

namespace throughgate::node::web {

struct Button {
  Content text{};
  std::string classes{};  // "govuk-button--secondary", "govuk-button--warning"
  std::string name{};
  std::string value{};
  std::string type = "submit";
  std::string id{};
  std::optional<Url> href{};  // a link that looks like a button, for going on without sending
  bool disabled = false;
  std::optional<bool> prevent_double_click{};
  Attrs attributes{};  // flag("formnovalidate", true)
};
Html button(const Button& button);
Html button_group(const Html& buttons);

// A form that changes something: always POST, and the token first, so that it can be checked before
// the rest is read.
struct Form {
  Url action = Url("#");
  std::string csrf_token{};
  bool has_files = false;
  std::string classes{};
};
Html form(const Form& form, const Html& inside);

}  // namespace throughgate::node::web
