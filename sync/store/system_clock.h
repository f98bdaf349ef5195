// This machine's clock, for the two programs; all else is handed one.
#pragma once

#include <cstdint>

namespace throughgate::sync::store {

// ms since 1970 UTC. A clock that stands before 1970 counts as that year's first moment; 0 would
// mean never.
std::uint64_t system_now_ms();

}  // namespace throughgate::sync::store
