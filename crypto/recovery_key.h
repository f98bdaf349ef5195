// An organisation's recovery key: a box key that exists on paper only, in the organisation's safe.
// Nodes keep its public key, and seal the database key and every dossier key to it.
#pragma once

#include <optional>
#include <string_view>

#include "crypto/box_key.h"
#include "crypto/secret.h"
#include "crypto/signing_key.h"

namespace throughgate::crypto {

// The 24 words to print on the sheet; the key is a fresh BoxKey::generate().
SecretText recovery_words(const BoxKey& recovery_key);

// From the words as typed off the sheet (words.h says what is accepted). nullopt when they are not
// such words. Whether it is the right organisation's key, its public_key() tells.
std::optional<BoxKey> recovery_key_from_words(std::string_view words);

// What a computer that has the sheet before it signs with, to show that it had it. Made of the
// recovery key and nothing else, so the sheet in the safe is all that it needs.
SigningKey sheet_signing_key(const BoxKey& recovery_key);

}  // namespace throughgate::crypto
