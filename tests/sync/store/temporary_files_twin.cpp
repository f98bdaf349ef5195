// With SQLite compiled without its guard against temporary files: what the guard and the setting
// prevent is seen, and either of the two suffices.
#include <catch_amalgamated.hpp>
#include <iostream>

#include "tests/sync/store/markers.h"
#include "tests/sync/store/torture.h"

using namespace throughgate;

namespace {

bool guard_is_off(const simulation::FaultyDisk& disk) {
  auto database = torture::open(disk);
  REQUIRE(database);
  auto asked = database->prepare("SELECT sqlite_compileoption_used('TEMP_STORE=1')");
  REQUIRE(asked);
  REQUIRE(asked->step());
  return asked->integer(0) == 1;
}

}  // namespace

TEST_CASE("twin: with temp_store=FILE words reach the disk in the clear, and the scan sees it",
          "[plaintext][twin]") {
  simulation::FaultyDisk disk(1);
  REQUIRE(guard_is_off(disk));
  markers::plant(disk, {.temporary_files = true});
  std::cout << "twin, temp_store=FILE: " << markers::hits(disk) << " hits\n";
  CHECK(markers::hits(disk) > 0);
}

TEST_CASE("the setting alone keeps words off the disk", "[plaintext]") {
  simulation::FaultyDisk disk(1);
  markers::plant(disk, {});
  CHECK(markers::hits(disk) == 0);
}
