#include "crypto/content_key.h"

#include <catch_amalgamated.hpp>

#include "tests/crypto/example_bytes.h"

using namespace throughgate::crypto;

namespace {

constexpr auto draft_key = "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f";
constexpr auto draft_nonce = "404142434445464748494a4b4c4d4e4f5051525354555657";
const auto draft_aad = hex("50515253c0c1c2c3c4c5c6c7");
constexpr std::string_view draft_plain =
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
    "sunscreen would be it.";

ContentKey test_key() { return ContentKey(secret_of(draft_key)); }

}  // namespace

// Key, nonce, plain text and so the ciphertext are those of draft-irtf-cfrg-xchacha, A.3.1. Its
// associated data is shorter than a context, so the tag is another: computed with another
// implementation that gives the draft's own tag for the draft's own data.
TEST_CASE("sealed content is the XChaCha20-Poly1305 of the draft", "[content_key]") {
  ReplayedRandom random(draft_nonce);
  const auto sealed = test_key().seal("test content", draft_aad, as_bytes(draft_plain), random);
  CHECK(to_hex(sealed) ==
        "404142434445464748494a4b4c4d4e4f5051525354555657bd6d179d3e83d43b9576579493c0e939572a170025"
        "2bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c"
        "9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b"
        "13b52e43052a6d535e223a355932b50a5f494e");
  const auto plain = test_key().open("test content", draft_aad, sealed);
  REQUIRE(plain);
  CHECK(as_text(*plain) == draft_plain);
}

TEST_CASE("empty content seals and opens", "[content_key]") {
  ReplayedRandom random(draft_nonce);
  const auto sealed = test_key().seal("test content", {}, {}, random);
  CHECK(to_hex(sealed) ==
        "404142434445464748494a4b4c4d4e4f50515253545556572c0e590dd03cf3ee8514228ba34d7cea");
  CHECK(test_key().open("test content", {}, sealed) == Bytes{});
}

TEST_CASE("content opens only under the same key, context and header", "[content_key]") {
  SystemRandom random;
  const auto key = test_key();
  const auto sealed = key.seal("test content", draft_aad, as_bytes("a release date"), random);
  REQUIRE(key.open("test content", draft_aad, sealed));

  CHECK_FALSE(ContentKey::generate(random).open("test content", draft_aad, sealed));
  CHECK_FALSE(key.open("test envelope", draft_aad, sealed));
  CHECK_FALSE(key.open("test content", {}, sealed));
  for (std::size_t bit = 0; bit < 8 * draft_aad.size(); ++bit) {
    CAPTURE(bit);
    CHECK_FALSE(key.open("test content", with_bit_flipped(draft_aad, bit), sealed));
  }
}

TEST_CASE("sealed content with one bit flipped or a byte cut off is refused", "[content_key]") {
  SystemRandom random;
  const auto key = test_key();
  const auto sealed = key.seal("test content", draft_aad, as_bytes("a release date"), random);
  for (std::size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
    CAPTURE(bit);
    CHECK_FALSE(key.open("test content", draft_aad, with_bit_flipped(sealed, bit)));
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(key.open("test content", draft_aad, ByteView(sealed).first(size)));
  }
}

TEST_CASE("equal content is never sealed twice alike", "[content_key]") {
  SystemRandom random;
  CHECK(test_key().seal("test content", {}, {}, random) !=
        test_key().seal("test content", {}, {}, random));
}

TEST_CASE("padding goes up to the next 64 bytes and comes off again", "[content_key]") {
  for (std::size_t size = 0; size < 200; ++size) {
    CAPTURE(size);
    const Bytes plain(size, 0x80);  // looks like padding itself
    const Bytes padded = pad(plain);
    CHECK(padded.size() == (size / 64 + 1) * 64);
    const auto unpadded = unpad(padded);
    REQUIRE(unpadded);
    CHECK(std::ranges::equal(*unpadded, plain));
  }
  CHECK(to_hex(pad(hex("0102"))) == "010280" + std::string(122, '0'));
}

TEST_CASE("padding that is not valid is refused", "[content_key]") {
  CHECK_FALSE(unpad({}));
  CHECK_FALSE(unpad(Bytes(64, 0x00)));  // no end mark
  CHECK_FALSE(unpad(Bytes(64, 0x01)));  // something else at the end
  CHECK_FALSE(unpad(Bytes(63, 0x80)));  // not whole blocks
  CHECK_FALSE(unpad(Bytes(65, 0x80)));
  Bytes a_block_too_many(128, 0x00);
  a_block_too_many[63] = 0x80;
  CHECK_FALSE(unpad(a_block_too_many));
}
