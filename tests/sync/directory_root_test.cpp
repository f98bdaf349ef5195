// The directory under its root: whose signature counts, and from when.
#include <catch_amalgamated.hpp>

#include "schema/directory.pb.h"
#include "sync/directory.h"
#include "tests/sync/every_bit.h"
#include "tests/sync/root_holders.h"

using namespace throughgate;
using namespace throughgate::sync;
using namespace throughgate::sync::testing;

namespace {

struct RootedDesk {
  RootHolders holders;
  Directory directory;
  RootList root = holders.first();
  Anchor anchor = root_hash(root);

  DirectoryStep step(const crypto::SigningKey& key, const Bytes& root_list = {}) {
    return directory.sign_next({}, 1000, 9000, key, root_list);
  }
  Result<Done> apply(const DirectoryStep& step) { return directory.apply(step, anchor); }
  void begin() { REQUIRE(apply(step(holders.directory_key, encode(holders.by(root, {0, 1}))))); }
  // The holders name another directory key in the place of the first.
  crypto::SigningKey rotate() {
    auto fresh = crypto::SigningKey::generate(holders.random);
    auto next = RootHolders::next(root);
    next.directory_keys = {fresh.verify_key()};
    REQUIRE(apply(step(fresh, encode(holders.by(next, {1, 2})))));
    root = next;
    return fresh;
  }
  void refuse(const DirectoryStep& step) {
    const auto before = directory.head();
    const auto done = apply(step);
    REQUIRE_FALSE(done);
    CHECK(done.error().kind == ErrorKind::rejected);
    CHECK(directory.head() == before);
  }
};

}  // namespace

TEST_CASE("a directory is believed by the hash of root list 1", "[directory][root]") {
  RootedDesk desk;
  desk.begin();
  CHECK(desk.directory.version() == 1);
  REQUIRE(desk.directory.root());
  CHECK(*desk.directory.root() == desk.root);
  CHECK(desk.apply(desk.step(desk.holders.directory_key)));
  CHECK(*desk.directory.root() == desk.root);
}

TEST_CASE("a directory under another root is refused", "[directory][root]") {
  RootedDesk desk;
  RootedDesk other;
  other.holders = RootHolders(41);
  other.root = other.holders.first();
  desk.refuse(
      other.step(other.holders.directory_key, encode(other.holders.by(other.root, {0, 1}))));
  desk.refuse(desk.step(desk.holders.directory_key));  // nor does one without a root list begin it
}

TEST_CASE("a root list that too few holders have signed takes no place", "[directory][root]") {
  RootedDesk desk;
  desk.refuse(desk.step(desk.holders.directory_key, encode(desk.holders.by(desk.root, {0}))));
  desk.begin();
  auto next = RootHolders::next(desk.root);
  next.needed = 1;
  desk.refuse(desk.step(desk.holders.directory_key, encode(desk.holders.by(next, {0}))));
  CHECK(desk.apply(desk.step(desk.holders.directory_key, encode(desk.holders.by(next, {0, 2})))));
}

TEST_CASE("a lost or stolen directory key signs nothing once the holders have named another",
          "[directory][root]") {
  RootedDesk desk;
  desk.begin();
  const auto fresh = desk.rotate();
  desk.refuse(desk.step(desk.holders.directory_key));
  auto back = RootHolders::next(desk.root);  // nor can it bring itself back
  back.directory_keys = {desk.holders.directory_key.verify_key()};
  desk.refuse(desk.step(desk.holders.directory_key, encode(SignedRootList{back, {}})));
  CHECK(desk.apply(desk.step(fresh)));
  CHECK(desk.directory.version() == 3);
}

TEST_CASE("an older root list never comes back", "[directory][root]") {
  RootedDesk desk;
  desk.begin();
  const auto first = encode(desk.holders.by(desk.root, {0, 1}));
  const auto fresh = desk.rotate();
  desk.refuse(desk.step(fresh, first));
  desk.refuse(desk.step(desk.holders.directory_key, first));
}

