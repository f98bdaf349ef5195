// Which kinds of information a handover holds, to be named in the ground on which it is shared.
#pragma once

#include <string>
#include <vector>

#include "node/handovers/case_file.h"
#include "node/records/codes.h"

namespace throughgate::node {

// Codes of the list "data-classes", in its order.
std::vector<std::string> classes_held(const CaseFile& file);

// "Levels of risk; Needs and support"
std::string classes_in_words(const std::vector<std::string>& classes, const CodeLists& codes);

}  // namespace throughgate::node
