#include "sync/purge_receipt.h"

#include <catch_amalgamated.hpp>

#include "sync/limits.h"
#include "tests/sync/every_bit.h"
#include "tests/sync/seeded_random.h"

using namespace throughgate;
using namespace throughgate::sync;
using namespace throughgate::sync::testing;

namespace {

PurgeReceipt sample(const crypto::SigningKey& key, crypto::Random& random) {
  PurgeReceipt receipt{DossierId::random(random),
                       NodeId::random(random),
                       random.bytes<32>(),
                       7,
                       2,
                       1'800'000'000'000,
                       {}};
  sign(receipt, key);
  return receipt;
}

}  // namespace

TEST_CASE("a purge receipt is 84 bytes and says the same again", "[purge]") {
  SeededRandom random(1);
  const auto key = crypto::SigningKey::generate(random);
  const auto receipt = sample(key, random);
  CHECK(receipt.encode().size() == 84);
  const auto again = decode_purge_receipt(receipt.encode(), receipt.signature);
  REQUIRE(again);
  CHECK(*again == receipt);
  CHECK(verify(*again, key.verify_key()));
}

TEST_CASE("every bit of a purge receipt is signed", "[purge]") {
  SeededRandom random(2);
  const auto key = crypto::SigningKey::generate(random);
  auto receipt = sample(key, random);
  auto bytes = receipt.encode();
  const auto holds = [&] {
    const auto read = decode_purge_receipt(bytes, receipt.signature);
    return read && verify(*read, key.verify_key());
  };
  check_every_bit(bytes, holds);
  check_every_bit(receipt.signature, holds);
}

TEST_CASE("a purge receipt of another size, of no place or beyond every time is refused",
          "[purge]") {
  SeededRandom random(3);
  const auto receipt = sample(crypto::SigningKey::generate(random), random);
  auto bytes = receipt.encode();
  const auto reads = [&] { return decode_purge_receipt(bytes, receipt.signature).has_value(); };
  REQUIRE(reads());
  SECTION("longer") { bytes.push_back(0); }
  SECTION("shorter") { bytes.pop_back(); }
  SECTION("of no place") { bytes[64] = 0; }
  SECTION("a place above the largest") { bytes[71] = 0x80; }
  SECTION("a time above the largest") { bytes[83] = 0x80; }
  CHECK_FALSE(reads());
}
