#include "tests/simulation/faulty_disk.h"

#include <catch_amalgamated.hpp>
#include <set>

#include "sync/store/database.h"

using namespace throughgate;
using namespace throughgate::sync::store;
using simulation::FaultyDisk;

namespace {

sync::Result<Database> open(const FaultyDisk& disk, UnsafeForTests unsafe = {}) {
  crypto::DatabaseKey key;
  return Database::open(
      "/d.db", key,
      {.access = Access::create, .vfs = disk.vfs_name(), .busy_timeout_ms = 20, .unsafe = unsafe});
}

Database made(const FaultyDisk& disk, UnsafeForTests unsafe = {}) {
  auto database = open(disk, unsafe);
  REQUIRE(database);
  REQUIRE(database->run_script("CREATE TABLE t(a INTEGER) STRICT"));
  return *std::move(database);
}

std::int64_t rows(Database& database) {
  auto statement = database.prepare("SELECT count(*) FROM t");
  REQUIRE(statement);
  REQUIRE(statement->step());
  return statement->integer(0);
}

std::int64_t rows_after_opening(const FaultyDisk& disk) {
  auto database = open(disk);
  REQUIRE(database);
  return rows(*database);
}

}  // namespace

TEST_CASE("what was synced survives a power cut", "[disk]") {
  FaultyDisk disk(GENERATE(1, 2, 3, 4, 5, 6, 7, 8));
  auto database = made(disk);
  for (int i = 0; i < 20; ++i) REQUIRE(database.run("INSERT INTO t VALUES (?)", i));
  disk.cut_power();
  CHECK_FALSE(database.run("INSERT INTO t VALUES (99)"));
  disk.power_on();
  CHECK_FALSE(database.run("INSERT INTO t VALUES (99)"));  // the old process is gone for good
  CHECK(rows_after_opening(disk) == 20);
}

TEST_CASE("what waits for a sync survives a kill and mostly not a power cut", "[disk]") {
  int survived = 0;
  constexpr int tries = 40;
  for (int seed = 1; seed <= tries; ++seed) {
    FaultyDisk disk(static_cast<std::uint64_t>(seed));
    auto database = made(disk, {.synchronous_normal = true});
    disk.make_durable();
    for (int i = 0; i < 5; ++i) REQUIRE(database.run("INSERT INTO t VALUES (?)", i));
    if (seed == 1) {
      disk.kill_process();
      CHECK(rows_after_opening(disk) == 5);
      continue;
    }
    disk.cut_power();
    disk.power_on();
    survived += rows_after_opening(disk) == 5 ? 1 : 0;
  }
  CHECK(survived < tries / 2);
}

TEST_CASE("each disk fails alone", "[disk]") {
  FaultyDisk first(1), second(2);
  CHECK(first.vfs_name() != second.vfs_name());
  auto here = made(first);
  auto there = made(second);
  first.cut_power();
  CHECK_FALSE(here.run("INSERT INTO t VALUES (1)"));
  CHECK(there.run("INSERT INTO t VALUES (1)"));
  first.power_on();
  CHECK(rows_after_opening(first) == 0);
  CHECK(rows(there) == 1);
}

TEST_CASE("the same seed and the same work meet the same fate", "[disk]") {
  const auto fate = [](std::uint64_t seed) {
    FaultyDisk disk(seed);
    auto database = made(disk, {.synchronous_normal = true});
    disk.make_durable();
    disk.cut_power_at(12);
    for (int i = 0; i < 30; ++i)
      static_cast<void>(database.run("INSERT INTO t VALUES (?)", i).has_value());
    disk.power_on();
    return std::pair(disk.changes(), rows_after_opening(disk));
  };
  std::set<std::int64_t> seen;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CHECK(fate(seed) == fate(seed));
    seen.insert(fate(seed).second);
  }
  CHECK(seen.size() > 1);
}

TEST_CASE("a planned failure strikes once", "[disk]") {
  FaultyDisk disk(1);
  auto database = made(disk);
  disk.fail_at(1, simulation::Fault::full);
  CHECK(disk.armed());
  const auto failed = database.run("INSERT INTO t VALUES (1)");
  REQUIRE_FALSE(failed);
  CHECK_THAT(failed.error().message, Catch::Matchers::ContainsSubstring("full"));
  CHECK_FALSE(disk.armed());
  CHECK(database.run("INSERT INTO t VALUES (1)"));
  CHECK(rows(database) == 1);
}

TEST_CASE("a copy of a disk is a disk of its own, even of one at work", "[disk]") {
  FaultyDisk disk(1), clone(2);
  auto database = made(disk);
  REQUIRE(database.run("INSERT INTO t VALUES (1)"));
  const auto earlier = disk.image();
  REQUIRE(database.run("INSERT INTO t VALUES (2)"));
  clone.load(earlier);
  CHECK(rows_after_opening(clone) == 1);
  CHECK(rows(database) == 2);
  disk.load(earlier);  // restored: what ran on it has gone
  CHECK_FALSE(database.run("INSERT INTO t VALUES (3)"));
  CHECK(rows_after_opening(disk) == 1);
}

TEST_CASE("a reader keeps its view while another connection writes and checkpoints", "[disk]") {
  FaultyDisk disk(1);
  auto writer = made(disk);
  auto reader = open(disk);
  REQUIRE(reader);
  REQUIRE(writer.run("INSERT INTO t VALUES (1)"));
  {
    REQUIRE(reader->run_script("BEGIN"));
    CHECK(rows(*reader) == 1);
    REQUIRE(writer.run("INSERT INTO t VALUES (2)"));
    CHECK(rows(*reader) == 1);
    CHECK_FALSE(writer.checkpoint());  // the reader still needs the log
    REQUIRE(reader->run_script("COMMIT"));
  }
  CHECK(rows(*reader) == 2);
  CHECK(writer.checkpoint());
}

TEST_CASE("the last connection to close removes the log; an earlier one does not", "[disk]") {
  FaultyDisk disk(1);
  {
    auto first = made(disk);
    {
      auto second = open(disk);
      REQUIRE(second);
    }
    CHECK(disk.read("/d.db-wal"));
  }
  CHECK(disk.names() == std::vector<std::string>{"/d.db"});
}
