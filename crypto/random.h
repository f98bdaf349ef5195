// Where random bytes come from. Handed in, so that a simulation can replay them from a seed.
#pragma once

#include <cstdint>
#include <span>

#include "crypto/bytes.h"

namespace throughgate::crypto {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;

  template <std::size_t Size>
  ByteArray<Size> bytes() {
    ByteArray<Size> out;
    fill(out);
    return out;
  }
};

// The operating system's generator. Safe from any thread.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace throughgate::crypto
