#include "crypto/random.h"

#include <catch_amalgamated.hpp>
#include <set>

using namespace throughgate::crypto;

TEST_CASE("the system's random bytes fill all they are asked for and do not repeat", "[random]") {
  SystemRandom random;
  std::set<ByteArray<16>> drawn;
  ByteArray<16> any_bit{};
  for (int i = 0; i < 1000; ++i) {
    const auto bytes = random.bytes<16>();
    drawn.insert(bytes);
    for (std::size_t at = 0; at < bytes.size(); ++at) any_bit[at] |= bytes[at];
  }
  CHECK(drawn.size() == 1000);
  for (const auto bits : any_bit) CHECK(bits == 0xff);
}
