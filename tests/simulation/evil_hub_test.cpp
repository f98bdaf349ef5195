// Everyday worlds with a hub in bad hands.
#include <catch_amalgamated.hpp>
#include <string>

#include "tests/simulation/world.h"

using namespace throughgate::simulation;

TEST_CASE(
    "whatever a hub in bad hands says, nothing is lost or let in, and once it is honest all agree",
    "[simulation][evil]") {
  WorldOptions options;
  options.evil_hub = true;
  WorldCounts total;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    World world(seed, options);
    const std::string wrong = in_words(world.run());
    CAPTURE(seed);
    CHECK(wrong == "");
    total += world.counts();
  }
  CHECK(total.hub_splits >= 40);
  CHECK(total.thefts >= 10);
  for (const auto& lie : EvilHub::lies()) {
    CAPTURE(lie);
    // Keys are sealed to everybody at once, so hardly one is ever asked for.
    CHECK(total.lies[lie] >= (lie == "wishes withheld" ? 1 : 10));
  }
}
