#include "node/rights/others_named.h"

#include <algorithm>

#include "node/text/unicode.h"

namespace throughgate::node {
namespace {

constexpr std::size_t name_bytes_max = 200;
constexpr std::size_t word_bytes_min = 4;  // shorter ones stand in too many texts

// Letters of any script and digits; everything else parts words.
bool is_in_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         byte == '\'' || byte == '-';
}

// " ann jones ": in one case, without accents, a blank around each word.
std::string words_of(std::string_view text) {
  std::string out(" ");
  for (const char c : fold_case(strip_accents(text))) {
    if (is_in_word(c)) {
      out += c;
    } else if (out.back() != ' ') {
      out += ' ';
    }
  }
  if (out.back() != ' ') out += ' ';
  return out;
}

std::string last_word(const std::string& words) {
  if (words.size() < 3) return {};
  const auto begin = words.rfind(' ', words.size() - 2);
  return words.substr(begin);
}

}  // namespace

void OthersNamed::add(std::string_view name) {
  const auto words = words_of(name);
  if (words.size() < word_bytes_min + 2 || words.size() > name_bytes_max) return;
  names_.try_emplace(words, name);
  const auto last = last_word(words);
  if (last.size() >= word_bytes_min + 2) names_.try_emplace(last, name);
}

void OthersNamed::take_out(std::string_view name) {
  const auto words = words_of(name);
  own_.insert(words);
  own_.insert(last_word(words));
}

std::vector<std::string> OthersNamed::named_in(std::string_view text) const {
  const auto words = words_of(text);
  std::set<std::string> out;
  for (const auto& [wanted, name] : names_) {
    if (!own_.contains(wanted) && words.find(wanted) != std::string::npos) out.insert(name);
  }
  return {out.begin(), out.end()};
}

}  // namespace throughgate::node
