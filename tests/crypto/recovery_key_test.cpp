#include "crypto/recovery_key.h"

#include <catch_amalgamated.hpp>

#include "tests/crypto/example_bytes.h"

using namespace throughgate::crypto;

namespace {

const std::string frozen_words =
    "frozen flame buzz setup post certain travel copper merit bright admit smoke victory sudden "
    "pig "
    "seek report trophy armor bind lend settle lonely lend";

}  // namespace

TEST_CASE("a recovery sheet opens what was sealed to its organisation", "[recovery_key]") {
  SystemRandom random;
  const auto made = BoxKey::generate(random);
  const auto sealed = seal_to(made.public_key(), as_bytes("a dossier key"));

  const auto typed = recovery_key_from_words(recovery_words(made).view());
  REQUIRE(typed);
  CHECK(typed->public_key() == made.public_key());
  CHECK(typed->open(sealed));
}

TEST_CASE("a recovery sheet printed long ago still gives the same key", "[recovery_key]") {
  const auto typed = recovery_key_from_words(frozen_words);
  REQUIRE(typed);
  CHECK(to_hex(typed->secret().view()) ==
        "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
  CHECK(to_hex(typed->public_key()) ==
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
}

// By another library: BLAKE2b of Python's hashlib, Ed25519 of OpenSSL.
TEST_CASE("a recovery sheet printed long ago still signs with the same key", "[recovery_key]") {
  const auto typed = recovery_key_from_words(frozen_words);
  REQUIRE(typed);
  CHECK(to_hex(sheet_signing_key(*typed).verify_key()) ==
        "785f87444ca9a94c04582785687b2c6d84d473469a0b8e7d42d088676f5b4f99");
}

TEST_CASE("words that are not a recovery sheet give no key", "[recovery_key]") {
  CHECK_FALSE(recovery_key_from_words("frozen flame buzz"));
}
