#include "crypto/signing_key.h"

#include <catch_amalgamated.hpp>

#include "tests/crypto/example_bytes.h"

using namespace throughgate::crypto;

namespace {

constexpr auto rfc_seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

SigningKey key_of(std::string_view seed) { return SigningKey(secret_of(seed)); }

}  // namespace

TEST_CASE("a seed has the public key that RFC 8032 gives it", "[signing_key]") {
  const auto [seed, public_key] = GENERATE(table<const char*, const char*>({
      {rfc_seed, "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"},
      {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
       "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"},
      {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
       "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"},
  }));
  CHECK(to_hex(key_of(seed).verify_key()) == public_key);
  CHECK(to_hex(key_of(seed).seed().view()) == seed);
}

// The message of RFC 8032's test "SHA(abc)" has 64 bytes: its first 16 serve as the context here.
TEST_CASE("a signature is the one that RFC 8032 gives", "[signing_key]") {
  constexpr Context context("\xdd\xaf\x35\xa1\x93\x61\x7a\xba\xcc\x41\x73\x49\xae\x20\x41\x31");
  const auto rest = hex(
      "12e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54c"
      "a49f");
  const auto expected = hex_array<64>(
      "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431"
      "e0303dca179c138ac17ad9bef1177331a704");

  const auto key = key_of("833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42");
  CHECK(to_hex(key.verify_key()) ==
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf");
  CHECK(key.sign(context, rest) == expected);
  CHECK(verify(key.verify_key(), context, rest, expected));
}

TEST_CASE("a signature over a context and a message is frozen", "[signing_key]") {
  const auto key = key_of(rfc_seed);
  CHECK(to_hex(key.sign("test entry", as_bytes("a handover"))) ==
        "b844e74112b9fa57939816226e2ae0cc582c34e12e964eadea1e520e778cf87301c1c36a4875d5e03668935431"
        "2e0e3d3b7296e42330ce8bc12d3455848ddf06");
  CHECK(to_hex(key.sign("test entry", {})) ==
        "2bd003e2dc60d16e73ca96a0fc06a5b3946139de307d4177e6135239d3a24268a92e17185044f425fb5a8e4e98"
        "71900132e004266d7bb52d47cf1f6e2c7a9401");
}

TEST_CASE("a signature, message or key with one bit flipped is refused", "[signing_key]") {
  const auto key = key_of(rfc_seed);
  const auto message = as_bytes("a handover");
  const auto signature = key.sign("test entry", message);
  REQUIRE(verify(key.verify_key(), "test entry", message, signature));

  const auto verified = [](ByteView public_key, ByteView text, ByteView by) {
    return verify(*to_array<32>(public_key), "test entry", text, *to_array<64>(by));
  };
  for (std::size_t bit = 0; bit < 8 * signature.size(); ++bit) {
    CAPTURE(bit);
    CHECK_FALSE(verified(key.verify_key(), message, with_bit_flipped(signature, bit)));
  }
  for (std::size_t bit = 0; bit < 8 * message.size(); ++bit) {
    CAPTURE(bit);
    CHECK_FALSE(verified(key.verify_key(), with_bit_flipped(message, bit), signature));
  }
  for (std::size_t bit = 0; bit < 8 * key.verify_key().size(); ++bit) {
    CAPTURE(bit);
    CHECK_FALSE(verified(with_bit_flipped(key.verify_key(), bit), message, signature));
  }
}

TEST_CASE("a signature made in one context does not pass in another", "[signing_key]") {
  const auto key = key_of(rfc_seed);
  const auto signature = key.sign("test entry", as_bytes("a handover"));
  CHECK_FALSE(verify(key.verify_key(), "test verdict", as_bytes("a handover"), signature));
}

// S + L is the same number to a careless verifier: one signature would have two forms.
TEST_CASE("the other form of the same signature is refused", "[signing_key]") {
  const auto other_form = hex_array<64>(
      "b844e74112b9fa57939816226e2ae0cc582c34e12e964eadea1e520e778cf873ee94b9c762d8e7380d058bf70f28"
      "ed513b7296e42330ce8bc12d3455848ddf16");
  CHECK_FALSE(
      verify(key_of(rfc_seed).verify_key(), "test entry", as_bytes("a handover"), other_form));
}

// Under the neutral point as key, R = neutral point and S = 0 satisfies the bare equation for every
// message.
TEST_CASE("a key of small order verifies nothing", "[signing_key]") {
  VerifyKey neutral{1};
  Signature anything{1};
  CHECK_FALSE(verify(neutral, "test entry", as_bytes("a handover"), anything));
}

TEST_CASE("a generated key is the seed that was drawn", "[signing_key]") {
  ReplayedRandom random(rfc_seed);
  CHECK(SigningKey::generate(random).verify_key() == key_of(rfc_seed).verify_key());
}
