#include "sync/erasure.h"

#include <catch_amalgamated.hpp>

#include "sync/limits.h"
#include "tests/sync/every_bit.h"
#include "tests/sync/seeded_random.h"

using namespace throughgate;
using namespace throughgate::sync;
using namespace throughgate::sync::testing;

namespace {

ErasureReceipt sample(const crypto::SigningKey& key, crypto::Random& random) {
  ErasureReceipt receipt{{WitnessKind::node, random.bytes<16>()}, 12, 1'800'000'000'000, {}};
  sign(receipt, key);
  return receipt;
}

}  // namespace

TEST_CASE("an erasure receipt is 33 bytes and says the same again", "[erasure]") {
  SeededRandom random(1);
  const auto key = crypto::SigningKey::generate(random);
  const auto receipt = sample(key, random);
  CHECK(receipt.encode().size() == 33);
  const auto again = decode_erasure_receipt(receipt.encode(), receipt.signature);
  REQUIRE(again);
  CHECK(*again == receipt);
  CHECK(verify(*again, key.verify_key()));
}

TEST_CASE("every bit of an erasure receipt is signed", "[erasure]") {
  SeededRandom random(2);
  const auto key = crypto::SigningKey::generate(random);
  auto receipt = sample(key, random);
  auto bytes = receipt.encode();
  const auto holds = [&] {
    const auto read = decode_erasure_receipt(bytes, receipt.signature);
    return read && verify(*read, key.verify_key());
  };
  check_every_bit(bytes, holds);
  check_every_bit(receipt.signature, holds);
}

TEST_CASE("an erasure receipt of another size or kind, or beyond every version, is refused",
          "[erasure]") {
  SeededRandom random(3);
  const auto receipt = sample(crypto::SigningKey::generate(random), random);
  auto bytes = receipt.encode();
  const auto reads = [&] { return decode_erasure_receipt(bytes, receipt.signature).has_value(); };
  REQUIRE(reads());
  SECTION("longer") { bytes.push_back(0); }
  SECTION("shorter") { bytes.pop_back(); }
  SECTION("kind 0") { bytes[0] = 0; }
  SECTION("kind 3") { bytes[0] = 3; }
  SECTION("a version above the largest") { bytes[24] = 0x40, bytes[17] = 1; }
  SECTION("a time above the largest") { bytes[32] = 0x80; }
  CHECK_FALSE(reads());
}
