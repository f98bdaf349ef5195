#include "crypto/bytes.h"

#include <catch_amalgamated.hpp>

using namespace throughgate::crypto;

TEST_CASE("hexadecimal goes there and back", "[bytes]") {
  const Bytes bytes{0x00, 0x7f, 0xff};
  CHECK(to_hex(bytes) == "007fff");
  CHECK(from_hex("007FfF") == bytes);
}

TEST_CASE("text that is not whole hexadecimal is refused", "[bytes]") {
  for (const char* text : {"0", "0g", "00 11", "00:11", "0x00"}) {
    CAPTURE(text);
    CHECK(from_hex(text) == std::nullopt);
  }
}
