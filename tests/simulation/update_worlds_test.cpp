// Worlds in which most machines run an older program until they are updated, and the others write
// what it cannot read. And twins: what the older one drops, or never reads again, is found.
#include <catch_amalgamated.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "sync/store/parked_table.h"
#include "sync/store/stored_dossier.h"
#include "tests/simulation/two_programs.h"
#include "tests/simulation/world.h"

using namespace throughgate;
using namespace throughgate::simulation;
using sync::store::EntryRow;
using sync::store::ParkedEntry;
using sync::store::ParkedTable;
using sync::store::StoredDossier;

namespace {

enum class Planted { nothing, parked_dropped, not_read_again };
Planted planted = Planted::nothing;

}  // namespace

#define WRAPPED(name, mangled) name asm("__wrap_" mangled)
#define SHIPPED(name, mangled) name asm("__real_" mangled)
#define KEEP "_ZN11throughgate4sync5store11ParkedTable4keepERKNS1_11ParkedEntryE"
#define NOT_UNDERSTOOD "_ZNK11throughgate4sync5store13StoredDossier14not_understoodEv"

void SHIPPED(shipped_keep(ParkedTable*, const ParkedEntry&), KEEP);
void WRAPPED(keep(ParkedTable*, const ParkedEntry&), KEEP);
void keep(ParkedTable* table, const ParkedEntry& entry) {
  if (planted != Planted::parked_dropped) shipped_keep(table, entry);
}

std::vector<EntryRow> SHIPPED(shipped_not_understood(const StoredDossier*), NOT_UNDERSTOOD);
std::vector<EntryRow> WRAPPED(not_understood(const StoredDossier*), NOT_UNDERSTOOD);
std::vector<EntryRow> not_understood(const StoredDossier* stored) {
  if (planted == Planted::not_read_again) return {};
  return shipped_not_understood(stored);
}

namespace {

WorldOptions with_updates() {
  WorldOptions options;
  options.programs = &two_programs();
  options.updates_every = 1;
  return options;
}

}  // namespace

TEST_CASE("a machine that is updated equals one that was always new, whatever fails meanwhile",
          "[simulation]") {
  std::vector<std::uint64_t> seeds{1022, 1078, 1295, 1477, 1596};  // which were found wrong
  for (std::uint64_t seed = 1; seed <= 30; ++seed) seeds.push_back(seed);
  WorldCounts total;
  for (const auto seed : seeds) {
    auto options = with_updates();
    options.bundles = seed > 30;  // as they were found
    World world(seed, options);
    const std::string wrong = in_words(world.run());
    CAPTURE(seed);
    CHECK(wrong == "");
    total += world.counts();
  }
  std::printf("updates: %llu, %llu entries that an older program cannot read\n",
              static_cast<unsigned long long>(total.updates),
              static_cast<unsigned long long>(total.written_by_newer));
  CHECK(total.updates >= 100);
  CHECK(total.written_by_newer >= 200);
}

TEST_CASE("what an older program dropped, or never reads again, is found", "[simulation][twin]") {
  struct Twin {
    Planted fault;
    const char* words;
  };
  const auto twin = GENERATE(Twin{Planted::parked_dropped, "something is still not read"},
                             Twin{Planted::not_read_again, "does not equal"});
  planted = twin.fault;
  std::string found;
  for (std::uint64_t seed = 1; seed <= 20 && found.find(twin.words) == std::string::npos; ++seed) {
    World world(seed, with_updates());
    const auto findings = world.run();
    if (const auto wrong = findings.find("10"); wrong != findings.end()) found = wrong->second;
  }
  planted = Planted::nothing;
  CHECK(found.find(twin.words) != std::string::npos);
}
