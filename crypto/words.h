// Bytes as English words that a person can write down, read aloud and type in again: the scheme and
// list of BIP-39 for 256 bits. The list is frozen: its hash is checked at every build.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/secret.h"

namespace throughgate::crypto {

constexpr std::size_t words_count = 24;            // 256 bits and 8 of checksum, 11 a word
constexpr std::size_t fingerprint_word_count = 8;  // 88 bits
constexpr std::size_t words_text_max = 1024;       // characters; longer text is refused unread

// 24 lower-case words with one space between.
SecretText to_words(std::span<const std::uint8_t, 32> value);

// Upper or lower case, any white space between and around, and the numbers that the sheet prints
// before its words, which count for nothing; a word may be cut after its fourth
// letter or later, as four letters tell all words of the list apart. nullopt for an unknown word, a
// wrong number of them, or a checksum that differs: one wrong word in 256 goes unseen by it, so
// check that what the value opens does open.
std::optional<Secret<32>> from_words(std::string_view text);

// What from_words() finds in a text, for whoever has to type it again: how many words there are,
// and which of them, counted from 1, are none of the list.
struct TypedWords {
  std::size_t count = 0;
  std::vector<std::size_t> unknown;
};
TypedWords look_at_words(std::string_view text);

// 8 words, one space between, of a hash of `bytes` (a public key, or several and their names): two
// people who read out the same words hold the same bytes. Not secret.
std::string fingerprint_words(ByteView bytes);

// What one person read out and the other typed, against the words here: in any case, with any
// punctuation between. Only where `typed` words are as many as here are they compared.
struct HeardWords {
  std::size_t typed = 0;
  std::vector<std::size_t> differ;  // which of them, counted from 1
};
HeardWords compare_words(std::string_view here, std::string_view heard);

}  // namespace throughgate::crypto
