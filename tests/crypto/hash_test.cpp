#include "crypto/hash.h"

#include <catch_amalgamated.hpp>

#include "crypto/hash_stream.h"
#include "tests/crypto/example_bytes.h"

using namespace throughgate::crypto;

namespace {

Bytes counting(std::size_t size) {  // 00 01 02 ...
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i);
  return bytes;
}

}  // namespace

// The BLAKE2b values below are those of Python's hashlib, another implementation of RFC 7693, over
// the context in its 16 bytes and then the message.
TEST_CASE("a hash is BLAKE2b-256 of the context and the message", "[hash]") {
  CHECK(to_hex(hash("test hash", {as_bytes("abc")})) ==
        "d0de515b7649a43877a6cec3e111ed53531d8d9cb8abee02532684db6800f3dc");
  CHECK(to_hex(hash("test hash", {})) ==
        "e3278fa6aa2669a4fa0e1a52f9eff185672249c469b29ffc9de09d0c481dd86b");

  Bytes past_many_blocks(1000);
  for (std::size_t i = 0; i < past_many_blocks.size(); ++i) {
    past_many_blocks[i] = static_cast<std::uint8_t>(i % 251);
  }
  CHECK(to_hex(hash("test hash", {past_many_blocks})) ==
        "6b998c6d29ea758005f2d551d807ce6d872819edfee0da0e072eb847a470c3b7");
}

TEST_CASE("a keyed hash is keyed BLAKE2b of 32 or 16 bytes", "[hash]") {
  CHECK(to_hex(keyed_hash(counting(64), "test hash", {as_bytes("abc")})) ==
        "4e915db4945982749ad8243522fb9b892d2edc51fdad2bbb0ee87baa7ee18d5d");
  CHECK(to_hex(keyed_hash(counting(16), "test hash", {as_bytes("abc")})) ==
        "648fcb9927ea6e77495bc9e1715862fb68f1ec7ecd1a6ee492861fe3291a3201");
  CHECK(to_hex(keyed_hash_128(counting(32), "test hash", {as_bytes("abc")})) ==
        "b7b9e022b0fe11cbc504f00da7e4cea0");
}

TEST_CASE("parts are hashed one after the other, empty ones too", "[hash]") {
  CHECK(hash("test hash", {as_bytes("a"), {}, as_bytes("bc")}) ==
        hash("test hash", {as_bytes("abc")}));
}

TEST_CASE("one message has another hash in another context or under another key", "[hash]") {
  const auto message = as_bytes("abc");
  CHECK(hash("test hash", {message}) != hash("test hash 2", {message}));
  CHECK(hash("test hash", {message}) != keyed_hash(counting(16), "test hash", {message}));
  CHECK(keyed_hash(counting(16), "test hash", {message}) !=
        keyed_hash(counting(17), "test hash", {message}));
}

TEST_CASE("SHA-256 gives the examples of FIPS 180-2", "[hash]") {
  CHECK(to_hex(sha256({})) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(to_hex(sha256(as_bytes("abc"))) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(to_hex(sha256(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))) ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST_CASE("what is hashed piece by piece comes to the hash of all of it", "[hash]") {
  const auto all = counting(1000);
  for (const std::size_t piece : {1u, 7u, 128u, 1000u}) {
    HashStream stream("test hash");
    for (std::size_t at = 0; at < all.size(); at += piece) {
      stream.add(ByteView(all).subspan(at, std::min(piece, all.size() - at)));
    }
    CHECK(stream.finish() == hash("test hash", {all}));
  }
  CHECK(HashStream("test hash").finish() == hash("test hash", {}));
}
