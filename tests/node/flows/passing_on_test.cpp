// Work for the exchange that goes there by way of somebody who has nothing to do with it.
#include <algorithm>
#include <catch_amalgamated.hpp>

#include "node/bundles/pass_on_waits.h"
#include "schema/wire.pb.h"
#include "tests/node/flows/passing_on.h"

namespace throughgate::node::testing {
namespace {

using sync::ErrorKind;
using sync::store::Fate;
using sync::store::UnitOfWork;

// Handed on from what is no hub of ours but stands before it: refuses some files, and counts all.
class BeforeHub final : public HubClient {
 public:
  explicit BeforeHub(HubClient& hub) : hub_(hub) {}
  sync::Result<crypto::Bytes> call(Endpoint endpoint, crypto::ByteView request) override {
    if (endpoint != Endpoint::carry) return hub_.call(endpoint, request);
    schema::CarryRequest read;
    REQUIRE(read.ParseFromArray(request.data(), static_cast<int>(request.size())));
    tried.push_back(read.file());
    if (read.file() == refused) return sync::Error{as, "No."};
    return hub_.call(endpoint, request);
  }
  std::vector<std::string> tried;
  std::string refused;
  ErrorKind as = ErrorKind::invalid;

 private:
  HubClient& hub_;
};

void withdraw_prison_at_hub(World& world) {
  schema::DirectoryBody body;
  body.add_revoked_nodes(sync::to_wire(world.prison.node->identity().node.view()));
  world.publish_at_hub(body);
}

}  // namespace

TEST_CASE("what a site without a network wrote arrives by way of anybody, and so does the answer",
          "[bundle][pass-on]") {
  World world;
  const auto id = shared_handover(world);
  CHECK(must(unsent_of(*world.prison.node)) > 0);
  for (const auto& file : for_hub(world.prison)) {
    CHECK(must(give(world.stranger, file)).waiting == 1);
  }
  CHECK(only_one(world.stranger).fate == Fate::waits);
  CHECK(only_one(world.stranger).made_by == "HMP Example, Office");
  CHECK(visit(world, world.stranger) == 1);
  CHECK(only_one(world.stranger).fate == Fate::taken);
  CHECK(only_one(world.stranger).bytes == 0);  // its work here is done
  world.sync(world.partner);
  CHECK(has_it(world.partner, id));

  const auto answers = answers_at(world.stranger);
  REQUIRE(answers.size() == 1);
  CHECK(take_all(world.prison, answers).own_placed > 0);
  CHECK(must(unsent_of(*world.prison.node)) == 0);
  // And once there is a network nothing is left to do.
  const auto counts = world.sync(world.prison).counts;
  CHECK(counts.received + counts.own_placed + counts.refused + counts.unsound == 0);
}

TEST_CASE("who has no answer yet hears by any other way that its work has arrived",
          "[bundle][pass-on]") {
  World world;
  shared_handover(world);
  must(give(world.stranger, for_hub(world.prison).at(0)));
  visit(world, world.stranger);
  CHECK(must(unsent_of(*world.prison.node)) > 0);  // kept until it is seen in its place
  world.sync(world.prison);
  CHECK(must(unsent_of(*world.prison.node)) == 0);
}

TEST_CASE("whoever passes a file on can open neither it nor the answer, and learns nothing",
          "[bundle][pass-on]") {
  World world;
  shared_handover(world);
  const auto file = for_hub(world.prison).at(0);
  const auto own = [&] {
    auto rows = everything_in(world.stranger);
    std::erase_if(rows, [](const std::string& row) {
      return row.starts_with("passed_on:") || row.starts_with("carried_answer:") ||
             row.starts_with("setting: 'cursor'");  // which counts what anybody brought
    });
    std::sort(rows.begin(), rows.end());
    return rows;
  };
  for (int i = 0; i < 2; ++i) visit(world, world.stranger);  // all that it is told is here
  const auto before = own();
  must(give(world.stranger, file));
  visit(world, world.stranger);
  std::vector<std::string> learned;
  const auto after = own();
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                      std::back_inserter(learned));
  CHECK(learned == std::vector<std::string>());
  CHECK(after.size() == before.size());
  auto sealed = answers_at(world.stranger);
  REQUIRE(sealed.size() == 1);
  sealed.push_back(file);
  const auto& self = world.stranger.node->identity();
  for (const auto& each : sealed) {
    const auto read = sync::read_bundle(each);
    REQUIRE(read.bundle);
    CHECK_FALSE(read.bundle->is_for(self.node.bytes));
    schema::Bundle content;
    CHECK(sync::open_bundle(*read.bundle, self.node.bytes, self.box_key, content) ==
          sync::BundleFault::not_for_us);
  }
}

