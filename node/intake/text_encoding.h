// Which encoding a file of text was saved in, and the same text as strict UTF-8.
#pragma once

#include <cstddef>
#include <string>

#include "crypto/bytes.h"
#include "node/intake/refusal.h"

namespace throughgate::node {

constexpr std::size_t file_bytes_max = std::size_t{32} << 20;  // 100,000 rows of 300 bytes

enum class TextEncoding { utf_8, utf_16_little_endian, utf_16_big_endian, windows_1252 };

// As a person would call it: "UTF-8", "UTF-16 (Excel \"Unicode text\")", "Windows-1252".
std::string name_of(TextEncoding encoding);

struct DecodedText {
  std::string text;  // strict UTF-8, no byte order mark, no NUL
  TextEncoding encoding;
};

// A byte order mark decides; without one, text that is not strict UTF-8 is taken as Windows-1252.
// Refused: an empty file, one above file_bytes_max, NUL characters, workbooks and PDFs, and bytes
// that the encoding taken does not have (with the line they stand in).
Read<DecodedText> decode_text(crypto::ByteView file);

}  // namespace throughgate::node
