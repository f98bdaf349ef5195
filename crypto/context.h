// A label of 16 bytes before everything that is hashed, signed or sealed, so that no message of one
// kind can ever pass for one of another kind.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "crypto/bytes.h"

namespace throughgate::crypto {

class Context {
 public:
  // At most 16 characters; padded with zero bytes. Longer does not compile.
  template <std::size_t Size>
  consteval Context(const char (&label)[Size]) {  // NOLINT(google-explicit-constructor)
    static_assert(Size - 1 <= 16 && Size > 1, "a context has 1 to 16 characters");
    std::transform(label, label + Size - 1, bytes_.begin(),
                   [](char c) { return static_cast<std::uint8_t>(c); });
  }

  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

// context ‖ message: what is signed, and what a sealed part is bound to.
Bytes in_context(const Context& context, ByteView message);

}  // namespace throughgate::crypto
