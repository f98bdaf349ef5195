#include "crypto/bytes.h"

#include <sodium.h>

namespace throughgate::crypto {

std::string to_hex(ByteView bytes) {
  std::string digits(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(digits.data(), digits.size(), bytes.data(), bytes.size());
  digits.pop_back();
  return digits;
}

std::optional<Bytes> from_hex(std::string_view digits) {
  if (digits.empty()) return Bytes{};
  if (digits.size() % 2 != 0) return std::nullopt;
  Bytes bytes(digits.size() / 2);
  std::size_t written = 0;
  const char* end = nullptr;
  if (sodium_hex2bin(bytes.data(), bytes.size(), digits.data(), digits.size(), nullptr, &written,
                     &end) != 0) {
    return std::nullopt;
  }
  if (written != bytes.size() || end != digits.data() + digits.size()) return std::nullopt;
  return bytes;
}

bool equal_in_constant_time(ByteView a, ByteView b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace throughgate::crypto
