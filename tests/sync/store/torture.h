// A small workload whose every loss shows, run on a disk that fails at a chosen moment.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "sync/store/database.h"
#include "sync/store/migrations.h"
#include "tests/simulation/faulty_disk.h"

namespace throughgate::torture {

constexpr std::int32_t application_id = 0x54475454;
constexpr const char* path = "/store.db";

crypto::DatabaseKey key();
std::span<const sync::store::Migration> migrations();

// Opens (or makes) and migrates, with a checkpoint every few pages so that they too are hit.
sync::Result<sync::store::Database> open(const simulation::FaultyDisk& disk,
                                         sync::store::UnsafeForTests unsafe = {});

struct Progress {
  std::int64_t acknowledged = 0;  // the last transaction whose commit succeeded
  std::int64_t attempted = 0;     // the last one that was begun
};
// `count` transactions after number `from`, each of 3 lines and a mark; stops at the first that
// fails.
Progress work(sync::store::Database& database, std::int64_t from, int count);

// Opens and looks: "" when whole, with every acknowledged transaction and none never attempted,
// and three more can be saved; else what is wrong, in a word or two.
std::string judge(const simulation::FaultyDisk& disk, const Progress& progress);

struct Tally {
  int runs = 0;
  int bad = 0;
  std::map<std::string, int> faults;

  void count(const std::string& verdict);
  [[nodiscard]] std::string summary() const;
};

// Runs `scenario` with the fault at change 1, 2, 3 ... until it completes without being struck, for
// each seed. Scenario: given a fresh disk and n; false once n lies beyond its end.
using Scenario = std::function<bool(simulation::FaultyDisk& disk, std::uint64_t n, Tally& tally)>;
Tally at_every_change(int seeds, const Scenario& scenario);

}  // namespace throughgate::torture
