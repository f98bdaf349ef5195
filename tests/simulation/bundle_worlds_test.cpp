// Everyday worlds in which whole bundles are carried about beside all else that happens.
#include <catch_amalgamated.hpp>
#include <string>
#include <vector>

#include "tests/simulation/world.h"

using namespace throughgate::simulation;

TEST_CASE("bundles brought in late, in part or twice break no rule, whatever else fails",
          "[simulation][bundle]") {
  WorldOptions options;
  options.bundles = true;
  WorldCounts total;
  std::vector<std::uint64_t> seeds{97, 107, 122};  // which were found wrong
  for (std::uint64_t seed = 1; seed <= 30; ++seed) seeds.push_back(seed);
  for (const auto seed : seeds) {
    World world(seed, options);
    const std::string wrong = in_words(world.run());
    CAPTURE(seed);
    CHECK(wrong == "");
    total += world.counts();
  }
  CHECK(total.bundles_taken >= 300);
  CHECK(total.placed_by_bundle >= 100);
}
