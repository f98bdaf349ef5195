// Flips every bit of something in turn: none may pass unseen.
#pragma once

#include <catch_amalgamated.hpp>
#include <cstdint>
#include <span>
#include <type_traits>

namespace throughgate::sync::testing {

// `bytes` is anything of bytes, and what `is_good` looks at: good as it is, and with no bit
// flipped.
template <class Bytes, class IsGood>
void check_every_bit(Bytes&& bytes, const IsGood& is_good) {
  REQUIRE(bytes.size() > 0);
  REQUIRE(is_good());
  std::size_t passed = 0;
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto& byte = bytes[bit / 8];
    const auto before = byte;
    byte = static_cast<std::remove_reference_t<decltype(byte)>>(before ^ (1U << (bit % 8)));
    passed += is_good() ? 1 : 0;
    byte = before;
  }
  CHECK(passed == 0);
}

inline std::span<std::uint8_t> bytes_of_number(std::uint64_t& number) {
  return {reinterpret_cast<std::uint8_t*>(&number), sizeof number};
}

}  // namespace throughgate::sync::testing
