// Bytes as they are stored, sent and hashed.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace throughgate::crypto {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
template <std::size_t Size>
using ByteArray = std::array<std::uint8_t, Size>;

// The same memory seen as text and as bytes; nothing is copied.
inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Copies `bytes` when there are exactly Size of them.
template <std::size_t Size>
std::optional<ByteArray<Size>> to_array(ByteView bytes) {
  if (bytes.size() != Size) return std::nullopt;
  ByteArray<Size> out;
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

// Lower-case hexadecimal, two digits a byte.
std::string to_hex(ByteView bytes);
// Exactly 2 * n digits, either case, nothing else; nullopt otherwise.
std::optional<Bytes> from_hex(std::string_view digits);

// Takes the same time wherever two values of one length differ.
bool equal_in_constant_time(ByteView a, ByteView b);

}  // namespace throughgate::crypto
