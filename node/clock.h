// Where now comes from.
#pragma once

#include <cstdint>
#include <functional>

namespace throughgate::node {

// ms since 1970 UTC. Handed in, so that a simulation or a test can set it.
using Clock = std::function<std::uint64_t()>;

}  // namespace throughgate::node
