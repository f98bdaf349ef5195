// Runs worlds from seeds and says what happened. usage: simulate --seeds N [--first-seed S]
// [--steps K]
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

#include "crypto/init.h"
#include "tests/simulation/two_programs.h"
#include "tests/simulation/world.h"

using throughgate::simulation::Findings;
using throughgate::simulation::what_there_is;
using throughgate::simulation::World;
using throughgate::simulation::WorldCounts;
using throughgate::simulation::WorldOptions;

namespace {

void print(const char* what, std::uint64_t n) {
  std::printf("%9llu  %s\n", static_cast<unsigned long long>(n), what);
}

void print(WorldCounts counts) {
  print("saves acknowledged", counts.saves);
  print("saves refused", counts.saves_refused);
  print("syncs", counts.syncs);
  print("syncs cut off", counts.syncs_cut);
  print("power cuts at nodes", counts.power_cuts);
  print("power cuts at the hub", counts.hub_power_cuts);
  print("nodes put back from old copies", counts.node_restores);
  print("hubs put back from old copies", counts.hub_restores);
  print("of these, told to nobody", counts.quiet_rollbacks);
  print("hubs split in two", counts.hub_splits);
  print("machines cloned", counts.clones);
  print("entries carried by hand", counts.carried_by_hand);
  print("bundles brought in", counts.bundles_taken);
  print("places given by bundles", counts.placed_by_bundle);
  print("changes of members", counts.membership_changes);
  print("redactions", counts.redactions);
  print("records erased", counts.erasures);
  print("hubs lost with all their copies", counts.hubs_lost);
  print("machines stolen", counts.thefts);
  print("programs updated", counts.updates);
  print("entries that an older program cannot read", counts.written_by_newer);
  print("bits flipped in what there is at the end", counts.bits_flipped);
  print("machines whose idle syncs were measured", counts.idle_syncs);
  print("records brought up to date by files alone", counts.caught_up_by_bundle);
  print("places given", counts.entries_accepted);
  print("entries taken back", counts.taken_back);
  print("entries lost with a disk that was put back", counts.lost_with_disks);
  print("calls lost", counts.links.lost);
  print("calls repeated", counts.links.repeated);
  print("old calls replayed", counts.links.replayed);
  print("bits altered on their way", counts.links.garbled);
  for (const auto& [name, n] : counts.lies) print(("lie: " + name).c_str(), n);
  for (const auto& name : what_there_is()) counts.reached.try_emplace(name, 0);
  for (const auto& [name, n] : counts.reached) print(name.c_str(), n);
}

// How many worlds ended with nodes that differ, with something that cannot move, with a loss.
struct Wrong {
  std::uint64_t worlds = 0, diverged = 0, stuck = 0, lost = 0;

  void add(const Findings& findings) {
    worlds += findings.empty() ? 0 : 1;
    diverged += findings.contains("1") || findings.contains("7") ? 1 : 0;
    stuck += findings.contains("stuck") || findings.contains("no key") ? 1 : 0;
    lost += findings.contains("2") ? 1 : 0;
  }
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Runs simulated worlds and checks the invariants of each.");
  std::uint64_t seeds = 10, first = 1;
  WorldOptions options;
  options.bundles = true;
  bool updates = true;
  app.add_option("--seeds", seeds, "how many worlds");
  app.add_option("--first-seed", first, "the first one's seed");
  app.add_option("--steps", options.steps, "steps in each");
  app.add_flag("!--no-hub-restores", options.hub_restores, "hubs are never put back");
  app.add_flag("!--no-node-restores", options.node_restores, "nodes are never put back");
  app.add_flag("!--no-power-cuts", options.power_cuts, "the power never goes");
  app.add_flag("!--no-thefts", options.thefts, "nothing is stolen");
  app.add_flag("!--no-bundles", options.bundles, "what is carried by hand goes entry by entry");
  app.add_flag("!--no-erasures", options.erasures, "nothing is erased");
  app.add_flag("!--no-lost-hubs", options.lost_hubs, "no hub is lost altogether");
  app.add_flag("!--no-updates", updates, "every machine runs the same program all along");
  app.add_flag("--evil-hub", options.evil_hub, "the hub lies, and is two hubs at times");
  app.add_flag("--lying-sync", options.lying_sync, "planted: disks lie about what they have kept");
  CLI11_PARSE(app, argc, argv);
  if (!throughgate::crypto::start()) return 1;
  // A hub that lies is a chapter by itself: what it alters is to be read as it is.
  if (updates && !options.evil_hub) options.programs = &throughgate::simulation::two_programs();

  std::string flags;  // which the command that plays a world again needs too
  for (int i = 1; i < argc; ++i) {
    const std::string_view flag = argv[i];
    if (flag == "--steps" && i + 1 < argc) flags += std::string(" --steps ") + argv[i + 1];
    if (flag.starts_with("--no-") || flag == "--lying-sync" || flag == "--evil-hub")
      flags += " " + std::string(flag);
  }
  const auto began = std::chrono::steady_clock::now();
  WorldCounts total;
  Wrong wrong;
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    World world(seed, options);
    const Findings findings = world.run();
    total += world.counts();
    wrong.add(findings);
    if (findings.empty()) continue;
    for (const auto& [invariant, what] : findings) {
      std::printf("seed %llu: %s: %s\n", static_cast<unsigned long long>(seed), invariant.c_str(),
                  what.c_str());
    }
    std::printf("  again: tools/simulate --seeds 1 --first-seed %llu%s\n",
                static_cast<unsigned long long>(seed), flags.c_str());
  }
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  print(total);
  print("worlds diverged", wrong.diverged);
  print("worlds stuck", wrong.stuck);
  print("worlds with something lost", wrong.lost);
  std::printf("%llu schedules, %llu with something wrong, %.1f s\n",
              static_cast<unsigned long long>(seeds), static_cast<unsigned long long>(wrong.worlds),
              seconds);
  return wrong.worlds == 0 ? 0 : 1;
}
