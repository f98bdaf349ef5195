#include "node/intake/text_encoding.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "node/text/unicode.h"

namespace throughgate::node {
namespace {

using crypto::ByteView;

bool starts_with(ByteView bytes, std::string_view prefix) {
  return crypto::as_text(bytes).starts_with(prefix);
}

std::string at_line(std::string_view text_before) {
  return " (line " + std::to_string(1 + std::count(text_before.begin(), text_before.end(), '\n')) +
         ")";
}

Refusal nul_found() {
  return {
      "This is not a text file: it holds NUL characters. Save it as CSV (UTF-8) and try again."};
}

std::optional<Refusal> refuse_other_kinds(ByteView file) {
  using namespace std::string_view_literals;
  if (file.empty()) return Refusal{"The file is empty."};
  if (file.size() > file_bytes_max) {
    return Refusal{"The file is larger than 32 MiB. Split it and import the parts."};
  }
  if (starts_with(file, "PK\x03\x04"sv) || starts_with(file, "\xD0\xCF\x11\xE0"sv)) {
    return Refusal{
        "This is a workbook, not a CSV file. Open it, choose \"Save as\" and \"CSV UTF-8\"."};
  }
  if (starts_with(file, "%PDF"sv)) return Refusal{"This is a PDF, not a CSV file."};
  return std::nullopt;
}

std::size_t strict_prefix(std::string_view text) {
  // The longest run of whole lines that is sound; only sought once the file is known to be unsound.
  std::size_t sound = 0;
  while (sound < text.size()) {
    const auto end = text.find('\n', sound);
    const auto next = end == std::string_view::npos ? text.size() : end + 1;
    if (!is_strict_utf8(text.substr(sound, next - sound))) break;
    sound = next;
  }
  return sound;
}

Read<DecodedText> decode_utf_8(std::string_view text) {
  if (!is_strict_utf8(text)) {
    return Refusal{"The file says it is UTF-8 and is not" +
                   at_line(text.substr(0, strict_prefix(text))) + ". Save it again as CSV UTF-8."};
  }
  return DecodedText{std::string(text), TextEncoding::utf_8};
}

Read<DecodedText> decode_utf_16(ByteView units, TextEncoding encoding) {
  const std::size_t high = encoding == TextEncoding::utf_16_little_endian ? 1 : 0;
  const auto unit_at = [&](std::size_t at) {
    return static_cast<char32_t>(units[at + high] << 8 | units[at + 1 - high]);
  };
  std::string text;
  text.reserve(units.size());
  const Refusal cut_off{"The file is UTF-16 and ends in the middle of a character."};
  if (units.size() % 2 != 0) return cut_off;
  for (std::size_t at = 0; at < units.size(); at += 2) {
    char32_t code_point = unit_at(at);
    if (code_point == 0) return nul_found();
    if (code_point >= 0xD800 && code_point < 0xE000) {
      const bool paired = code_point < 0xDC00 && at + 2 < units.size() &&
                          unit_at(at + 2) >= 0xDC00 && unit_at(at + 2) < 0xE000;
      if (!paired)
        return Refusal{"The file is UTF-16 with a broken character" + at_line(text) + "."};
      at += 2;
      code_point = 0x10000 + ((code_point - 0xD800) << 10) + (unit_at(at) - 0xDC00);
    }
    append_utf8(text, code_point);
  }
  return DecodedText{std::move(text), encoding};
}

// Bytes 80 to 9F; 0 where Windows-1252 has no character. The others are those of Latin-1.
constexpr std::array<char32_t, 32> windows_1252_c1{
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

Read<DecodedText> decode_windows_1252(ByteView bytes) {
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 8);
  for (const std::uint8_t byte : bytes) {
    const char32_t code_point = byte >= 0x80 && byte < 0xA0 ? windows_1252_c1[byte - 0x80] : byte;
    if (code_point == 0) {
      return Refusal{"The file is neither UTF-8 nor Windows-1252" + at_line(text) +
                     ". Save it as CSV UTF-8."};
    }
    append_utf8(text, code_point);
  }
  return DecodedText{std::move(text), TextEncoding::windows_1252};
}

}  // namespace

std::string name_of(TextEncoding encoding) {
  switch (encoding) {
    case TextEncoding::utf_8:
      return "UTF-8";
    case TextEncoding::utf_16_little_endian:
      return "UTF-16 (Excel \"Unicode text\")";
    case TextEncoding::utf_16_big_endian:
      return "UTF-16, big endian";
    case TextEncoding::windows_1252:
      return "Windows-1252";
  }
  return "unknown";
}

Read<DecodedText> decode_text(ByteView file) {
  using namespace std::string_view_literals;
  if (auto refusal = refuse_other_kinds(file)) return *refusal;
  if (starts_with(file, "\xFF\xFE"sv)) {
    return decode_utf_16(file.subspan(2), TextEncoding::utf_16_little_endian);
  }
  if (starts_with(file, "\xFE\xFF"sv)) {
    return decode_utf_16(file.subspan(2), TextEncoding::utf_16_big_endian);
  }
  if (std::find(file.begin(), file.end(), 0) != file.end()) return nul_found();
  if (starts_with(file, "\xEF\xBB\xBF"sv)) return decode_utf_8(crypto::as_text(file.subspan(3)));
  if (is_strict_utf8(crypto::as_text(file))) {
    return DecodedText{std::string(crypto::as_text(file)), TextEncoding::utf_8};
  }
  return decode_windows_1252(file);
}

}  // namespace throughgate::node
