// The facts of a handover in sections, as pages show them and as they are changed.
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "node/handovers/case_file.h"

namespace throughgate::node::web {

struct Section {
  std::string_view key;    // "/handovers/:id/change/KEY"
  std::string_view title;  // "Release"
  std::vector<int> fields;
  bool is_changed_here = true;  // false: its fields are written by a step
};
std::span<const Section> handover_sections();
// nullptr: there is no such section.
const Section* handover_section(std::string_view key);
// The section that a field stands in; nullptr: none.
const Section* section_of(int field);

}  // namespace throughgate::node::web
