// How old the central list held here is, and what follows from it. A list that nobody renews, or
// that an exchange keeps back, runs out; whoever works here is told before, and after.
#pragma once

#include <string>

#include "sync/directory.h"

namespace throughgate::node {

constexpr std::uint64_t list_warning_ms = 14ull * 24 * 60 * 60 * 1000;  // before it runs out

// Whether a list is held, and it has run out: nothing is shared with anybody new under it.
bool has_run_out(const sync::Directory& directory, std::uint64_t now_ms);

// What people are told of it, and what to do; empty while there is nothing to say.
std::string list_warning(const sync::Directory& directory, std::uint64_t now_ms);

}  // namespace throughgate::node
