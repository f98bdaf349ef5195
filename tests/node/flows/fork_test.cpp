// That one computer wrote two changes for one place is believed on its own two signatures, never on
// the hub's word alone.
#include <catch_amalgamated.hpp>
#include <filesystem>

#include "tests/node/flows/waiting_change.h"

namespace throughgate::node::testing {
namespace {

using sync::store::NoticeKind;

constexpr sync::Ruling fork{sync::Outcome::fork, sync::Reason::none};

}  // namespace

TEST_CASE("a hub that says fork and does not prove it is not believed", "[sync][fork]") {
  WaitingChange at;
  const auto other = at.another_header();
  SECTION("nothing beside its word") { at.say(fork); }
  SECTION("the entry itself") { at.say(fork, at.waiting().header, at.waiting().signature); }
  SECTION("an earlier entry of the same stream") {
    at.say(fork, at.own[0].header, at.own[0].signature);
  }
  SECTION("a header that somebody else signed") {
    at.say(fork, other, at.signed_by(at.world.partner, other));
  }
  SECTION("a header with the entry's own signature") {
    at.say(fork, other, at.waiting().signature);
  }
  SECTION("no signature at all") { at.say(fork, other); }

  const auto report = at.world.sync(at.world.prison);
  CHECK(at.times_offered == 1);
  CHECK(report.counts.unsound == 1);
  CHECK(report.counts.refused == 0);
  CHECK(at.told(NoticeKind::forked) == 0);
  CHECK(at.is_to_be_sent());
  at.world.sync(at.world.prison);
  CHECK(at.times_offered == 2);  // once a round

  at.world.listener = nullptr;
  CHECK(at.world.sync(at.world.prison).counts.unsound == 0);
  at.world.sync(at.world.partner);
  CHECK_FALSE(at.is_to_be_sent());
  CHECK(at.name_at(at.world.partner) == "Sam Changed");
  CHECK(at.told(NoticeKind::forked) == 0);
}

TEST_CASE("a fork that its author's two signatures prove is believed, and told", "[sync][fork]") {
  WaitingChange at;
  const auto other = at.another_header();
  at.say(fork, other, at.signed_by(at.world.prison, other));
  const auto report = at.world.sync(at.world.prison);
  CHECK(report.counts.unsound == 0);
  CHECK(report.counts.refused == 1);
  CHECK(at.told(NoticeKind::forked) == 1);
  CHECK_FALSE(at.is_to_be_sent());
}

TEST_CASE("two computers that live on from one disk fork, are told, and lose nothing",
          "[sync][fork]") {
  WaitingChange at;
  World& world = at.world;
  const std::string store = world.store_path(world.prison), copy = store + ".copy";
  world.restart(world.prison, [&] { std::filesystem::copy_file(store, copy); });
  at.change("sender-name", "Sam First Half");
  world.sync(world.prison);
  world.restart(world.prison, [&] {
    std::filesystem::remove(store);
    std::filesystem::rename(copy, store);
  });
  at.change("release-area", "Made-Up Second Half");
  at.change("sender-telephone", "07700 900123");

  const auto report = world.sync(world.prison);
  CHECK(report.counts.unsound == 0);
  CHECK(at.told(NoticeKind::forked) == 1);
  world.sync_all(3);
  CHECK(at.told(NoticeKind::forked) == 1);
  for (const Site* site : {&world.prison, &world.partner}) {
    const auto held = must(read_case(*site->records, at.id));
    CHECK(held.text(schema::Handover::kSenderNameFieldNumber) == "Sam First Half");
    CHECK(held.text(schema::Handover::kReleaseAreaFieldNumber) == "Made-Up Second Half");
    CHECK(held.text(schema::Handover::kSenderTelephoneFieldNumber) == "+447700900123");
  }
}

}  // namespace throughgate::node::testing
