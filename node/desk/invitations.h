// Whether an invitation may be taken back, and what that means.
#pragma once

#include <string>
#include <vector>

#include "node/desk/desk.h"

namespace throughgate::node {

// `approved_in` as of Invited. Fails with `denied` once its computer has been let in.
sync::Result<sync::Done> check_not_let_in(const std::optional<std::uint64_t>& approved_in);

// What a person reads before they take it back, one sentence each.
std::vector<std::string> meaning_of_taking_back(const Invited& invited);

}  // namespace throughgate::node
