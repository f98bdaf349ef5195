// Random bytes that a seed replays.
#pragma once

#include <random>

#include "crypto/random.h"

namespace throughgate::simulation {

class SeededRandom final : public crypto::Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}

  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) byte = static_cast<std::uint8_t>(engine_());
  }
  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
  bool chance(double p) { return static_cast<double>(engine_() >> 11) * 0x1p-53 < p; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace throughgate::simulation