TEST_CASE("the answer holds what became of that file, and nothing else", "[bundle][pass-on]") {
  World world;
  shared_handover(world);
  world.sync_all();  // of this one nothing is left to say
  const auto other = ready_handover(world);
  must(give(world.stranger, for_hub(world.prison).at(0)));
  visit(world, world.stranger);
  const auto read = sync::read_bundle(answers_at(world.stranger).at(0));
  REQUIRE(read.bundle);
  const auto& self = world.prison.node->identity();
  schema::Bundle content;
  REQUIRE_FALSE(sync::open_bundle(*read.bundle, self.node.bytes, self.box_key, content));
  std::set<std::string> named;
  for (const auto& each : content.dossiers()) named.insert(each.entries().dossier());
  CHECK(named == std::set{sync::to_wire(other.view())});
}

TEST_CASE("to pass on the same file a hundred times changes nothing", "[bundle][pass-on]") {
  World world;
  shared_handover(world);
  const auto file = for_hub(world.prison).at(0);
  must(give(world.stranger, file));
  for (int i = 0; i < 100; ++i) CHECK(must(give(world.stranger, file)).waiting == 1);
  visit(world, world.stranger);
  visit(world, world.stranger);
  const auto at_stranger = everything_in(world.stranger);
  const auto at_hub = rows_of_hub(world);
  SyncRound round(*world.stranger.node, world.hub());
  must(round.run());
  for (int i = 0; i < 100; ++i) {
    CHECK(must(give(world.stranger, file)).was_passed_on);
    CHECK(visit(world, world.stranger) == 0);
    CHECK(must(round.carry(file)).fate() == schema::CarryReply::TAKEN);
  }
  CHECK(everything_in(world.stranger) == at_stranger);
  CHECK(rows_of_hub(world) == at_hub);
}

TEST_CASE("what cannot be passed on is refused in words, and nothing of it is kept",
          "[bundle][pass-on]") {
  World world, elsewhere;
  shared_handover(world);
  shared_handover(elsewhere);
  const auto refused = [&](const crypto::Bytes& file, ErrorKind kind, const char* words) {
    const auto error = refusal(give(world.stranger, file));
    INFO(error.message);
    CHECK(error.kind == kind);
    CHECK(error.message.find(words) != std::string::npos);
    CHECK(must(passed_on_files(*world.stranger.node)).empty());
  };
  const auto file = for_hub(world.prison).at(0);
  refused({file.begin(), file.end() - 1}, ErrorKind::invalid, "copied only in part");
  auto changed = file;
  changed[changed.size() / 2] ^= 1;
  refused(changed, ErrorKind::rejected, "changed or damaged");
  sync::testing::SeededRandom random(8);
  sync::BundleLabel label;
  label.meant_for = sync::BundleFor::hub;
  label.maker = world.prison.node->identity().node.bytes;
  const auto key = crypto::SigningKey::generate(random);
  refused(must(sync::seal_bundle(label, {*sync::hub_as_reader(key.verify_key())}, {},
                                 world.prison.node->identity().signing_key, random)),
          ErrorKind::denied, "another exchange");
  const auto hub = *sync::hub_as_reader(world.hub_key().verify_key());
  refused(must(sync::seal_bundle(label, {hub}, {}, key, random)), ErrorKind::rejected,
          "not made by the computer that it names");
  label.maker.fill(7);
  refused(must(sync::seal_bundle(label, {hub}, {}, key, random)), ErrorKind::stale,
          "no central list");
  refused(heavy_file(world, world.prison, 3 << 20, 1), ErrorKind::invalid, "too large");
  schema::DirectoryBody body;
  body.add_revoked_nodes(sync::to_wire(world.prison.node->identity().node.view()));
  world.publish(body);
  refused(file, ErrorKind::denied, "withdrawn");
}

