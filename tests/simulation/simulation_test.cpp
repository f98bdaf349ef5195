// Everyday worlds. tools/simulate runs as many more as one likes; a seed that fails there becomes a
// test of its own before it is mended.
#include <catch_amalgamated.hpp>
#include <cstdio>
#include <string>

#include "tests/simulation/world.h"

using namespace throughgate::simulation;

// SHARD is 0 or 1: two programs share the everyday seeds, one for each core.
TEST_CASE("nothing is lost, everybody agrees and no rule is broken, whatever fails",
          "[simulation]") {
  constexpr std::uint64_t worlds = 150;
  constexpr std::uint64_t first = 1 + SHARD * worlds;
  WorldCounts total;
  for (std::uint64_t seed = first; seed < first + worlds; ++seed) {
    World world(seed, {});
    const std::string wrong = in_words(world.run());
    CAPTURE(seed);
    CHECK(wrong == "");
    total += world.counts();
  }
  const auto power_cuts = total.power_cuts + total.hub_power_cuts;
  std::printf("simulation: %d worlds, %llu saves, %llu power cuts\n", static_cast<int>(worlds),
              static_cast<unsigned long long>(total.saves),
              static_cast<unsigned long long>(power_cuts));
  // Half each of what both must reach.
  CHECK(power_cuts >= 1500);
  for (const auto& name : what_must_be_reached()) {
    CAPTURE(name);
    CHECK(total.reached[name] >= 50);
  }
}
