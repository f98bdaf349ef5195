#include "sync/store/migrations.h"

#include <catch_amalgamated.hpp>
#include <iostream>

#include "tests/sync/store/torture.h"

using namespace throughgate;
using namespace throughgate::sync;
using namespace throughgate::sync::store;
using simulation::FaultyDisk;

namespace {

constexpr std::int32_t our_kind = 0x54475431;

constexpr Migration steps[] = {
    {1, "CREATE TABLE person(id INTEGER PRIMARY KEY, name TEXT) STRICT;"},
    {2,
     "ALTER TABLE person ADD COLUMN place TEXT;"
     "UPDATE person SET place = 'nowhere';"},
    {3, "CREATE TABLE letter(id INTEGER PRIMARY KEY, person INTEGER REFERENCES person) STRICT;"},
};
const std::span<const Migration> all(steps);

Database fresh(const FaultyDisk& disk) {
  auto database =
      Database::open("/m.db", torture::key(), {.access = Access::create, .vfs = disk.vfs_name()});
  REQUIRE(database);
  return *std::move(database);
}

}  // namespace

TEST_CASE("a fresh file and an old one come to the same shape", "[migrations]") {
  FaultyDisk disk(1);
  auto database = fresh(disk);
  const bool stepwise = GENERATE(false, true);
  if (stepwise) {
    REQUIRE(migrate(database, all.first(1), our_kind));
    REQUIRE(database.run("INSERT INTO person(name) VALUES ('Made Up')"));
  }
  REQUIRE(migrate(database, all, our_kind));
  CHECK(*version_of(database) == 3);
  CHECK(database.run("SELECT place FROM person"));
  CHECK(database.run("SELECT id FROM letter"));
  REQUIRE(migrate(database, all, our_kind));  // again: nothing to do
  CHECK(*version_of(database) == 3);
}

TEST_CASE("a file made by a newer program is refused and left alone", "[migrations]") {
  FaultyDisk disk(1);
  auto database = fresh(disk);
  REQUIRE(migrate(database, all, our_kind));
  const auto before = disk.image();
  const auto older = migrate(database, all.first(2), our_kind);
  REQUIRE_FALSE(older);
  CHECK(older.error().kind == ErrorKind::invalid);
  CHECK_THAT(older.error().message, Catch::Matchers::ContainsSubstring("newer version"));
  CHECK(disk.image() == before);
}

TEST_CASE("a file of a trial version, from before the first migration, is refused and left alone",
          "[migrations]") {
  FaultyDisk disk(1);
  auto database = fresh(disk);
  REQUIRE(migrate(database, all.first(1), our_kind));
  const auto before = disk.image();
  constexpr Migration later[] = {{2, "CREATE TABLE person(id INTEGER PRIMARY KEY) STRICT;"},
                                 {3, "CREATE TABLE letter(id INTEGER PRIMARY KEY) STRICT;"}};
  const auto refused = migrate(database, later, our_kind);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::invalid);
  CHECK_THAT(refused.error().message, Catch::Matchers::ContainsSubstring("trial version"));
  CHECK(disk.image() == before);
}

TEST_CASE("a fresh file comes to the last version, wherever migrations begin", "[migrations]") {
  FaultyDisk disk(1);
  auto database = fresh(disk);
  constexpr Migration later[] = {{2, "CREATE TABLE person(id INTEGER PRIMARY KEY) STRICT;"},
                                 {3, "CREATE TABLE letter(id INTEGER PRIMARY KEY) STRICT;"}};
  REQUIRE(migrate(database, later, our_kind));
  CHECK(*version_of(database) == 3);
  CHECK(database.run("SELECT id FROM person"));
  CHECK(database.run("SELECT id FROM letter"));
  const auto older = migrate(database, std::span(later).first(1), our_kind);
  REQUIRE_FALSE(older);
  CHECK_THAT(older.error().message, Catch::Matchers::ContainsSubstring("newer version"));
}

TEST_CASE("a file of another kind is refused and left alone", "[migrations]") {
  FaultyDisk disk(1);
  auto database = fresh(disk);
  const bool marked = GENERATE(true, false);  // another store of ours, or tables nobody marked
  if (marked) {
    REQUIRE(migrate(database, all, our_kind + 1));
  } else {
    REQUIRE(database.run_script("CREATE TABLE stranger(id INTEGER)"));
  }
  const auto before = disk.image();
  const auto refused = migrate(database, all, our_kind);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::invalid);
  CHECK(disk.image() == before);
}

TEST_CASE("a migration that fails half-way leaves the version before it", "[migrations]") {
  FaultyDisk disk(1);
  auto database = fresh(disk);
  constexpr Migration broken[] = {
      {1, "CREATE TABLE person(id INTEGER PRIMARY KEY) STRICT;"},
      {2, "CREATE TABLE half(id INTEGER) STRICT; INSERT INTO missing VALUES (1);"},
  };
  CHECK_FALSE(migrate(database, broken, our_kind));
  CHECK(*version_of(database) == 1);
  CHECK_FALSE(database.run("SELECT id FROM half"));
}

TEST_CASE("a power cut at any change of a migration leaves all of it or nothing",
          "[migrations][torture]") {
  constexpr int seeds = 6;
  FaultyDisk origin(1);
  {
    auto database = fresh(origin);
    REQUIRE(migrate(database, all.first(1), our_kind));
    for (int i = 0; i < 60; ++i) {
      REQUIRE(database.run("INSERT INTO person(name) VALUES (?)", std::string(300, 'm')));
    }
  }
  const auto before = origin.image();
  const auto tally = torture::at_every_change(
      seeds, [&](FaultyDisk& disk, std::uint64_t n, torture::Tally& counts) {
        disk.load(before);
        auto database = fresh(disk);
        disk.cut_power_at(n);
        const bool migrated = migrate(database, all, our_kind).has_value();
        const bool struck = !disk.armed();
        disk.cut_power();
        disk.power_on();
        auto again = fresh(disk);
        const auto version = version_of(again);
        const bool placed = again.run("SELECT place FROM person").has_value();
        const bool letters = again.run("SELECT id FROM letter").has_value();
        if (!version || !again.quick_check()) {
          counts.count("damaged");
        } else if (placed != (*version >= 2) || letters != (*version >= 3)) {
          counts.count("torn");
        } else if (migrated && *version != 3) {
          counts.count("lost");
        } else {
          counts.count(migrate(again, all, our_kind) ? "" : "stuck");
        }
        return struck;
      });
  std::cout << "power cut at migrating: " << tally.summary() << '\n';
  CHECK(tally.bad == 0);
}
