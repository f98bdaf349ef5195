// Everyday worlds. tools/simulate runs as many more as one likes; a seed that fails there becomes a
// test of its own before it is mended.
#include <catch_amalgamated.hpp>
#include <cstdio>

#include "tests/simulation/world.h"

using namespace throughgate::simulation;

namespace {

struct Played {
  std::uint64_t wrong = 0, power_cuts = 0, saves = 0, restores = 0;
};

Played play(std::uint64_t first, std::uint64_t count, const WorldOptions& options,
            bool report_findings) {
  Played played;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    World world(seed, options);
    const Findings findings = world.run();
    if (report_findings) {
      CAPTURE(seed, findings);
      CHECK(findings.empty());
    }
    played.wrong += findings.empty() ? 0 : 1;
    played.power_cuts += world.counts().power_cuts + world.counts().hub_power_cuts;
    played.saves += world.counts().saves;
    played.restores += world.counts().node_restores + world.counts().hub_restores;
  }
  return played;
}

}  // namespace

// SHARD is 0 or 1: two programs share the everyday seeds, one for each core.
TEST_CASE("nothing is lost, everybody agrees and no rule is broken, whatever fails",
          "[simulation]") {
  constexpr std::uint64_t worlds = 150;
  const Played played = play(1 + SHARD * worlds, worlds, {}, true);
  std::printf(
      "simulation: %d worlds, %llu saves, %llu power cuts, %llu disks and hubs put back, %llu "
      "wrong\n",
      static_cast<int>(worlds), static_cast<unsigned long long>(played.saves),
      static_cast<unsigned long long>(played.power_cuts),
      static_cast<unsigned long long>(played.restores),
      static_cast<unsigned long long>(played.wrong));
  CHECK(played.power_cuts >= 1500);
}
