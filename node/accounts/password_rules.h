// What a sign-in name and a password must be. No state, any thread.
#pragma once

#include <string>
#include <string_view>

#include "crypto/secret.h"
#include "sync/result.h"

namespace throughgate::node {

constexpr std::size_t password_letters_min = 12;
constexpr std::size_t password_letters_max = 200;
constexpr std::size_t sign_in_name_letters_max = 60;

// As the slot file knows it: NFC, lower case, no space at either end. Fails with `invalid`: empty,
// too long, or with characters that nobody can see.
sync::Result<std::string> sign_in_name(std::string_view typed);

// As it is hashed: NFC, so that one keyboard's é is another's. Fails with `invalid`: not UTF-8, or
// too long.
sync::Result<crypto::SecretText> normal_password(std::string_view typed);

// For a new password, already normal. Fails with `invalid` and says what to do: too short, made of
// common words, digits and signs only, of few different letters, or of the name.
sync::Result<sync::Done> check_new_password(std::string_view password, std::string_view name);

}  // namespace throughgate::node