TEST_CASE("a step that brings a root list is signed by a key that this list names",
          "[directory][root]") {
  RootedDesk desk;
  desk.begin();
  const auto stranger = crypto::SigningKey::generate(desk.holders.random);
  auto next = RootHolders::next(desk.root);
  next.directory_keys = {stranger.verify_key()};
  const auto signed_list = encode(desk.holders.by(next, {0, 1}));
  desk.refuse(desk.step(desk.holders.directory_key, signed_list));
  CHECK(desk.apply(desk.step(stranger, signed_list)));
}

TEST_CASE("the directory names only an exchange that the root list names", "[directory][root]") {
  RootedDesk desk;
  desk.begin();
  schema::DirectoryBody body;
  body.mutable_hub()->set_verify_key(std::string(32, 'k'));
  body.mutable_hub()->set_instance(std::string(16, 'i'));
  const auto& key = desk.holders.directory_key;
  desk.refuse(desk.directory.sign_next(body, 1, 2, key));
  const auto hub_key = desk.holders.hub_key.verify_key();
  body.mutable_hub()->set_verify_key(std::string(crypto::as_text(hub_key)));
  REQUIRE(desk.apply(desk.directory.sign_next(body, 1, 2, key)));
  auto next = RootHolders::next(desk.root);  // one that drops it comes with another exchange
  next.hub_keys = {crypto::SigningKey::generate(desk.holders.random).verify_key()};
  const auto signed_list = encode(desk.holders.by(next, {0, 1}));
  desk.refuse(desk.directory.sign_next({}, 1, 2, key, signed_list));
  body.mutable_hub()->set_verify_key(std::string(crypto::as_text(next.hub_keys[0])));
  CHECK(desk.apply(desk.directory.sign_next(body, 1, 2, key, signed_list)));
}

TEST_CASE("every bit of a step that brings a root list is checked", "[directory][root]") {
  RootedDesk desk;
  auto step = desk.step(desk.holders.directory_key, encode(desk.holders.by(desk.root, {0, 1})));
  CHECK(step.header.size() == 126);
  const auto applies = [&] {
    Directory fresh;
    return fresh.apply(step, desk.anchor).has_value();
  };
  check_every_bit(step.header, applies);
  check_every_bit(step.signature, applies);
  check_every_bit(step.root_list, applies);
  step.root_list.clear();
  CHECK_FALSE(applies());
}

TEST_CASE("a root list beside a step that does not name it is refused", "[directory][root]") {
  RootedDesk desk;
  desk.begin();
  auto step = desk.step(desk.holders.directory_key);
  step.root_list = encode(desk.holders.by(RootHolders::next(desk.root), {0, 1}));
  desk.refuse(step);
}

TEST_CASE(
    "a directory from before there were root lists takes one that its own key signs and that "
    "names this key alone",
    "[directory][root]") {
  RootedDesk desk;
  const auto& key = desk.holders.directory_key;
  desk.anchor = key.verify_key();
  REQUIRE(desk.apply(desk.step(key)));  // as it was
  CHECK(desk.directory.root() == nullptr);
  auto other = desk.root;
  const auto thief = crypto::SigningKey::generate(desk.holders.random);
  other.directory_keys = {thief.verify_key()};
  desk.refuse(desk.step(thief, encode(desk.holders.by(other, {0, 1}))));
  other.directory_keys.push_back(key.verify_key());
  std::sort(other.directory_keys.begin(), other.directory_keys.end());
  desk.refuse(desk.step(thief, encode(desk.holders.by(other, {0, 1}))));
  REQUIRE(desk.apply(desk.step(key, encode(desk.holders.by(desk.root, {0, 1})))));
  const auto fresh = desk.rotate();
  desk.refuse(desk.step(key));
  CHECK(desk.apply(desk.step(fresh)));
}

TEST_CASE("a step in a form of a newer program asks for an update", "[directory][root]") {
  RootedDesk desk;
  desk.begin();
  auto step = desk.step(desk.holders.directory_key);
  step.header[0] = 3;
  CHECK(desk.apply(step).error().kind == ErrorKind::newer);
}
