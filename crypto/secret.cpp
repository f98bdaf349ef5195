#include "crypto/secret.h"

#include <sodium.h>

namespace throughgate::crypto {
namespace {

// Moving a short string copies it, so what it was moved from still holds the letters.
void wipe_text(std::string& text) {
  text.resize(text.capacity());
  sodium_memzero(text.data(), text.size());
  text.clear();
}

}  // namespace

void wipe(std::span<std::uint8_t> memory) { sodium_memzero(memory.data(), memory.size()); }

SecretText::SecretText(SecretText&& other) noexcept : text_(other.text_) { wipe_text(other.text_); }

SecretText& SecretText::operator=(SecretText&& other) noexcept {
  if (this != &other) {
    wipe_text(text_);
    text_ = other.text_;
    wipe_text(other.text_);
  }
  return *this;
}

SecretText::~SecretText() { wipe_text(text_); }

}  // namespace throughgate::crypto
