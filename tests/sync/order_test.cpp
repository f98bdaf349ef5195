#include "sync/order.h"

#include <catch_amalgamated.hpp>

#include "sync/contexts.h"
#include "sync/wire_values.h"
#include "tests/sync/every_bit.h"
#include "tests/sync/seeded_random.h"

using namespace throughgate;
using namespace throughgate::sync;
using namespace throughgate::sync::testing;

namespace {

struct Hub {
  SeededRandom random{1};
  crypto::SigningKey key = crypto::SigningKey::generate(random);
  InstanceId instance = InstanceId::random(random);

  std::vector<Head> heads(std::size_t count) {
    std::vector<Head> out;
    for (std::size_t i = 0; i < count; ++i) {
      out.push_back({DossierId::random(random), i + 1, random.bytes<32>()});
    }
    return out;
  }
  SignedHeads sign(std::size_t count) { return sign_heads(heads(count), instance, 4, 99, key); }
};

// As the design says it, a level at a time, with nothing shared with the implementation.
Hash naive_root(const std::vector<Head>& heads) {
  std::vector<Hash> level;
  for (const auto& head : heads) {
    Bytes leaf(head.dossier.bytes.begin(), head.dossier.bytes.end());
    for (int i = 0; i < 8; ++i) leaf.push_back(static_cast<std::uint8_t>(head.dsn >> (8 * i)));
    leaf.insert(leaf.end(), head.chain.begin(), head.chain.end());
    level.push_back(crypto::hash(crypto::Context{"tg head leaf"}, {leaf}));
  }
  while (level.size() > 1) {
    std::vector<Hash> next;
    for (std::size_t i = 0; i < level.size(); i += 2) {
      if (i + 1 == level.size()) {
        next.push_back(level[i]);
      } else {
        next.push_back(crypto::hash(crypto::Context{"tg head node"}, {level[i], level[i + 1]}));
      }
    }
    level = next;
  }
  return level.empty() ? Hash{} : level[0];
}

}  // namespace

TEST_CASE("an order record is 56 bytes and says the same again", "[order]") {
  const OrderRecord record{7, Hash{1, 2}, 3, 1'800'000'000'000};
  CHECK(record.encode().size() == 56);
  CHECK(decode_order_record(record.encode()) == record);
  for (std::size_t size = 0; size < 56; ++size) {
    CHECK_FALSE(decode_order_record(ByteView(record.encode()).first(size)));
  }
  CHECK_FALSE(decode_order_record(Bytes(57)));
  CHECK_FALSE(decode_order_record(OrderRecord{0, {}, 1, 1}.encode()));
}

TEST_CASE("an order has no gap, and neither its directory nor its time goes back", "[order]") {
  const OrderRecord before{7, {}, 3, 1000};
  CHECK(follows({8, {}, 3, 1000}, before));
  CHECK(follows({8, {}, 4, 1001}, before));
  CHECK_FALSE(follows({7, {}, 3, 1000}, before));
  CHECK_FALSE(follows({9, {}, 3, 1000}, before));
  CHECK_FALSE(follows({8, {}, 2, 1000}, before));
  CHECK_FALSE(follows({8, {}, 3, 999}, before));
  CHECK(follows({1, {}, 0, 0}, std::nullopt));
  CHECK_FALSE(follows({2, {}, 0, 0}, std::nullopt));
  constexpr std::uint64_t last = std::uint64_t{1} << 62;  // what every store can hold
  CHECK(follows({8, {}, last, last}, before));
  CHECK_FALSE(follows({8, {}, last + 1, last}, before));
  CHECK_FALSE(follows({8, {}, last, last + 1}, before));
  CHECK_FALSE(follows({1, {}, 0, last + 1}, std::nullopt));
  auto head = to_wire(Head{DossierId{{1}}, last, {}});
  CHECK(from_wire(head));
  head.set_dsn(last + 1);
  CHECK_FALSE(from_wire(head));
}

