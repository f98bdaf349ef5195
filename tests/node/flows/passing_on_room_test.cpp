// Room for what others gave to be passed on: how much, for how long, and how it is made.
#include <catch_amalgamated.hpp>

#include "sync/store/bundle_folder.h"
#include "tests/node/flows/passing_on.h"

namespace throughgate::node::testing {
namespace {

using sync::ErrorKind;
using sync::store::Fate;
using sync::store::UnitOfWork;

constexpr std::uint64_t day_ms = 24ull * 60 * 60 * 1000;

// A hub that answers all but what is passed on.
class TakesNothing final : public HubClient {
 public:
  explicit TakesNothing(HubClient& hub) : hub_(hub) {}
  sync::Result<crypto::Bytes> call(Endpoint endpoint, crypto::ByteView request) override {
    if (endpoint == Endpoint::carry) return sync::Error{ErrorKind::unavailable, "No answer."};
    return hub_.call(endpoint, request);
  }

 private:
  HubClient& hub_;
};

// On each of which the site's computer is used, and passes nothing on.
void pass_days(World& world, Site& site, std::uint64_t days) {
  TakesNothing hub(world.hub());
  for (std::uint64_t i = 0; i < days; ++i) {
    world.pass(day_ms);
    SyncRound round(*site.node, hub);
    must(round.run());
    must(pass_on(*site.node, round));
  }
}

}  // namespace

TEST_CASE("files of others are kept up to so many bytes, and for so many days",
          "[bundle][pass-on]") {
  World world;
  std::uint64_t seed = 100;
  const auto another = [&] { return heavy_file(world, world.prison, 1'000'000, ++seed); };
  std::size_t kept = 0;
  for (; kept < 100; ++kept) {
    const auto given = give(world.stranger, another());
    if (given) continue;
    CHECK(given.error().kind == ErrorKind::unavailable);
    CHECK(given.error().message.find("64 MB") != std::string::npos);
    CHECK(given.error().message.find("give up the oldest") != std::string::npos);
    break;
  }
  CHECK(kept == 61);  // of a little over 1 MB each
  CHECK(must(bytes_for_others(*world.stranger.node)) > 63'000'000);

  must(give(world.partner, heavy_file(world, world.prison, 100, ++seed)));
  pass_days(world, world.partner, passed_on_days - 1);
  CHECK(only_one(world.partner).days_left == 1);
  pass_days(world, world.partner, 1);
  CHECK(must(passed_on_files(*world.partner.node)).empty());
}

TEST_CASE("a clock that was wrong neither removes what waits nor keeps it for ever",
          "[bundle][pass-on]") {
  const auto year_ms = 365 * day_ms;
  for (const std::uint64_t begun : {std::uint64_t{1}, 56 * year_ms, 130 * year_ms}) {
    World world;
    const auto right = world.now_ms;
    world.now_ms = begun;
    must(give(world.stranger, heavy_file(world, world.prison, 100, 1)));
    world.now_ms = right;
    must(give(world.stranger, heavy_file(world, world.prison, 100, 2)));
    for (const auto wrong : {std::uint64_t{1}, right + 73 * year_ms, right}) {
      world.now_ms = wrong;
      must(give(world.stranger, heavy_file(world, world.prison, 100, 2)));
      const auto files = must(passed_on_files(*world.stranger.node));
      CHECK(files.size() == 2);
      for (const auto& each : files) CHECK(each.days_left >= 27);
    }
    pass_days(world, world.stranger, passed_on_days);
    CHECK(must(passed_on_files(*world.stranger.node)).empty());
  }
}

TEST_CASE("what was not tried yet goes first, whatever the clock says", "[bundle][pass-on]") {
  World world;
  must(give(world.stranger, heavy_file(world, world.prison, 100, 1)));
  must(give(world.stranger, heavy_file(world, world.prison, 100, 2)));
  const auto tried = [&](std::uint64_t at) {
    world.now_ms = at;
    UnitOfWork work(world.stranger.node->database());
    sync::store::PassedOnTable(work).note_fate(at % 2 + 1, Fate::waits, "", at);
    must(work.commit());
    return must(passed_on_file(*world.stranger.node, at % 2 + 1)).tried;
  };
  CHECK(tried(10'000'000'000'001) == 1);
  CHECK(tried(2) == 2);
  CHECK(tried(3) == 3);
}

TEST_CASE("a file that waits can be given up, and loses nothing but time", "[bundle][pass-on]") {
  World world;
  const auto id = shared_handover(world);
  Stick stick;  // what the partner wrote goes the same way, by the prison
  world.sync_all(3);
  const auto open = must(world.partner.records->open({id, {}, 110}));
  must(world.partner.records->set_fields(open, {{"meeting-place", "Side gate"}}, world.partner.by));
  for (const auto& file : stick.carry(world.partner, world.prison)) {
    must(take_bundle(*world.prison.node, must(sync::store::read_bundle_file(file))));
  }
  const auto own = must(world.prison.records->open({id, {}, 110}));
  must(world.prison.records->set_fields(own, {{"meeting-time", "08:30"}}, world.prison.by));
  must(give(world.stranger, for_hub(world.prison).at(0)));
  CHECK(refusal(give_up(*world.stranger.node, 7)).kind == ErrorKind::not_found);
  const auto words = meaning_of_giving_up(only_one(world.stranger));
  CHECK(words.at(1).find("Nothing but time is lost") != std::string::npos);
  CHECK(words.at(2).find("has been lost or its store was put back") != std::string::npos);
  must(give_up(*world.stranger.node, 1));
  CHECK(must(passed_on_files(*world.stranger.node)).empty());
  CHECK(visit(world, world.stranger) == 0);
  CHECK(must(unsent_of(*world.prison.node)) > 0);

  must(give(world.stranger, for_hub(world.prison).at(0)));  // its maker still has all of it
  CHECK(visit(world, world.stranger) == 1);
  take_all(world.prison, answers_at(world.stranger));
  CHECK(must(unsent_of(*world.prison.node)) == 0);
  CHECK(refusal(give_up(*world.stranger.node, only_one(world.stranger).number)).kind ==
        ErrorKind::invalid);  // it does not wait any more
}

TEST_CASE("an answer that was brought back makes room, and its file stays known",
          "[bundle][pass-on]") {
  World world;
  shared_handover(world);
  const auto file = for_hub(world.prison).at(0);
  must(give(world.stranger, file));
  auto& node = *world.stranger.node;
  CHECK(refusal(note_brought_back(node, 1)).kind == ErrorKind::not_found);  // no answer yet
  visit(world, world.stranger);
  REQUIRE(answers_at(world.stranger).size() == 1);
  CHECK(must(bytes_for_others(node)) > 0);
  must(note_brought_back(node, 1));
  CHECK(answers_at(world.stranger).empty());
  CHECK(must(bytes_for_others(node)) == 0);
  CHECK(must(give(world.stranger, file)).was_passed_on);
  CHECK(refusal(note_brought_back(node, 1)).kind == ErrorKind::not_found);
}

TEST_CASE("a file too large for any site to pass on is said to be so", "[bundle][pass-on]") {
  using sync::BundleFor;
  CHECK(too_large_to_pass_on(BundleFor::hub, sync::bundle_passed_on_max).empty());
  CHECK(too_large_to_pass_on(BundleFor::nodes, sync::bundle_passed_on_max + 1).empty());
  CHECK(too_large_to_pass_on(BundleFor::hub, sync::bundle_passed_on_max + 1)
            .find("Have it brought to whoever looks after the exchange") != std::string::npos);
}

}  // namespace throughgate::node::testing
