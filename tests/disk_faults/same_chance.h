// While it lives, this thread is given the same random bytes each time, and the same time of day
// where one is named: what a program does twice it does alike, to the last byte of its records.
// Only in programs that link this file.
#pragma once

#include <cstdint>
#include <optional>

namespace throughgate::testing {

class SameChance {
 public:
  explicit SameChance(std::uint64_t seed, std::optional<std::uint64_t> now_ms = {});
  ~SameChance();
  SameChance(const SameChance&) = delete;
  SameChance& operator=(const SameChance&) = delete;
};

}  // namespace throughgate::testing
