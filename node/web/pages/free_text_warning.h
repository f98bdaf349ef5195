// Before free text that looks as if it should not be shared is saved: what it looks like, and the
// choice to change it or to save it as it stands. What was typed goes back to the browser that sent
// it, in hidden fields, and is kept nowhere else.
#pragma once

#include <optional>
#include <vector>

#include "node/free_text.h"
#include "node/web/routes.h"

namespace throughgate::node::web {

// What whoever typed has decided, in a field of the form.
constexpr const char* free_text_field = "free_text";
constexpr std::string_view free_text_as_it_stands = "as-it-stands";
constexpr std::string_view free_text_change = "change";  // the form again, with what was typed

// nullopt: this form cannot be carried along, or was sent to be changed; its own page answers.
std::optional<Response> free_text_warning(const Visit& visit, const std::vector<TextDoubt>& doubts);

}  // namespace throughgate::node::web
