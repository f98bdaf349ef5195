// A text as JSON has it.
#pragma once

#include <string>
#include <string_view>

namespace throughgate::node {

// Of UTF-8 text, with quotation marks.
std::string json_text(std::string_view text);

}  // namespace throughgate::node
