// What a computer alone holds is told while it waits, and asked about before the computer goes.
#include <catch_amalgamated.hpp>

#include "node/bundles/import.h"
#include "node/bundles/passing_on.h"
#include "node/desk/revocations.h"
#include "node/unsent.h"
#include "sync/store/bundle_folder.h"
#include "tests/node/flows/bundle_stick.h"

namespace throughgate::node::testing {
namespace {

constexpr std::uint64_t day_ms = 24ull * 60 * 60 * 1000;

std::string warning_at(World& world, Site& site, std::int64_t days = 7) {
  return unsent_warning(must(unsent(*site.node)), world.now_ms, days);
}

}  // namespace

TEST_CASE("people are told once their work has not reached the exchange for so many days",
          "[unsent]") {
  World world;
  CHECK(must(unsent(*world.prison.node)).is_nothing());
  shared_handover(world);
  world.pass(7 * day_ms - 1);
  CHECK(warning_at(world, world.prison).empty());
  world.pass(1);
  CHECK(warning_at(world, world.prison).find("not reached the exchange, the oldest for 7 days") !=
        std::string::npos);
  CHECK(warning_at(world, world.prison, 8).empty());
  ready_handover(world);  // what is new hides nothing of what is old
  CHECK_FALSE(warning_at(world, world.prison).empty());
  world.sync(world.prison);
  CHECK(warning_at(world, world.prison).empty());
}

TEST_CASE("a clock that was set back tells nobody that their work waits for ever", "[unsent]") {
  World world;
  shared_handover(world);
  world.now_ms -= 400 * day_ms;
  CHECK(warning_at(world, world.prison).empty());
}

TEST_CASE("what is to be written again is work that only this computer holds", "[unsent]") {
  World world;
  shared_handover(world);
  const auto changes = must(unsent(*world.prison.node)).changes;
  {
    sync::store::UnitOfWork work(world.prison.node->database());
    work.run("UPDATE entry SET standing = 5 WHERE dsn IS NULL AND standing = 1");
    must(work.commit());
  }
  CHECK(must(unsent(*world.prison.node)).changes == changes);
  CHECK_FALSE(must(unsent(*world.prison.node)).is_nothing());
}

TEST_CASE("keys that others wait for are said before the computer that gave them goes",
          "[unsent]") {
  World world;
  shared_handover(world);
  world.sync_all();
  CHECK(must(unsent(*world.prison.node)).is_nothing());
  {  // as when the link was cut behind the last entry
    sync::store::UnitOfWork work(world.prison.node->database());
    work.run("UPDATE envelope_list SET unsent = 1");
    must(work.commit());
  }
  const auto left = must(unsent(*world.prison.node));
  CHECK((left.keys == 1 && left.changes == 0));
  CHECK_FALSE(left.is_nothing());
  REQUIRE(lost_with_this_computer(left).size() == 1);
  CHECK(lost_with_this_computer(left)[0].find("Keys to 1 record") != std::string::npos);
  world.sync_all();
  CHECK(must(unsent(*world.prison.node)).is_nothing());
}

TEST_CASE("all that a computer alone holds is said before it goes", "[unsent]") {
  World world;
  const auto lost = [&](Site& site) { return lost_with_this_computer(must(unsent(*site.node))); };
  CHECK(lost(world.prison).empty());
  shared_handover(world);
  REQUIRE(lost(world.prison).size() == 1);
  CHECK(lost(world.prison).front().find("not reached the exchange") != std::string::npos);
  Stick stick;
  for (const auto& file : stick.carry(world.prison, world.partner)) {
    must(take_bundle(*world.partner.node, must(sync::store::read_bundle_file(file))));
  }
  REQUIRE(lost(world.partner).size() == 1);
  CHECK(lost(world.partner).front().find("came by hand") != std::string::npos);
  const auto file = for_hub(world.prison).at(0);
  must(keep_to_pass_on(*world.stranger.node, *sync::read_bundle(file).bundle, file));
  REQUIRE(lost(world.stranger).size() == 1);
  CHECK(lost(world.stranger).front().find("to be passed on") != std::string::npos);
  world.sync_all();
  CHECK(lost(world.prison).empty());
  CHECK(lost(world.partner).empty());
}

TEST_CASE("a computer that is no longer used is withdrawn only once somebody has looked on it",
          "[unsent][revoke]") {
  using sync::RevocationReason;
  const auto refused =
      refusal(check_unsent_asked(RevocationReason::retired, UnsentThere::not_asked));
  CHECK(refused.kind == sync::ErrorKind::denied);
  CHECK(refused.message.find("retire-check") != std::string::npos);
  for (const auto answer : {UnsentThere::none, UnsentThere::given_up}) {
    CHECK(check_unsent_asked(RevocationReason::retired, answer));
  }
  // Whoever has it answers no questions, and each hour counts.
  for (const auto reason :
       {RevocationReason::stolen, RevocationReason::lost, RevocationReason::misused}) {
    CHECK(check_unsent_asked(reason, UnsentThere::not_asked));
  }
}

}  // namespace throughgate::node::testing
