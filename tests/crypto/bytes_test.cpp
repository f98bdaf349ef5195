#include "crypto/bytes.h"

#include <catch_amalgamated.hpp>

using namespace throughgate::crypto;

TEST_CASE("hexadecimal goes there and back", "[bytes]") {
  const Bytes bytes{0x00, 0x7f, 0xff};
  CHECK(to_hex(bytes) == "007fff");
  CHECK(from_hex("007FfF") == bytes);
  CHECK(to_hex({}).empty());
  CHECK(from_hex("") == Bytes{});
}

TEST_CASE("text that is not whole hexadecimal is refused", "[bytes]") {
  for (const char* text : {"0", "0g", "00 11", "00:11", "0x00"}) {
    CAPTURE(text);
    CHECK(from_hex(text) == std::nullopt);
  }
}

TEST_CASE("bytes of equal length compare byte for byte, others never equal", "[bytes]") {
  const Bytes bytes{0x01, 0x02, 0x03};
  CHECK(equal_in_constant_time(bytes, Bytes{0x01, 0x02, 0x03}));
  CHECK(equal_in_constant_time({}, {}));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    Bytes other = bytes;
    other[at] = 0xff;
    CHECK_FALSE(equal_in_constant_time(bytes, other));
  }
  CHECK_FALSE(equal_in_constant_time(bytes, Bytes{0x01, 0x02}));
}

TEST_CASE("an array is made of exactly its number of bytes", "[bytes]") {
  CHECK(to_array<3>(Bytes{1, 2, 3}) == ByteArray<3>{1, 2, 3});
  CHECK_FALSE(to_array<3>(Bytes{1, 2}));
  CHECK_FALSE(to_array<3>(Bytes{1, 2, 3, 4}));
}
