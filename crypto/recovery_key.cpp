#include "crypto/recovery_key.h"

#include "crypto/hash.h"
#include "crypto/words.h"

namespace throughgate::crypto {
namespace {

constexpr Context sheet_signing_seed{"tg sheet seed"};

}  // namespace

SecretText recovery_words(const BoxKey& recovery_key) {
  return to_words(recovery_key.secret().view());
}

std::optional<BoxKey> recovery_key_from_words(std::string_view words) {
  auto secret = from_words(words);
  if (!secret) return std::nullopt;
  return BoxKey(std::move(*secret));
}

SigningKey sheet_signing_key(const BoxKey& recovery_key) {
  auto seed = keyed_hash(recovery_key.secret().view(), sheet_signing_seed, {});
  SigningKey key{Secret<32>(seed)};
  wipe(seed);
  return key;
}

}  // namespace throughgate::crypto
