// What the tests of crypto share: bytes from a vector, replayed randomness, one bit turned.
#pragma once

#include <string_view>

#include "crypto/bytes.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace throughgate::crypto {

inline Bytes hex(std::string_view digits) { return from_hex(digits).value(); }

template <std::size_t Size>
ByteArray<Size> hex_array(std::string_view digits) {
  return to_array<Size>(hex(digits)).value();
}

inline Secret<32> secret_of(std::string_view digits) {
  return Secret<32>(std::span<const std::uint8_t, 32>(hex_array<32>(digits)));
}

inline Bytes with_bit_flipped(ByteView bytes, std::size_t bit) {
  Bytes flipped(bytes.begin(), bytes.end());
  flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ 1u << bit % 8);
  return flipped;
}

// Hands out the bytes it was given, in their order; throws when they are used up.
class ReplayedRandom final : public Random {
 public:
  explicit ReplayedRandom(std::string_view digits) : left_(hex(digits)) {}
  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) byte = left_.at(next_++);
  }

 private:
  Bytes left_;
  std::size_t next_ = 0;
};

}  // namespace throughgate::crypto