TEST_CASE("a chain differs from its start on for another dossier, entry, place or order",
          "[order]") {
  const DossierId dossier{{1}};
  const Hash start = chain_start(dossier);
  CHECK(start == crypto::hash(crypto::Context{"tg chain start"}, {dossier.view()}));
  CHECK(start != chain_start({{2}}));
  const OrderRecord a{1, Hash{1}, 1, 1};
  const OrderRecord b{2, Hash{2}, 1, 1};
  CHECK(chain_next(chain_next(start, a), b) != chain_next(chain_next(start, b), a));
  Bytes bytes = a.encode();
  const Hash next = chain_next(start, a);
  check_every_bit(bytes, [&] {
    const auto record = decode_order_record(bytes);
    return record && chain_next(start, *record) == next;
  });
}

TEST_CASE("the heads of a reply verify together and each by itself, however many", "[order]") {
  Hub hub;
  for (std::size_t count = 0; count <= 70; ++count) {
    CAPTURE(count);
    const auto heads = hub.sign(count);
    CHECK(verify(heads, hub.key.verify_key()));
    CHECK(heads.root.root == naive_root(heads.heads));
    CHECK(heads.root.leaf_count == count);
    const auto alone = separate(heads);
    REQUIRE(alone.size() == count);
    std::size_t good = 0;
    for (const auto& head : alone) good += verify(head, hub.key.verify_key()) ? 1 : 0;
    CHECK(good == count);
  }
}

TEST_CASE("an odd last head rises unchanged", "[order]") {
  Hub hub;
  const auto alone = separate(hub.sign(5));
  CHECK(alone[4].path.size() == 1);
  CHECK(alone[0].path.size() == 3);
  CHECK(separate(hub.sign(1))[0].path.empty());
}

TEST_CASE("a head does not verify with anything of it changed", "[order]") {
  Hub hub;
  const auto alone = separate(hub.sign(7));
  SignedHead head = alone[2];
  const auto verifies = [&] { return verify(head, hub.key.verify_key()); };
  REQUIRE(verifies());
  SECTION("dsn") { ++head.head.dsn; }
  SECTION("dossier") { head.head.dossier = alone[3].head.dossier; }
  SECTION("chain") { head.head.chain[31] ^= 0x80; }
  SECTION("another head's path") { head.path = alone[4].path; }
  SECTION("a side swapped") { head.path[0].sibling_is_left = !head.path[0].sibling_is_left; }
  SECTION("a step left out") { head.path.pop_back(); }
  SECTION("a step added") { head.path.push_back({true, {}}); }
  SECTION("a sibling's bit") { head.path[1].sibling[0] ^= 1; }
  SECTION("instance") { head.root.instance.bytes[0] ^= 1; }
  SECTION("directory version") { ++head.root.directory_version; }
  SECTION("time") { ++head.root.hub_time_ms; }
  SECTION("leaf count") { ++head.root.leaf_count; }
  SECTION("root") { head.root.root[0] ^= 1; }
  SECTION("signature") { head.signature[63] ^= 1; }
  SECTION("a path longer than any") { head.path.resize(merkle_path_max + 1); }
  CHECK_FALSE(verifies());
}

TEST_CASE("every bit of a head, its path, its root and its signature is checked", "[order]") {
  Hub hub;
  SignedHead head = separate(hub.sign(7))[2];
  Bytes root = head.root.encode();
  const auto verifies = [&] {
    const auto decoded = decode_heads_root(root);
    if (!decoded) return false;
    head.root = *decoded;
    return verify(head, hub.key.verify_key());
  };
  check_every_bit(head.head.dossier.bytes, verifies);
  check_every_bit(bytes_of_number(head.head.dsn), verifies);
  check_every_bit(head.head.chain, verifies);
  REQUIRE(head.path.size() == 3);
  for (auto& step : head.path) check_every_bit(step.sibling, verifies);
  for (auto& step : head.path) {
    step.sibling_is_left = !step.sibling_is_left;
    CHECK_FALSE(verifies());
    step.sibling_is_left = !step.sibling_is_left;
  }
  check_every_bit(root, verifies);
  check_every_bit(head.signature, verifies);
}

