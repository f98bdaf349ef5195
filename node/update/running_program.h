// What this program is, for updates.
#pragma once

#include <string_view>

#include "node/update/programs_folder.h"

namespace throughgate::node {

RunningProgram running_program();

// A key a line, as 64 digits; what follows # is for people. nullopt: a line is neither.
std::optional<std::vector<crypto::VerifyKey>> release_keys_in(std::string_view text);

}  // namespace throughgate::node