TEST_CASE("what the exchange refuses is said to whoever passed it on, and kept no longer",
          "[bundle][pass-on]") {
  World world;
  shared_handover(world);
  must(give(world.stranger, for_hub(world.prison).at(0)));
  withdraw_prison_at_hub(world);
  CHECK(visit(world, world.stranger) == 1);
  const auto file = only_one(world.stranger);
  CHECK(file.fate == Fate::refused);
  CHECK(file.said.find("withdrawn by the central team") != std::string::npos);
  CHECK(file.bytes == 0);
  CHECK(file.answers.empty());
}

TEST_CASE("where the exchange does not answer, a file waits a minute and goes with the next visit",
          "[bundle][pass-on]") {
  World world;
  shared_handover(world);
  must(give(world.stranger, for_hub(world.prison).at(0)));
  bool cut = true;
  world.listener = [&](HubClient::Endpoint endpoint, crypto::ByteView, crypto::Bytes& answer) {
    if (cut && endpoint == HubClient::Endpoint::carry) answer.assign(3, 0xFF);
  };
  CHECK(visit(world, world.stranger) == 0);
  CHECK(only_one(world.stranger).fate == Fate::waits);
  CHECK(only_one(world.stranger).bytes > 0);
  cut = false;
  CHECK(visit(world, world.stranger) == 0);  // it waits a minute first
  world.pass(first_wait_ms);
  CHECK(visit(world, world.stranger) == 1);
}

TEST_CASE("a file that gets an error does not keep those behind it from being passed on",
          "[bundle][pass-on]") {
  World world;
  sync::testing::SeededRandom random(6);
  std::vector<crypto::Bytes> files;
  for (int i = 0; i < 3; ++i) {
    files.push_back(file_with(world, world.prison, {}, random));
    must(give(world.stranger, files.back()));
  }
  BeforeHub hub(world.hub());
  hub.refused = sync::to_wire(files[0]);
  const auto pass = [&] {
    hub.tried.clear();
    world.pass(1000);
    SyncRound round(*world.stranger.node, hub);
    must(round.run());
    return must(pass_on(*world.stranger.node, round));
  };
  SECTION("one that cannot be sent is stepped over") {
    CHECK(pass() == 2);
    CHECK(hub.tried.size() == 3);
    CHECK(pass() == 0);
    CHECK(hub.tried.empty());
    world.pass(first_wait_ms);
    CHECK(pass() == 0);
    CHECK(hub.tried == std::vector{hub.refused});  // and offered again
  }
  SECTION("where nobody answers the rest waits, and the next visit begins with them") {
    hub.as = ErrorKind::unavailable;
    CHECK(pass() == 0);
    CHECK(hub.tried == std::vector{hub.refused});
    CHECK(pass() == 2);
    CHECK(hub.tried.size() == 2);
    world.pass(first_wait_ms);
    CHECK(pass() == 0);
    CHECK(hub.tried == std::vector{hub.refused});
  }
}

namespace {

// One file that the exchange never takes.
struct NeverTaken {
  World world;
  sync::testing::SeededRandom random{7};
  BeforeHub hub{world.hub()};

  NeverTaken() { give_one(); }
  void give_one() {
    const auto file = file_with(world, world.prison, {}, random);
    hub.refused = sync::to_wire(file);
    must(give(world.stranger, file));
  }
  bool is_tried() {
    hub.tried.clear();
    SyncRound round(*world.stranger.node, hub);
    must(round.run());
    must(pass_on(*world.stranger.node, round));
    return !hub.tried.empty();
  }
  std::uint64_t next_try_ms() { return only_one(world.stranger).next_try_ms; }
  std::uint64_t number() { return only_one(world.stranger).number; }
};

}  // namespace

TEST_CASE("a file that cannot be passed on waits twice as long after each try, a day at most",
          "[bundle][pass-on]") {
  NeverTaken at;
  CHECK(at.next_try_ms() == 0);
  std::uint64_t wait_ms = first_wait_ms;
  for (int i = 0; i < 14; ++i) {
    REQUIRE(at.is_tried());
    REQUIRE(at.next_try_ms() == at.world.now_ms + wait_ms);
    at.world.pass(wait_ms - 1);
    CHECK_FALSE(at.is_tried());
    at.world.pass(1);
    CHECK(at.next_try_ms() == 0);
    wait_ms = std::min(2 * wait_ms, longest_wait_ms);
  }
  CHECK(wait_ms == longest_wait_ms);
}