TEST_CASE("every bit of the heads of a reply is checked", "[order]") {
  Hub hub;
  SignedHeads heads = hub.sign(3);
  const auto verifies = [&] { return verify(heads, hub.key.verify_key()); };
  for (auto& head : heads.heads) {
    check_every_bit(head.dossier.bytes, verifies);
    check_every_bit(bytes_of_number(head.dsn), verifies);
    check_every_bit(head.chain, verifies);
  }
  check_every_bit(heads.root.root, verifies);
  check_every_bit(heads.signature, verifies);
}

TEST_CASE("an inner node does not pass for a head", "[order]") {
  Hub hub;
  const auto heads = hub.sign(2);
  SignedHead forged = separate(heads)[0];
  forged.path.clear();
  forged.root.root = naive_root({forged.head});
  CHECK_FALSE(verify(forged, hub.key.verify_key()));  // its root was never signed
}

TEST_CASE("heads swapped, repeated or left out do not verify", "[order]") {
  Hub hub;
  SignedHeads heads = hub.sign(6);
  SECTION("swapped") { std::swap(heads.heads[1], heads.heads[2]); }
  SECTION("repeated") { heads.heads[1] = heads.heads[2]; }
  SECTION("left out") { heads.heads.pop_back(); }
  SECTION("added") { heads.heads.push_back(heads.heads.back()); }
  SECTION("another count") { heads.root.leaf_count = 5; }
  CHECK_FALSE(verify(heads, hub.key.verify_key()));
}

TEST_CASE("heads that a hub signed out of order, twice or miscounted do not verify", "[order]") {
  Hub hub;
  SignedHeads heads = hub.sign(6);
  const auto verifies_signed_again = [&] {
    heads.root.root = naive_root(heads.heads);
    heads.signature = hub.key.sign(crypto::Context{"tg heads sign"}, heads.root.encode());
    return verify(heads, hub.key.verify_key());
  };
  REQUIRE(verifies_signed_again());
  SECTION("out of order") { std::swap(heads.heads[1], heads.heads[2]); }
  SECTION("one dossier twice") { heads.heads[1].dossier = heads.heads[2].dossier; }
  SECTION("miscounted") { heads.root.leaf_count = 5; }
  CHECK_FALSE(verifies_signed_again());
}

TEST_CASE("a path longer than any tree is refused, however well signed", "[order]") {
  Hub hub;
  SignedHead head = separate(hub.sign(1))[0];
  Hash top = naive_root({head.head});
  const auto verifies_with_one_more_step = [&] {
    head.path.push_back({true, Hash{}});
    top = crypto::hash(crypto::Context{"tg head node"}, {Hash{}, top});
    head.root.root = top;
    head.signature = hub.key.sign(crypto::Context{"tg heads sign"}, head.root.encode());
    return verify(head, hub.key.verify_key());
  };
  for (std::size_t step = 0; step < merkle_path_max; ++step) CHECK(verifies_with_one_more_step());
  CHECK_FALSE(verifies_with_one_more_step());
}

TEST_CASE("heads signed by another hub do not verify", "[order]") {
  Hub hub;
  const auto other = crypto::SigningKey::generate(hub.random);
  CHECK_FALSE(verify(hub.sign(3), other.verify_key()));
}

TEST_CASE("heads are sorted before they are signed", "[order]") {
  Hub hub;
  auto heads = hub.heads(9);
  std::reverse(heads.begin(), heads.end());
  const auto a = sign_heads(heads, hub.instance, 1, 1, hub.key);
  std::reverse(heads.begin(), heads.end());
  CHECK(a.heads == sign_heads(heads, hub.instance, 1, 1, hub.key).heads);
  CHECK(std::is_sorted(a.heads.begin(), a.heads.end(),
                       [](const Head& x, const Head& y) { return x.dossier < y.dossier; }));
}

TEST_CASE("a heads root is 68 bytes and says the same again", "[order]") {
  Hub hub;
  const auto root = hub.sign(3).root;
  CHECK(root.encode().size() == 68);
  CHECK(decode_heads_root(root.encode()) == root);
  CHECK_FALSE(decode_heads_root(Bytes(67)));
  CHECK_FALSE(decode_heads_root(Bytes(69)));
}
