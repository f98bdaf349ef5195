#include "node/root_key_file.h"

#include <catch_amalgamated.hpp>

#include "tests/node/test_sites.h"
#include "tests/sync/every_bit.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
using sync::ErrorKind;

namespace {

const crypto::SecretText password{std::string(good_password)};

}  // namespace

TEST_CASE("a root key opens with its password, and is the key that it was", "[root]") {
  SeededRandom random(1);
  const auto key = crypto::SigningKey::generate(random);
  const auto file = seal_root_key(key, password, cheap(), random);
  REQUIRE(file);
  CHECK(file->size() == root_key_file_bytes);
  const auto opened = open_root_key(*file, password);
  REQUIRE(opened);
  CHECK(opened->verify_key() == key.verify_key());
  const auto seed = key.seed();
  const auto found =
      std::search(file->begin(), file->end(), seed.view().begin(), seed.view().end());
  CHECK(found == file->end());
}

TEST_CASE("why a root key does not open is told apart", "[root]") {
  SeededRandom random(1);
  auto file = *seal_root_key(crypto::SigningKey::generate(random), password, cheap(), random);
  const auto kind = [&](crypto::ByteView bytes) {
    return open_root_key(bytes, password).error().kind;
  };
  CHECK(open_root_key(file, crypto::SecretText(std::string("plum lantern otter 8"))).error().kind ==
        ErrorKind::denied);
  CHECK(kind({}) == ErrorKind::invalid);
  CHECK(kind(crypto::as_bytes("a shopping list")) == ErrorKind::invalid);
  CHECK(kind(crypto::ByteView(file).first(100)) == ErrorKind::corrupt);
  auto newer = file;
  newer[8] = 2;
  CHECK(kind(newer) == ErrorKind::newer);
  file[100] ^= 1;
  CHECK(kind(file) == ErrorKind::corrupt);
}

TEST_CASE("every bit of a root key file is checked", "[root]") {
  SeededRandom random(1);
  auto file = *seal_root_key(crypto::SigningKey::generate(random), password, cheap(), random);
  sync::testing::check_every_bit(file, [&] { return open_root_key(file, password).has_value(); });
}
