// A secret of fixed size with one owner: it can be moved, never copied, printed or compared by
// accident; its memory is wiped when it goes. Contents are reached only through view().
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "crypto/bytes.h"
#include "crypto/random.h"

namespace throughgate::crypto {

void wipe(std::span<std::uint8_t> memory);  // never optimised away

template <std::size_t Size>
class Secret {
 public:
  Secret() = default;  // all zero
  explicit Secret(std::span<const std::uint8_t, Size> bytes) {
    std::copy(bytes.begin(), bytes.end(), bytes_.begin());
  }
  static Secret random(Random& random) {
    Secret made;
    random.fill(made.bytes_);
    return made;
  }

  Secret(Secret&& other) noexcept : bytes_(other.bytes_) { wipe(other.bytes_); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      bytes_ = other.bytes_;
      wipe(other.bytes_);
    }
    return *this;
  }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { wipe(bytes_); }

  Secret duplicate() const { return Secret(std::span<const std::uint8_t, Size>(bytes_)); }
  std::span<const std::uint8_t, Size> view() const { return bytes_; }
  std::span<std::uint8_t, Size> writable() { return bytes_; }

 private:
  ByteArray<Size> bytes_{};
};

// A secret of any length (a password as typed). Move-only and wiped, as Secret is.
class SecretText {
 public:
  SecretText() = default;
  explicit SecretText(std::string text);  // move the text in: what is copied is not wiped
  SecretText(SecretText&& other) noexcept;
  SecretText& operator=(SecretText&& other) noexcept;
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;
  ~SecretText();

  std::string_view view() const { return text_; }

 private:
  std::string text_;
};

}  // namespace throughgate::crypto
