#include "crypto/signing_box.h"

#include <catch_amalgamated.hpp>

#include "crypto/random.h"

using namespace throughgate::crypto;

TEST_CASE("what is sealed to a signing key opens with its secret, and with no other",
          "[signing_box]") {
  SystemRandom random;
  const auto key = SigningKey::generate(random);
  const auto other = SigningKey::generate(random);
  const Bytes plain{1, 2, 3};
  const auto to = box_key_of(key.verify_key());
  REQUIRE(to);
  const Bytes sealed = seal_to(*to, plain);
  CHECK(box_key_of(key).open(sealed) == plain);
  CHECK_FALSE(box_key_of(other).open(sealed));
}

TEST_CASE("both sides of a signing key come to the same sealing key", "[signing_box]") {
  SystemRandom random;
  const auto key = SigningKey::generate(random);
  CHECK(box_key_of(key).public_key() == box_key_of(key.verify_key()));
}

TEST_CASE("nothing is sealed to bytes that are no signing key", "[signing_box]") {
  CHECK_FALSE(box_key_of(VerifyKey{}));
  VerifyKey small_order{};
  small_order[0] = 1;
  CHECK_FALSE(box_key_of(small_order));
}
