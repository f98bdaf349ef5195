#include "node/text/unicode.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

namespace throughgate::node {
namespace {

constexpr int marks_in_a_row_max = 30;

const utf8proc_uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Calls `visit` with each code point; false when the text is not strict UTF-8.
template <class Visit>
bool each_code_point(std::string_view text, Visit visit) {
  while (!text.empty()) {
    utf8proc_int32_t code_point = -1;
    const auto used =
        utf8proc_iterate(bytes_of(text), static_cast<utf8proc_ssize_t>(text.size()), &code_point);
    if (used <= 0) return false;
    visit(code_point);
    text.remove_prefix(static_cast<std::size_t>(used));
  }
  return true;
}

bool is_mark(utf8proc_int32_t code_point) {
  const auto category = utf8proc_category(code_point);
  return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
         category == UTF8PROC_CATEGORY_ME;
}

bool is_stream_safe(std::string_view text) {
  int run = 0;
  int longest = 0;
  const bool strict = each_code_point(text, [&](utf8proc_int32_t code_point) {
    run = is_mark(code_point) ? run + 1 : 0;
    longest = std::max(longest, run);
  });
  return strict && longest <= marks_in_a_row_max;
}

std::optional<std::string> mapped(std::string_view text, int options) {
  if (!is_stream_safe(text)) return std::nullopt;
  utf8proc_uint8_t* raw = nullptr;
  const auto size = utf8proc_map(bytes_of(text), static_cast<utf8proc_ssize_t>(text.size()), &raw,
                                 static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(raw, &std::free);
  if (size < 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size));
}

// Letters that are no letter plus mark, and so survive decomposition.
struct Spelling {
  char32_t letter;
  std::string_view plain;
};
constexpr std::array spellings{
    Spelling{U'ß', "ss"}, Spelling{U'ẞ', "SS"}, Spelling{U'æ', "ae"}, Spelling{U'Æ', "AE"},
    Spelling{U'œ', "oe"}, Spelling{U'Œ', "OE"}, Spelling{U'ø', "o"},  Spelling{U'Ø', "O"},
    Spelling{U'ł', "l"},  Spelling{U'Ł', "L"},  Spelling{U'đ', "d"},  Spelling{U'Đ', "D"},
    Spelling{U'ð', "d"},  Spelling{U'Ð', "D"},  Spelling{U'þ', "th"}, Spelling{U'Þ', "Th"},
    Spelling{U'ı', "i"},  Spelling{U'ħ', "h"},  Spelling{U'Ħ', "H"},
};

void append_plain(std::string& out, char32_t letter) {
  const auto* found = std::find_if(spellings.begin(), spellings.end(),
                                   [&](const Spelling& each) { return each.letter == letter; });
  if (found == spellings.end()) {
    append_utf8(out, letter);
  } else {
    out += found->plain;
  }
}

bool is_blank_sign(utf8proc_int32_t code_point) {
  return code_point == '\t' || code_point == '\r' || code_point == '\n' ||
         utf8proc_category(code_point) == UTF8PROC_CATEGORY_ZS;
}

// Bytes of the blank that `text` begins with; 0: another sign.
std::size_t blank_sign(std::string_view text) {
  if (const auto breaks = line_break(text); breaks > 0) return breaks;
  utf8proc_int32_t code_point = -1;
  const auto used =
      utf8proc_iterate(bytes_of(text), static_cast<utf8proc_ssize_t>(text.size()), &code_point);
  return used > 0 && is_blank_sign(code_point) ? static_cast<std::size_t>(used) : 0;
}

// A blank, or a sign that only alters its neighbours: joiners, variation selectors. U+2800 is a
// letter of Braille without dots.
bool shows_nothing(utf8proc_int32_t code_point) {
  return is_blank_sign(code_point) || utf8proc_category(code_point) == UTF8PROC_CATEGORY_CF ||
         code_point == 0x034F || code_point == 0x2800 ||
         (code_point >= 0xFE00 && code_point <= 0xFE0F) ||
         (code_point >= 0xE0100 && code_point <= 0xE01EF);
}

enum class Cases { none, upper, lower, both };

Cases cases_in(std::string_view text) {
  bool upper = false;
  bool lower = false;
  each_code_point(text, [&](utf8proc_int32_t code_point) {
    upper = upper || utf8proc_tolower(code_point) != code_point;
    lower = lower || utf8proc_toupper(code_point) != code_point;
  });
  if (upper && lower) return Cases::both;
  if (upper) return Cases::upper;
  return lower ? Cases::lower : Cases::none;
}

}  // namespace

bool is_strict_utf8(std::string_view text) {
  return each_code_point(text, [](utf8proc_int32_t) {});
}

std::optional<std::string> nfc(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

std::string fold_case(std::string_view text) {
  if (is_ascii(text)) return lower_case(text);
  return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD)
      .value_or(std::string(text));
}

std::string strip_accents(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  const auto bare = mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_STRIPMARK);
  if (!bare) return std::string(text);
  std::string plain;
  each_code_point(*bare, [&](utf8proc_int32_t code_point) {
    append_plain(plain, static_cast<char32_t>(code_point));
  });
  return plain;
}