TEST_CASE("a file waits on whatever restarts, and no longer than its clock says",
          "[bundle][pass-on]") {
  NeverTaken at;
  REQUIRE(at.is_tried());
  at.world.pass(first_wait_ms);
  REQUIRE(at.is_tried());
  const auto next = at.next_try_ms();
  CHECK(next == at.world.now_ms + 2 * first_wait_ms);
  const auto file = only_one(at.world.stranger);
  UnitOfWork work(at.world.stranger.node->database(), sync::store::Purpose::reading);
  CHECK(PassOnWaits(work).next_try_ms(file, at.world.now_ms) == next);  // read anew
  must(work.commit());
  at.world.now_ms -= longest_wait_ms;  // the clock was put right
  CHECK(at.next_try_ms() == 0);
  CHECK(at.is_tried());
}

TEST_CASE("somebody who asks has a file that waits tried with the next visit",
          "[bundle][pass-on]") {
  NeverTaken at;
  for (int i = 0; i < 3; ++i) {
    REQUIRE(at.is_tried());
    at.world.now_ms = at.next_try_ms();
  }
  REQUIRE(at.is_tried());
  CHECK_FALSE(at.is_tried());
  must(try_now(*at.world.stranger.node, at.number()));
  CHECK(at.next_try_ms() == 0);
  CHECK(at.is_tried());
  CHECK(at.next_try_ms() == at.world.now_ms + first_wait_ms);
  CHECK(try_now(*at.world.stranger.node, 99).error().kind == ErrorKind::not_found);
  at.hub.refused.clear();
  must(try_now(*at.world.stranger.node, at.number()));
  CHECK(at.is_tried());
  CHECK(try_now(*at.world.stranger.node, at.number()).error().kind == ErrorKind::invalid);
}

TEST_CASE("a file does not wait for what one of its number did before it", "[bundle][pass-on]") {
  NeverTaken at;
  REQUIRE(at.is_tried());
  const auto number = at.number();
  must(give_up(*at.world.stranger.node, number));
  at.give_one();
  CHECK(at.number() == number);
  CHECK(at.next_try_ms() == 0);
  REQUIRE(at.is_tried());
  CHECK(at.next_try_ms() == at.world.now_ms + first_wait_ms);
}

TEST_CASE("an answer that is not the exchange's is not kept for anybody", "[bundle][pass-on]") {
  World world;
  shared_handover(world);
  must(give(world.stranger, for_hub(world.prison).at(0)));
  world.listener = [&](HubClient::Endpoint endpoint, crypto::ByteView, crypto::Bytes& answer) {
    if (endpoint != HubClient::Endpoint::carry) return;
    schema::CarryReply reply;
    REQUIRE(reply.ParseFromArray(answer.data(), static_cast<int>(answer.size())));
    reply.add_answer("anything");
    reply.add_answer(sync::to_wire(heavy_file(world, world.prison, 100, 2)));
    answer = crypto::Bytes(reply.ByteSizeLong());
    reply.SerializeToArray(answer.data(), static_cast<int>(answer.size()));
  };
  CHECK(visit(world, world.stranger) == 1);
  CHECK(answers_at(world.stranger).size() == 1);
}

TEST_CASE("a file for the exchange takes along what others gave to be passed on",
          "[bundle][pass-on]") {
  World world;
  const auto id = shared_handover(world);
  const auto given = for_hub(world.prison).at(0);
  must(give(world.stranger, given));
  const auto files = for_hub(world.stranger);
  REQUIRE(files.size() == 2);
  CHECK(files.back() == given);
  for (const auto& each : files) must(world.bring_to_hub(each));
  world.sync(world.partner);
  CHECK(has_it(world.partner, id));
  visit(world, world.stranger);  // and when there is a network again it is known there
  CHECK(only_one(world.stranger).fate == Fate::taken);
}

}  // namespace throughgate::node::testing
