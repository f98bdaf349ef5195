#include "crypto/box_key.h"

#include <catch_amalgamated.hpp>

#include "tests/crypto/example_bytes.h"

using namespace throughgate::crypto;

namespace {

constexpr auto alice = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
constexpr auto bob = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";

}  // namespace

TEST_CASE("a secret has the public key that RFC 7748 gives it", "[box_key]") {
  CHECK(to_hex(BoxKey(secret_of(alice)).public_key()) ==
        "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
  CHECK(to_hex(BoxKey(secret_of(bob)).public_key()) ==
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  CHECK(to_hex(BoxKey(secret_of(bob)).secret().view()) == bob);
}

TEST_CASE("what is sealed to a key, its owner opens and nobody else", "[box_key]") {
  const BoxKey owner(secret_of(bob));
  const auto sealed = seal_to(owner.public_key(), as_bytes("a dossier key"));
  CHECK(sealed.size() == 13 + sealed_box_overhead);

  const auto plain = owner.open(sealed);
  REQUIRE(plain);
  CHECK(as_text(*plain) == "a dossier key");
  CHECK_FALSE(BoxKey(secret_of(alice)).open(sealed));
}

TEST_CASE("an empty box opens as empty", "[box_key]") {
  const BoxKey owner(secret_of(bob));
  CHECK(owner.open(seal_to(owner.public_key(), {})) == Bytes{});
}

// Made by another implementation, with 01 02 03 ... 20 as the ephemeral secret.
TEST_CASE("a sealed box from elsewhere opens", "[box_key]") {
  const auto plain = BoxKey(secret_of(bob))
                         .open(hex("07a37cbc142093c8b755dc1b10e86cb426374ad16aa853ed0bdfc0b2b86d1c7"
                                   "c03be0a9dbd90f45df03caed5"
                                   "9452f4d5d7cbbc1227db8a41d195d34830"));
  REQUIRE(plain);
  CHECK(as_text(*plain) == "a dossier key");
}

TEST_CASE("a sealed box with one bit flipped or a byte cut off is refused", "[box_key]") {
  const BoxKey owner(secret_of(bob));
  const auto sealed = seal_to(owner.public_key(), as_bytes("a dossier key"));
  for (std::size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
    CAPTURE(bit);
    // Bit 255 of a point is no part of it: X25519 ignores it, but the nonce is a hash over it.
    CHECK_FALSE(owner.open(with_bit_flipped(sealed, bit)));
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(owner.open(ByteView(sealed).first(size)));
  }
}

TEST_CASE("nothing is sealed to a key of small order", "[box_key]") {
  CHECK(seal_to(BoxPublicKey{}, as_bytes("a dossier key")).empty());
  CHECK(seal_to(BoxPublicKey{1}, as_bytes("a dossier key")).empty());
}

TEST_CASE("a box sealed twice is never the same", "[box_key]") {
  const BoxKey owner(secret_of(bob));
  CHECK(seal_to(owner.public_key(), {}) != seal_to(owner.public_key(), {}));
}

TEST_CASE("a generated box key is the secret that was drawn", "[box_key]") {
  ReplayedRandom random(bob);
  CHECK(BoxKey::generate(random).public_key() == BoxKey(secret_of(bob)).public_key());
}
