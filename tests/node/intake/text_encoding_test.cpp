#include "node/intake/text_encoding.h"

#include <catch_amalgamated.hpp>

using namespace throughgate;
using namespace throughgate::node;
using namespace std::string_view_literals;

namespace {

DecodedText must_decode(std::string_view bytes) {
  return std::get<DecodedText>(decode_text(crypto::as_bytes(bytes)));
}
bool is_refused(std::string_view bytes) {
  return std::holds_alternative<Refusal>(decode_text(crypto::as_bytes(bytes)));
}

}  // namespace

TEST_CASE("one name comes out of four encodings as the same text", "[encoding]") {
  CHECK(must_decode("José").text == "José");
  CHECK(must_decode("\xEF\xBB\xBFJosé").text == "José");
  CHECK(must_decode("Jos\xE9").text == "José");
  CHECK(must_decode("\xFF\xFEJ\0o\0s\0\xE9\0"sv).text == "José");
  CHECK(must_decode("\xFE\xFF\0J\0o\0s\0\xE9"sv).text == "José");
}

TEST_CASE("the encoding taken is told", "[encoding]") {
  CHECK(must_decode("José").encoding == TextEncoding::utf_8);
  CHECK(must_decode("Jos\xE9").encoding == TextEncoding::windows_1252);
  CHECK(must_decode("\xFF\xFEJ\0"sv).encoding == TextEncoding::utf_16_little_endian);
  CHECK(must_decode("\xFE\xFF\0J"sv).encoding == TextEncoding::utf_16_big_endian);
}

TEST_CASE("the quotes and dashes of Windows-1252 are its own, not those of Latin-1", "[encoding]") {
  CHECK(must_decode("O\x92Neill \x80 \x9C").text == "O’Neill € œ");
}

TEST_CASE("characters beyond the sixteenth bit survive UTF-16", "[encoding]") {
  CHECK(must_decode("\xFF\xFE\x35\xD8\xAE\xDC"sv).text == "𝒮");
}

TEST_CASE("half a character of UTF-16 is refused", "[encoding]") {
  CHECK(is_refused("\xFF\xFE\x35\xD8"sv));          // first half at the end
  CHECK(is_refused("\xFF\xFE\xAE\xDC\x41\x00"sv));  // second half first
  CHECK(is_refused("\xFF\xFE\x35\xD8\x41\x00"sv));  // first half, then a letter
  CHECK(is_refused("\xFF\xFE\x41"sv));              // an odd byte
}

TEST_CASE("NUL characters are refused in every encoding", "[encoding]") {
  CHECK(is_refused("a\0b"sv));
  CHECK(is_refused("\xEF\xBB\xBF\0"sv));
  CHECK(is_refused("\xFF\xFE\x41\x00\x00\x00"sv));
  CHECK(is_refused("\xFF\xFE\x00\x00\x41\x00\x00\x00"sv));  // UTF-32
}

TEST_CASE("files that are no text are refused by name", "[encoding]") {
  CHECK(is_refused(""));
  CHECK(is_refused("PK\x03\x04rest"));
  CHECK(is_refused("\xD0\xCF\x11\xE0rest"));
  CHECK(is_refused("%PDF-1.7"));
}

TEST_CASE("a file of the greatest size is read, one byte more is refused", "[encoding]") {
  const std::string greatest(file_bytes_max, 'a');
  CHECK(must_decode(greatest).text.size() == file_bytes_max);
  CHECK(is_refused(greatest + "a"));
}
