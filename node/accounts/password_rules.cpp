#include "node/accounts/password_rules.h"

#include <algorithm>
#include <set>
#include <vector>

#include "node/accounts/common_words.h"
#include "node/text/unicode.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr std::size_t different_letters_min = 5;

Error invalid(const char* message) { return {ErrorKind::invalid, message}; }

std::size_t letters_in(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

bool is_unseen(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

std::string_view without_spaces_around(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::vector<std::string_view> read_common_words() {
  std::vector<std::string_view> words;
  std::string_view rest = common_words_file;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto line = rest.substr(0, end);
    if (!line.empty() && line.front() != '#') words.push_back(line);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return words;
}

const std::vector<std::string_view>& common_words() {
  static const auto words = read_common_words();
  return words;
}

// The letter that a digit or sign stands for in the usual disguises; 0: none.
char undisguised(char c) {
  switch (c) {
    case '0':
      return 'o';
    case '1':
    case '!':
    case '|':
      return 'i';
    case '3':
      return 'e';
    case '4':
    case '@':
      return 'a';
    case '5':
    case '$':
      return 's';
    case '7':
    case '+':
      return 't';
    default:
      return 0;
  }
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (static_cast<unsigned char>(c) & 0x80) != 0;
}

bool word_stands_at(std::string_view text, std::size_t at, std::string_view word) {
  if (word.size() > text.size() - at) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (text[at + i] != word[i] && undisguised(text[at + i]) != word[i]) return false;
  }
  return true;
}

// Can the whole text be cut into words of the list, the name, and single digits and signs?
bool is_made_of_common_words(std::string_view text, std::string_view name) {
  std::vector<bool> reached(text.size() + 1, false);
  reached[0] = true;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!reached[at]) continue;
    if (!is_letter(text[at])) reached[at + 1] = true;
    for (const auto word : common_words()) {
      if (word_stands_at(text, at, word)) reached[at + word.size()] = true;
    }
    if (!name.empty() && word_stands_at(text, at, name)) reached[at + name.size()] = true;
  }
  return reached[text.size()];
}

}  // namespace

Result<std::string> sign_in_name(std::string_view typed) {
  const auto composed = nfc(without_spaces_around(typed));
  if (!composed || composed->empty() || letters_in(*composed) > sign_in_name_letters_max ||
      std::any_of(composed->begin(), composed->end(), is_unseen)) {
    return invalid("A sign-in name has 1 to 60 letters, digits or signs.");
  }
  return lower_case(*composed);
}

Result<crypto::SecretText> normal_password(std::string_view typed) {
  if (typed.size() > password_letters_max * 4) {
    return invalid("A password has at most 200 letters. Nothing was changed.");
  }
  auto composed = nfc(typed);
  if (!composed || letters_in(*composed) > password_letters_max) {
    return invalid(
        "This cannot be used as a password. Type letters, digits and signs, 200 at most.");
  }
  return crypto::SecretText(*std::move(composed));
}

Result<Done> check_new_password(std::string_view password, std::string_view name) {
  if (letters_in(password) < password_letters_min) {
    return invalid(
        "A password needs at least 12 letters, digits or signs. Three or four words that do not "
        "belong together are easy to remember. Nothing was changed.");
  }
  std::string lower = lower_case(password);
  const std::set<char> different(lower.begin(), lower.end());
  const bool common =
      different.size() < different_letters_min || is_made_of_common_words(lower, name);
  crypto::wipe({reinterpret_cast<std::uint8_t*>(lower.data()), lower.size()});
  if (!common) return Done{};
  return invalid(
      "This password is one of the first that others would try. Three or four words that do not "
      "belong together are easy to remember and hard to guess. Nothing was changed.");
}

}  // namespace throughgate::node
