#include "sync/root_list.h"

#include <catch_amalgamated.hpp>

#include "tests/sync/every_bit.h"
#include "tests/sync/root_holders.h"

using namespace throughgate;
using namespace throughgate::sync;
using namespace throughgate::sync::testing;

namespace {

ErrorKind refusal(const SignedRootList& list, const RootList* previous) {
  const auto done = check(list, previous);
  REQUIRE_FALSE(done);
  return done.error().kind;
}

bool reads(const RootList& list) {
  return decode_root_list(encode(SignedRootList{list, {}})).has_value();
}

}  // namespace

TEST_CASE("a root list is read as it was written", "[root]") {
  const RootHolders holders;
  const auto list = holders.by(holders.first(), {0, 2});
  const auto bytes = encode(list);
  CHECK(bytes.size() == 46 + 5 * 32 + 1 + 2 * 96);
  REQUIRE(decode_root_list(bytes));
  CHECK(*decode_root_list(bytes) == list);
  CHECK(encode(*decode_root_list(bytes)) == bytes);
}

TEST_CASE("as many root key holders as a list needs make it good, and any of them", "[root]") {
  const RootHolders holders;
  const auto first = holders.first();
  CHECK(check(holders.by(first, {0, 1}), nullptr));
  CHECK(check(holders.by(first, {2, 1}), nullptr));
  CHECK(check(holders.by(first, {0, 1, 2}), nullptr));
  CHECK(refusal(holders.by(first, {1}), nullptr) == ErrorKind::rejected);
  CHECK(refusal(holders.by(first, {}), nullptr) == ErrorKind::rejected);
  auto twice = holders.by(first, {1});
  twice.signatures.push_back(twice.signatures.front());  // counts once, whoever repeats it
  CHECK_FALSE(decode_root_list(encode(twice)));
}

TEST_CASE("a list is signed by enough holders of the one before and of its own", "[root]") {
  RootHolders holders;
  const auto first = holders.first();
  auto next = RootHolders::next(first);
  holders.roots.push_back(crypto::SigningKey::generate(holders.random));
  std::swap(holders.roots[0], holders.roots[3]);
  std::erase(next.roots, holders.roots[3].verify_key());  // the first holder's key was lost
  next.roots.push_back(holders.roots[0].verify_key());    // and has another now
  CHECK(check(holders.by(next, {1, 2}), &first));
  CHECK(check(holders.by(next, {0, 1, 3}), &first));                        // two of each
  CHECK(refusal(holders.by(next, {0, 1}), &first) == ErrorKind::rejected);  // one of the old
  CHECK(refusal(holders.by(next, {1, 3}), &first) == ErrorKind::rejected);  // one of the new
}

TEST_CASE("a list that needs more holders from now on needs them at once", "[root]") {
  const RootHolders holders;
  const auto first = holders.first();
  auto next = RootHolders::next(first);
  next.needed = 3;
  CHECK(refusal(holders.by(next, {0, 1}), &first) == ErrorKind::rejected);
  CHECK(check(holders.by(next, {0, 1, 2}), &first));
  next.needed = 1;  // and one that needs fewer is still signed by as many as before
  CHECK(refusal(holders.by(next, {0}), &first) == ErrorKind::rejected);
  CHECK(check(holders.by(next, {0, 2}), &first));
}

TEST_CASE("root lists are linear: an older one, a later one and one of another past are refused",
          "[root]") {
  const RootHolders holders;
  const auto first = holders.first();
  const auto second = RootHolders::next(first);
  CHECK(refusal(holders.by(first, {0, 1}), &first) == ErrorKind::stale);
  CHECK(refusal(holders.by(second, {0, 1}), nullptr) == ErrorKind::stale);
  CHECK(refusal(holders.by(RootHolders::next(second), {0, 1}), &first) == ErrorKind::stale);
  auto other = first;
  other.needed = 1;
  CHECK(refusal(holders.by(RootHolders::next(other), {0, 1}), &first) == ErrorKind::rejected);
}

TEST_CASE("a signature by anybody else, or that does not hold, spoils a root list", "[root]") {
  const RootHolders holders;
  auto list = holders.by(holders.first(), {0, 1});
  SECTION("by a stranger") { sign(list, holders.directory_key); }
  SECTION("over another list") {
    auto other = holders.first();
    other.needed = 1;
    const auto wrong = holders.by(other, {2});
    list.signatures.insert(list.signatures.end(), wrong.signatures.begin(), wrong.signatures.end());
  }
  CHECK_FALSE(quorum_of(list, nullptr));
  CHECK(refusal(list, nullptr) == ErrorKind::rejected);
}

TEST_CASE("every bit of a root list is checked", "[root]") {
  const RootHolders holders;
  const auto first = holders.first();
  auto bytes = encode(holders.by(RootHolders::next(first), {0, 1, 2}));
  check_every_bit(bytes, [&] {
    const auto read = decode_root_list(bytes);
    return read && check(*read, &first);
  });
}

TEST_CASE("a root list cut short or longer is refused", "[root]") {
  const RootHolders holders;
  const auto good = encode(holders.by(holders.first(), {0, 1}));
  for (std::size_t size = 0; size < good.size(); ++size) {
    CHECK_FALSE(decode_root_list(ByteView(good).first(size)));
  }
  auto longer = good;
  longer.push_back(0);
  CHECK_FALSE(decode_root_list(longer));
}

TEST_CASE("a root list that does not hold together is not read", "[root]") {
  const RootHolders holders;
  auto list = holders.first();
  CHECK(reads(list));
  SECTION("that nobody need sign") { list.needed = 0; }
  SECTION("that more than its holders must sign") { list.needed = 4; }
  SECTION("without holders") { list.roots.clear(); }
  SECTION("with a holder twice") { list.roots.push_back(list.roots.front()); }
  SECTION("without a directory key") { list.directory_keys.clear(); }
  SECTION("without a hub key") { list.hub_keys.clear(); }
  SECTION("of version 0") { list.version = 0; }
  SECTION("a first one that follows another") { list.previous[0] = 1; }
  SECTION("a second one that follows none") { list.version = 2; }
  SECTION("with too many holders") {
    RootHolders more;
    while (list.roots.size() <= root_keys_max) list.roots.push_back(more.random.bytes<32>());
  }
  SECTION("with too many directory keys") {
    RootHolders more;
    while (list.directory_keys.size() <= named_keys_max) {
      list.directory_keys.push_back(more.random.bytes<32>());
    }
  }
  CHECK_FALSE(reads(list));
}

TEST_CASE("a root list has one form: the order of its keys is given", "[root]") {
  const RootHolders holders;
  auto list = holders.first();
  const auto bytes = encode(list);
  std::swap(list.roots[0], list.roots[2]);
  CHECK(encode(list) == bytes);
  auto swapped = encode(SignedRootList{list, {}});
  std::swap_ranges(swapped.begin() + 44, swapped.begin() + 76, swapped.begin() + 76);
  CHECK_FALSE(decode_root_list(swapped));
}
