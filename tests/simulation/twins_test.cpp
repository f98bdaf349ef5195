// Faults planted in the world or, at link time, in the rules: each must be seen, or the checks are
// blind. Which one is planted is a matter of the program: see CMakeLists.txt.
#include <catch_amalgamated.hpp>

#include "sync/causal_past.h"
#include "sync/merge.h"
#include "tests/simulation/world.h"

using namespace throughgate;
using namespace throughgate::simulation;

#ifdef PLANT_TIE_BY_ARRIVAL
// LATEST shown by what came here last, instead of by effective time.
extern "C" sync::FieldState
real_merge(const sync::FieldPolicy&, std::span<const sync::OpInContext>) asm(
    "__real__ZN11throughgate4sync5mergeERKNS0_11FieldPolicyESt4spanIKNS0_"
    "11OpInContextELm18446744073709551615EE");
extern "C" sync::FieldState
wrapped_merge(const sync::FieldPolicy&, std::span<const sync::OpInContext>) asm(
    "__wrap__ZN11throughgate4sync5mergeERKNS0_11FieldPolicyESt4spanIKNS0_"
    "11OpInContextELm18446744073709551615EE");
extern "C" sync::FieldState wrapped_merge(const sync::FieldPolicy& policy,
                                          std::span<const sync::OpInContext> ops) {
  auto state = real_merge(policy, ops);
  if (policy.policy == sync::Policy::latest && state.shown) {
    for (const auto i : state.siblings) {
      if (ops[i].arrival > ops[*state.shown].arrival) state.shown = i;
    }
  }
  return state;
}
#endif

#ifdef PLANT_PREEMPTIVE_SUPERSEDE
// What an author could not have seen is superseded too: the place after its base.
extern "C" std::optional<sync::Superseded>
real_resolve(const sync::Header&, const std::vector<sync::Op>&, const sync::EntryGraph&) asm(
    "__real__ZN11throughgate4sync7resolveERKNS0_6HeaderERKSt6vectorINS0_2OpESaIS5_EERKNS0_"
    "10EntryGraphE");
extern "C" std::optional<sync::Superseded>
wrapped_resolve(const sync::Header&, const std::vector<sync::Op>&, const sync::EntryGraph&) asm(
    "__wrap__ZN11throughgate4sync7resolveERKNS0_6HeaderERKSt6vectorINS0_2OpESaIS5_EERKNS0_"
    "10EntryGraphE");
extern "C" std::optional<sync::Superseded> wrapped_resolve(const sync::Header& header,
                                                           const std::vector<sync::Op>& ops,
                                                           const sync::EntryGraph& graph) {
  auto resolved = real_resolve(header, ops, graph);
  for (std::uint64_t dsn = header.base_dsn + 1; resolved && dsn <= header.base_dsn + 3; ++dsn) {
    const auto entry = graph.entry_at(dsn);
    for (auto& names : *resolved) {
      if (entry) names.push_back({*entry, 0});
    }
  }
  return resolved;
}
#endif

namespace {

std::uint64_t worlds_found_wrong(const WorldOptions& options, std::uint64_t worlds) {
  std::uint64_t wrong = 0;
  for (std::uint64_t seed = 1; seed <= worlds; ++seed) {
    World world(seed, options);
    wrong += world.run().empty() ? 0 : 1;
  }
  return wrong;
}

}  // namespace

TEST_CASE("a planted fault is found within 40 worlds", "[simulation][twin]") {
  WorldOptions options;
#ifdef PLANT_LYING_SYNC
  options.lying_sync = true;
#endif
  const auto wrong = worlds_found_wrong(options, 40);
  std::printf("twin: found wrong in %llu of 40 worlds\n", static_cast<unsigned long long>(wrong));
  CHECK(wrong > 0);
}
