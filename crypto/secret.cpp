#include "crypto/secret.h"

#include <sodium.h>

namespace throughgate::crypto {
namespace {

// A short text lies inside the string itself and stays there when it is moved from; an old one may
// reach further than the present end. So all that the string has room for is wiped.
void wipe_text(std::string& text) {
  text.resize(text.capacity());
  sodium_memzero(text.data(), text.size());
  text.clear();
}

}  // namespace

void wipe(std::span<std::uint8_t> memory) { sodium_memzero(memory.data(), memory.size()); }

// swap() with an empty string leaves no third copy behind.
SecretText::SecretText(std::string text) {
  text_.swap(text);
  wipe_text(text);
}

SecretText::SecretText(SecretText&& other) noexcept {
  text_.swap(other.text_);
  wipe_text(other.text_);
}

SecretText& SecretText::operator=(SecretText&& other) noexcept {
  if (this != &other) {
    wipe_text(text_);
    text_.swap(other.text_);
    wipe_text(other.text_);
  }
  return *this;
}

SecretText::~SecretText() { wipe_text(text_); }

}  // namespace throughgate::crypto
