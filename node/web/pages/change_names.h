// How a form names the changes that it was opened with, or that somebody chose.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/ids.h"

namespace throughgate::node::web {

// 64 digits of the entry, and which of its changes: "9f..-3".
std::string change_name(const sync::OpId& change);
// nullopt: it is no such name.
std::optional<sync::OpId> change_named(std::string_view name);

// Several, with spaces between. What is no name is left out.
std::string change_names(const std::vector<sync::OpId>& changes);
std::vector<sync::OpId> changes_named(std::string_view names);

}  // namespace throughgate::node::web
