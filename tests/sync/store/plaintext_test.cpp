#include <catch_amalgamated.hpp>
#include <iostream>

#include "tests/sync/store/markers.h"

using namespace throughgate;

TEST_CASE("no byte that reaches the disk holds words in the clear or the key", "[plaintext]") {
  simulation::FaultyDisk disk(1);
  markers::plant(disk, {});
  std::cout << "plaintext scan: " << disk.recorded_bytes() << " bytes written, "
            << markers::hits(disk) << " hits\n";
  CHECK(disk.recorded_bytes() > 1'000'000);
  CHECK(markers::hits(disk) == 0);
}

TEST_CASE("temporary files are impossible in our build, whatever is asked", "[plaintext]") {
  simulation::FaultyDisk disk(1);
  markers::plant(disk, {.temporary_files = true});
  CHECK(markers::hits(disk) == 0);
}

TEST_CASE("the scan finds what is written in the clear", "[plaintext][twin]") {
  simulation::FaultyDisk disk(1);
  disk.record();
  disk.write("/export.txt", crypto::Bytes(1000, 'x'));
  CHECK(markers::hits(disk) == 0);
  const std::string text = std::string("Name: ") + markers::planted[0];
  disk.write("/export.txt", {text.begin(), text.end()});
  disk.remove("/export.txt");
  CHECK(markers::hits(disk) == 1);
}
