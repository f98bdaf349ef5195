#include "sync/store/system_clock.h"

#include <algorithm>
#include <chrono>

namespace throughgate::sync::store {

std::uint64_t system_now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  return static_cast<std::uint64_t>(std::max<std::int64_t>(ms, 1));
}

}  // namespace throughgate::sync::store
