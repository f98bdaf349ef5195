#include "sync/directory_snapshot.h"

#include <algorithm>
#include <catch_amalgamated.hpp>

#include "schema/directory.pb.h"
#include "tests/sync/every_bit.h"
#include "tests/sync/root_holders.h"

using namespace throughgate;
using namespace throughgate::sync;
using namespace throughgate::sync::testing;

namespace {

std::string text(ByteView bytes) { return std::string(crypto::as_text(bytes)); }

// A directory with something of everything, step by step under two root lists.
struct Told {
  RootHolders holders;
  crypto::SigningKey key = crypto::SigningKey::generate(holders.random);
  Anchor anchor = root_hash(holders.first());
  std::vector<Bytes> root_lists;
  std::vector<DirectoryStep> steps;
  Directory directory;

  Told() {
    schema::DirectoryBody body;
    for (const char* id : {"made-up-prison-1", "made-up-partner1"}) {
      auto& organisation = *body.add_organisations();
      organisation.set_id(id);
      organisation.set_name("Made Up");
      organisation.set_kind(id[8] == 'p' && id[9] == 'r' ? schema::DirectoryOrganisation::PRISON
                                                         : schema::DirectoryOrganisation::PARTNER);
      organisation.set_recovery_key(text(holders.random.bytes<32>()));
    }
    body.mutable_hub()->set_verify_key(text(holders.hub_key.verify_key()));
    body.mutable_hub()->set_instance(std::string(16, 'i'));
    body.mutable_policy()->set_minimum_program(1);
    take(body, holders.directory_key, encode(holders.by(holders.first(), {0, 1})));
    schema::DirectoryBody nodes;
    for (const char* id : {"made-up-node-one", "made-up-node-two"}) {
      auto& node = *nodes.add_nodes();
      node.set_id(id);
      node.set_organisation("made-up-prison-1");
      node.set_verify_key(text(holders.random.bytes<32>()));
      node.set_box_key(text(holders.random.bytes<32>()));
      node.set_label("Reception PC");
    }
    take(nodes, holders.directory_key);
    schema::DirectoryBody rest;
    rest.add_revoked_nodes("made-up-node-two");
    auto& why = *rest.add_revocations();
    why.set_node("made-up-node-two");
    why.set_reason(schema::NodeRevocation::STOLEN);
    why.set_suspect_since_ms(700);
    rest.add_erased_dossiers("made-up-dossier1");
    auto& agreement = *rest.add_agreements();
    agreement.set_id("made-up-agreemnt");
    agreement.set_from("made-up-prison-1");
    agreement.set_to("made-up-partner1");
    agreement.add_dossier_kinds(10);
    agreement.add_dossier_kinds(4);
    agreement.set_expires_at_ms(5000);
    auto next = RootHolders::next(holders.first());
    next.directory_keys = {key.verify_key()};
    take(rest, key, encode(holders.by(next, {1, 2})));
  }

  void take(const schema::DirectoryBody& body, const crypto::SigningKey& by,
            const Bytes& root_list = {}) {
    steps.push_back(directory.sign_next(body, 1000, 9000, by, root_list));
    REQUIRE(directory.apply(steps.back(), anchor));
    if (!root_list.empty()) root_lists.push_back(root_list);
  }
  Bytes snapshot() const { return sign_snapshot(directory, root_lists, key); }
};

}  // namespace

TEST_CASE("a newcomer comes to the same state by a snapshot as by every version", "[snapshot]") {
  Told told;
  const auto snapshot = told.snapshot();
  told.take({}, told.key);
  auto by_snapshot = read_snapshot(snapshot, told.anchor);
  REQUIRE(by_snapshot);
  CHECK(by_snapshot->version() == 3);
  REQUIRE(by_snapshot->apply(told.steps.back(), told.anchor));
  CHECK(by_snapshot->state() == told.directory.state());
  CHECK(by_snapshot->head() == told.directory.head());
  REQUIRE(by_snapshot->root());
  CHECK(*by_snapshot->root() == *told.directory.root());

  Directory by_steps;
  for (const auto& step : told.steps) REQUIRE(by_steps.apply(step, told.anchor));
  CHECK(by_steps.state() == by_snapshot->state());
  CHECK(by_snapshot->standing(*NodeId::from(crypto::as_bytes("made-up-node-two")), 2)->revoked ==
        false);
  CHECK(by_snapshot->standing(*NodeId::from(crypto::as_bytes("made-up-node-two")), 3)->revoked);
  CHECK(by_snapshot->last_revocation() == 3);
  CHECK(by_snapshot->node(*NodeId::from(crypto::as_bytes("made-up-node-two")))->suspect_since_ms ==
        700);
}

TEST_CASE("the state of a directory is read as it was written, and in no other form",
          "[snapshot]") {
  const Told told;
  const auto state = told.directory.state();
  const auto read = Directory::from_state(state, *told.directory.root());
  REQUIRE(read);
  CHECK(read->state() == state);
  for (std::size_t size = 0; size < state.size(); ++size) {
    CHECK_FALSE(Directory::from_state(ByteView(state).first(size), std::nullopt));
  }
  auto longer = state;
  longer.push_back(0);
  CHECK_FALSE(Directory::from_state(longer, std::nullopt));
  for (std::size_t bit = 0; bit < state.size() * 8; ++bit) {  // or it says something else
    auto altered = state;
    altered[bit / 8] = static_cast<std::uint8_t>(altered[bit / 8] ^ (1U << (bit % 8)));
    const auto other = Directory::from_state(altered, std::nullopt);
    CHECK((!other || other->state() == altered));
  }
}

