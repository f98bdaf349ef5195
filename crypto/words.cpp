#include "crypto/words.h"

#include <algorithm>

#include "crypto/context.h"
#include "crypto/english_words.h"
#include "crypto/hash.h"

namespace throughgate::crypto {
namespace {

constexpr Context fingerprint_context("fingerprint");

constexpr std::size_t bits_a_word = 11;
constexpr std::size_t longest_word = 8;
constexpr std::size_t shortest_prefix = 4;  // tells all words of the list apart
constexpr std::string_view white_space = " \t\r\n";

bool bit_at(ByteView bytes, std::size_t at) { return (bytes[at / 8] >> (7 - at % 8) & 1) != 0; }

std::string spell(ByteView bytes, std::size_t count) {
  std::string text;
  text.reserve(count * (longest_word + 1));  // a longer text would leave copies behind
  for (std::size_t word = 0; word < count; ++word) {
    std::size_t index = 0;
    for (std::size_t bit = 0; bit < bits_a_word; ++bit) {
      index = index << 1 | (bit_at(bytes, word * bits_a_word + bit) ? 1u : 0u);
    }
    if (word > 0) text += ' ';
    text += english_words.at(index);
  }
  return text;
}

// Sets the bits of word number `word`; they must be zero before.
void pack(std::span<std::uint8_t> bytes, std::size_t word, std::size_t index) {
  for (std::size_t bit = 0; bit < bits_a_word; ++bit) {
    if ((index >> (bits_a_word - 1 - bit) & 1) == 0) continue;
    const std::size_t at = word * bits_a_word + bit;
    bytes[at / 8] = static_cast<std::uint8_t>(bytes[at / 8] | 0x80u >> at % 8);
  }
}

std::string_view take_piece(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(white_space), text.size()));
  const std::string_view piece = text.substr(0, text.find_first_of(white_space));
  text.remove_prefix(piece.size());
  return piece;
}

// As the sheet prints it before a word: 7, or 7. where somebody writes it so.
bool is_number(std::string_view piece) {
  if (piece.ends_with('.')) piece.remove_suffix(1);
  return !piece.empty() && piece.find_first_not_of("0123456789") == std::string_view::npos;
}

// Takes the first word off `text`, and numbers before it; empty at the end.
std::string_view take_word(std::string_view& text) {
  auto piece = take_piece(text);
  while (is_number(piece)) piece = take_piece(text);
  return piece;
}

std::optional<std::size_t> index_of(std::string_view typed) {
  if (typed.size() > longest_word) return std::nullopt;
  ByteArray<longest_word> lower;
  std::transform(typed.begin(), typed.end(), lower.begin(), [](char c) {
    return static_cast<std::uint8_t>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  });
  const std::string_view word = as_text(lower).substr(0, typed.size());

  const auto* found = std::lower_bound(english_words.begin(), english_words.end(), word);
  const bool known =
      found != english_words.end() &&
      (*found == word || (word.size() >= shortest_prefix && found->starts_with(word)));
  const auto index = static_cast<std::size_t>(found - english_words.begin());
  wipe(lower);
  return known ? std::optional(index) : std::nullopt;
}

// The runs of letters, small.
std::vector<std::string> runs_of_letters(std::string_view text) {
  std::vector<std::string> out;
  bool inside = false;
  for (const char c : text) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (is_letter && !inside) out.emplace_back();
    if (is_letter) out.back() += static_cast<char>(c | 0x20);
    inside = is_letter;
  }
  return out;
}

}  // namespace

SecretText to_words(std::span<const std::uint8_t, 32> value) {
  Secret<33> bytes;
  std::copy(value.begin(), value.end(), bytes.writable().begin());
  bytes.writable()[32] = sha256(value)[0];
  return SecretText(spell(bytes.view(), words_count));
}

std::optional<Secret<32>> from_words(std::string_view text) {
  if (text.size() > words_text_max) return std::nullopt;
  Secret<33> bytes;
  for (std::size_t word = 0; word < words_count; ++word) {
    const auto index = index_of(take_word(text));
    if (!index) return std::nullopt;
    pack(bytes.writable(), word, *index);
  }
  if (!take_word(text).empty()) return std::nullopt;

  const auto value = bytes.view().first<32>();
  if (sha256(value)[0] != bytes.view()[32]) return std::nullopt;
  return Secret<32>(value);
}

TypedWords look_at_words(std::string_view text) {
  TypedWords out;
  for (auto word = take_word(text); !word.empty(); word = take_word(text)) {
    ++out.count;
    if (!index_of(word)) out.unknown.push_back(out.count);
  }
  return out;
}

std::string fingerprint_words(ByteView bytes) {
  return spell(hash(fingerprint_context, {bytes}), fingerprint_word_count);
}

HeardWords compare_words(std::string_view here, std::string_view heard) {
  const auto right = runs_of_letters(here);
  const auto typed = runs_of_letters(heard);
  HeardWords out{typed.size(), {}};
  if (typed.size() != right.size()) return out;
  for (std::size_t i = 0; i < right.size(); ++i) {
    if (typed[i] != right[i]) out.differ.push_back(i + 1);
  }
  return out;
}

}  // namespace throughgate::crypto
