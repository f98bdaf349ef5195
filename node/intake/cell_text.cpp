#include "node/intake/cell_text.h"

#include <algorithm>
#include <array>

#include "node/text/unicode.h"

namespace throughgate::node {
namespace {

using namespace std::string_view_literals;

// Gone from imported cells too, where they are what a web page or word processor left.
constexpr std::array joiners{"\u200C"sv, "\u200D"sv};
constexpr std::array spaces{"\u00A0"sv, "\u2007"sv, "\u2009"sv, "\u200A"sv, "\u202F"sv,
                            "\u3000"sv, "\u2028"sv, "\u2029"sv, "\u0085"sv};

bool starts_with_any(std::string_view text, const auto& choices, std::size_t& bytes) {
  for (const std::string_view each : choices) {
    if (text.starts_with(each)) {
      bytes = each.size();
      return true;
    }
  }
  return false;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

// '07700 900123: Excel's mark for "this is text", which some programs write into the file.
bool begins_with_text_mark(std::string_view text) {
  return text.size() > 1 && text[0] == '\'' && (is_digit(text[1]) || text[1] == '+');
}

std::string without_clutter(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t bytes = 1;
    const bool ascii = static_cast<unsigned char>(text[0]) < 0x80;
    const bool space = text[0] == ' ' || text[0] == '\t' || text[0] == '\n' || text[0] == '\r' ||
                       (!ascii && starts_with_any(text, spaces, bytes));
    if (space) {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else if (const auto hidden = hidden_sign(text); hidden > 0) {
      bytes = hidden;
    } else if (ascii ? !is_control(text[0]) : !starts_with_any(text, joiners, bytes)) {
      out += text.substr(0, bytes);
    }
    text.remove_prefix(bytes);
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

// UTF-8 once taken for Windows-1252 shows as Ã or Â and then a character that no name has there.
bool looks_garbled(std::string_view text) {
  for (const std::string_view lead : {"Ã"sv, "Â"sv, "â€"sv}) {
    const auto at = text.find(lead);
    if (at == std::string_view::npos) continue;
    const auto after = text.substr(at + lead.size());
    if (lead == "â€"sv || after.starts_with('\xC2') || after.starts_with("Å"sv) ||
        after.starts_with("ƒ"sv) || after.starts_with("‡"sv) || after.starts_with("\u00A0"sv)) {
      return true;
    }
  }
  return text.find("\uFFFD"sv) != std::string_view::npos;
}

}  // namespace

Reading<std::string> clean_line(std::string_view cell) {
  if (looks_garbled(cell)) {
    return {{}, "some letters are garbled: an earlier program lost them; type the text again", {}};
  }
  const auto composed = nfc(cell);
  if (!composed) return {{}, "is not readable text", {}};
  auto line = without_clutter(*composed);
  if (begins_with_text_mark(line)) line.erase(0, 1);
  if (line.empty()) return {};
  return {std::move(line), {}, {}};
}

Reading<std::vector<std::string>> clean_lines(std::string_view cell) {
  std::vector<std::string> lines;
  for (const std::string& each : split(cell, "\r\n")) {
    auto line = clean_line(each);
    if (!line.problem.empty()) return {{}, line.problem, {}};
    if (line.value) lines.push_back(std::move(*line.value));
  }
  if (lines.empty()) return {};
  return {std::move(lines), {}, {}};
}

std::vector<std::string> split(std::string_view text, std::string_view separators) {
  std::vector<std::string> pieces;
  while (true) {
    const auto end = std::min(text.find_first_of(separators), text.size());
    auto piece = text.substr(0, end);
    piece.remove_prefix(std::min(piece.find_first_not_of(' '), piece.size()));
    piece = piece.substr(0, piece.find_last_not_of(' ') + 1);
    if (!piece.empty()) pieces.emplace_back(piece);
    if (end == text.size()) return pieces;
    text.remove_prefix(end + 1);
  }
}

std::string plain_key(std::string_view text) {
  // Punctuation beyond ASCII that turns up in names and headings.
  constexpr std::array punctuation{"’"sv, "‘"sv, "`"sv, "´"sv, "–"sv, "—"sv, "‐"sv, "‑"sv, "º"sv};
  const std::string folded = fold_case(strip_accents(text));
  std::string key;
  for (std::string_view rest = folded; !rest.empty();) {
    std::size_t bytes = 1;
    const auto first = static_cast<unsigned char>(rest[0]);
    const bool letter_or_digit = is_digit(rest[0]) || (rest[0] >= 'a' && rest[0] <= 'z');
    if (letter_or_digit || (first >= 0x80 && !starts_with_any(rest, punctuation, bytes))) {
      key += rest[0];
    }
    rest.remove_prefix(bytes);
  }
  return key;
}

bool is_among(std::string_view word, std::string_view words) {
  if (word.empty()) return false;
  for (std::size_t at = words.find(word); at != std::string_view::npos;
       at = words.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool begins = at == 0 || words[at - 1] == ' ';
    if (begins && (end == words.size() || words[end] == ' ')) return true;
  }
  return false;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

}  // namespace throughgate::node