bool is_all_upper(std::string_view text) { return cases_in(text) == Cases::upper; }
bool is_all_lower(std::string_view text) { return cases_in(text) == Cases::lower; }

std::string lower_case(std::string_view text) {
  std::string lower;
  const bool strict = each_code_point(text, [&](utf8proc_int32_t code_point) {
    append_utf8(lower, static_cast<char32_t>(utf8proc_tolower(code_point)));
  });
  return strict ? lower : std::string(text);
}

std::string capitalise(std::string_view text) {
  utf8proc_int32_t first = -1;
  const auto used =
      utf8proc_iterate(bytes_of(text), static_cast<utf8proc_ssize_t>(text.size()), &first);
  if (used <= 0) return std::string(text);
  std::string out;
  append_utf8(out, static_cast<char32_t>(utf8proc_totitle(first)));
  return out.append(text.substr(static_cast<std::size_t>(used)));
}

std::size_t hidden_sign(std::string_view text) {
  if (text.size() < 2 || static_cast<unsigned char>(text[0]) < 0xC2) return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  const unsigned third = text.size() > 2 ? static_cast<unsigned char>(text[2]) : 0;
  const auto between = [](unsigned byte, unsigned first, unsigned last) {
    return byte >= first && byte <= last;
  };
  switch (static_cast<unsigned char>(text[0])) {
    case 0xC2:  // U+0080 to U+009F but for the line break, U+00AD
      return (second < 0xA0 && second != 0x85) || second == 0xAD ? 2 : 0;
    case 0xD8:  // U+061C
      return second == 0x9C ? 2 : 0;
    case 0xE2:  // U+200B, U+200E, U+200F; U+202A to U+202E; U+2060 to U+206F
      if (second == 0x81) return third >= 0xA0 && third <= 0xAF ? 3 : 0;
      return second == 0x80 &&
                     (third == 0x8B || between(third, 0x8E, 0x8F) || between(third, 0xAA, 0xAE))
                 ? 3
                 : 0;
    case 0xE1:  // U+115F, U+1160; U+180E
      return (second == 0x85 && between(third, 0x9F, 0xA0)) || (second == 0xA0 && third == 0x8E)
                 ? 3
                 : 0;
    case 0xE3:  // U+3164
      return second == 0x85 && third == 0xA4 ? 3 : 0;
    case 0xEF:  // U+FEFF; U+FFA0; U+FFF9 to U+FFFB
      return (second == 0xBB && third == 0xBF) || (second == 0xBE && third == 0xA0) ||
                     (second == 0xBF && between(third, 0xB9, 0xBB))
                 ? 3
                 : 0;
    case 0xF3:  // U+E0000 to U+E007F
      return text.size() > 3 && second == 0xA0 && between(third, 0x80, 0x81) ? 4 : 0;
    default:
      return 0;
  }
}

std::size_t line_break(std::string_view text) {
  if (text.starts_with("\u0085")) return 2;
  return text.starts_with("\u2028") || text.starts_with("\u2029") ? 3 : 0;
}

std::string without_hidden_signs(std::string_view text, char instead) {
  std::string out;
  while (!text.empty()) {
    const auto breaks = line_break(text);
    const auto hidden = hidden_sign(text);
    if (breaks > 0) {
      out += instead;
    } else if (hidden == 0) {
      out += text[0];
    }
    text.remove_prefix(std::max<std::size_t>({breaks, hidden, 1}));
  }
  return out;
}

std::string visible_text(std::string_view text) {
  std::string out;
  const std::string seen = without_hidden_signs(text);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const auto byte = static_cast<unsigned char>(seen[i]);
    if (seen[i] == '\r') {
      if (i + 1 == seen.size() || seen[i + 1] != '\n') out += '\n';
    } else if ((byte < 0x20 && seen[i] != '\t' && seen[i] != '\n') || byte == 0x7F) {
      append_utf8(out, 0xFFFD);
    } else {
      out += seen[i];
    }
  }
  return out;
}

std::string visible_line(std::string_view text) {
  std::string line = visible_text(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return std::string(trimmed(line));
}

std::string_view trimmed(std::string_view text) {
  std::size_t first = text.size();
  std::size_t last = 0;  // where the last sign that is no blank ends
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t blank = blank_sign(text.substr(at));
    if (blank == 0) {
      first = std::min(first, at);
      last = at + 1;
    }
    at += std::max<std::size_t>(blank, 1);
  }
  return first < last ? text.substr(first, last - first) : std::string_view();
}

bool is_blank(std::string_view text) {
  bool seen = false;
  const bool strict = each_code_point(without_hidden_signs(text), [&](utf8proc_int32_t code_point) {
    seen = seen || !shows_nothing(code_point);
  });
  return strict && !seen;
}

void append_utf8(std::string& text, char32_t code_point) {
  constexpr char32_t replacement = 0xFFFD;
  auto value = static_cast<utf8proc_int32_t>(code_point);
  if (!utf8proc_codepoint_valid(value)) value = static_cast<utf8proc_int32_t>(replacement);
  std::array<utf8proc_uint8_t, 4> encoded{};
  const auto size = utf8proc_encode_char(value, encoded.data());
  text.append(reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(size));
}

}  // namespace throughgate::node
