// When a change counts as made. Clocks at sites are wrong by minutes or by decades; the hub's chain
// bounds what they may claim. It decides only which sibling is shown, never what is superseded.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

namespace throughgate::sync {

struct ClaimedTime {
  std::uint64_t clock_ms = 0;               // the author's plain clock at save
  std::uint64_t base_accepted_at_ms = 0;    // of the base; 0 at base 0
  std::uint64_t previous_effective_ms = 0;  // of the entry before it in its stream; 0 for the first
  std::optional<std::uint64_t>
      accepted_at_ms;  // its own; none while provisional: no upper bound then
};

inline std::uint64_t effective_time_ms(const ClaimedTime& claimed) {
  const std::uint64_t raised =
      std::max({claimed.clock_ms, claimed.base_accepted_at_ms, claimed.previous_effective_ms});
  return claimed.accepted_at_ms ? std::min(raised, *claimed.accepted_at_ms) : raised;
}

// Of a change written again: it was made before the chain that now bounds it, so there is no lower
// one.
inline std::uint64_t effective_time_of_copy_ms(const ClaimedTime& claimed) {
  return claimed.accepted_at_ms ? std::min(claimed.clock_ms, *claimed.accepted_at_ms)
                                : claimed.clock_ms;
}

}  // namespace throughgate::sync
