#include "crypto/recovery_key.h"

#include "crypto/words.h"

namespace throughgate::crypto {

SecretText recovery_words(const BoxKey& recovery_key) {
  return to_words(recovery_key.secret().view());
}

std::optional<BoxKey> recovery_key_from_words(std::string_view words) {
  auto secret = from_words(words);
  if (!secret) return std::nullopt;
  return BoxKey(std::move(*secret));
}

}  // namespace throughgate::crypto
