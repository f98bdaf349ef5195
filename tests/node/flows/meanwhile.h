// What happens in the middle of a call, in bundle_tests alone.
#pragma once

#include <functional>

namespace throughgate::node::testing {

// Runs once the hub has signed the heads that it gives out, and before it reads what they head;
// again and again until it is taken away. Empty: nothing happens.
extern std::function<void()> once_heads_are_signed;

// A stick whose file system cannot refuse a name that is taken, as exFAT.
extern bool stick_cannot_refuse_names;

}  // namespace throughgate::node::testing