TEST_CASE("every bit of a snapshot is checked", "[snapshot]") {
  const Told told;
  auto snapshot = told.snapshot();
  check_every_bit(snapshot, [&] { return read_snapshot(snapshot, told.anchor).has_value(); });
}

TEST_CASE("a snapshot that the newest root list does not stand behind is refused", "[snapshot]") {
  Told told;
  CHECK(read_snapshot(told.snapshot(), told.anchor));
  const auto refused = [&](const Bytes& snapshot, const Anchor& anchor) {
    const auto read = read_snapshot(snapshot, anchor);
    return !read && read.error().kind == ErrorKind::rejected;
  };
  // Signed by the key before, which the holders have replaced.
  CHECK(refused(sign_snapshot(told.directory, told.root_lists, told.holders.directory_key),
                told.anchor));
  CHECK(refused(told.snapshot(), root_hash(RootHolders(41).first())));
  CHECK(refused(sign_snapshot(told.directory, {}, told.key), told.anchor));
  CHECK(refused(sign_snapshot(told.directory, {told.root_lists[1]}, told.key), told.anchor));
  auto next = RootHolders::next(told.holders.first());
  next.directory_keys = {told.holders.hub_key.verify_key()};  // whom one holder alone would have
  CHECK(refused(
      sign_snapshot(told.directory, {told.root_lists[0], encode(told.holders.by(next, {0}))},
                    told.holders.hub_key),
      told.anchor));
}

TEST_CASE("a computer that was told of a list takes no snapshot of another, nor of a later one",
          "[snapshot]") {
  Told told;
  const auto third = told.snapshot();
  told.take({}, told.key);
  const auto fourth = told.snapshot();
  Anchor anchor = told.anchor;
  anchor.version = 3;
  anchor.head = head_of(told.steps[2]);
  CHECK(read_snapshot(third, anchor));
  CHECK_FALSE(read_snapshot(fourth, anchor));
  anchor.head[0] ^= 1;
  CHECK_FALSE(read_snapshot(third, anchor));
}

namespace {

// A state which the list never had, with the true head of that version.
Bytes forged(const Told& told, std::size_t version, const crypto::SigningKey& key) {
  Directory at;
  for (std::size_t i = 0; i < version; ++i) REQUIRE(at.apply(told.steps[i], told.anchor));
  auto state = at.state();
  const std::string label = "Reception PC";
  const auto found = std::search(state.begin(), state.end(), label.begin(), label.end());
  REQUIRE(found != state.end());
  *found = 'X';
  const auto other = Directory::from_state(state, told.holders.first());
  REQUIRE(other);
  CHECK(other->head() == head_of(told.steps[version - 1]));
  return sign_snapshot(*other, {told.root_lists[0]}, key);
}

}  // namespace

TEST_CASE("a key that the holders have replaced gives no newcomer a list to begin with",
          "[snapshot]") {
  Told told;  // version 3 names another key
  for (int i = 0; i < 2; ++i) told.take({}, told.key);
  Anchor anchor = told.anchor;
  anchor.version = 5;
  anchor.head = told.directory.head();
  const auto behind = [&](std::size_t version) {
    return std::vector<DirectoryStep>(told.steps.begin() + static_cast<std::ptrdiff_t>(version),
                                      told.steps.end());
  };
  for (const std::size_t version : {2u, 3u, 4u, 5u}) {
    CAPTURE(version);
    const auto snapshot = forged(told, version, told.holders.directory_key);
    CHECK(read_snapshot(snapshot, anchor));  // by itself nothing tells it from a true one
    CHECK_FALSE(begin_with(snapshot, behind(version), anchor));
    CHECK_FALSE(begin_with(snapshot, {}, anchor));
  }
}

TEST_CASE("a snapshot is begun with where the list that was told of follows it", "[snapshot]") {
  Told told;
  const auto snapshot = told.snapshot();
  Directory early;
  for (std::size_t i = 0; i < 2; ++i) REQUIRE(early.apply(told.steps[i], told.anchor));
  const auto old =
      sign_snapshot(early, {told.root_lists[0]}, told.holders.directory_key);  // a true one
  for (int i = 0; i < 2; ++i) told.take({}, told.key);
  Anchor anchor = told.anchor;
  anchor.version = 4;
  anchor.head = head_of(told.steps[3]);
  const std::vector<DirectoryStep> steps(told.steps.begin() + 3, told.steps.end());
  const auto begun = begin_with(snapshot, steps, anchor);
  REQUIRE(begun);
  CHECK(begun->state() == told.directory.state());
  CHECK(begin_with(snapshot, {}, anchor).error().kind == ErrorKind::stale);
  CHECK(begin_with(snapshot, {}, told.anchor));  // who was told of none, by an earlier program
  const std::vector<DirectoryStep> all(told.steps.begin() + 2, told.steps.end());
  CHECK(begin_with(old, all, anchor).error().kind == ErrorKind::stale);
  anchor.head[0] ^= 1;
  CHECK(begin_with(snapshot, steps, anchor).error().kind == ErrorKind::rejected);
  // What comes after the list that was told of may bring another root list.
  anchor.version = 2;
  anchor.head = head_of(told.steps[1]);
  Directory first;
  REQUIRE(first.apply(told.steps[0], told.anchor));
  const std::vector<DirectoryStep> since(told.steps.begin() + 1, told.steps.end());
  CHECK(begin_with(sign_snapshot(first, {told.root_lists[0]}, told.holders.directory_key), since,
                   anchor));
}
