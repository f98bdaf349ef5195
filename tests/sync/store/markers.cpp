#include "tests/sync/store/markers.h"

#include <catch_amalgamated.hpp>

#include "tests/sync/store/torture.h"

namespace throughgate::markers {
namespace {

using namespace sync::store;

std::string words(const char* marker, int number) {
  auto text = std::to_string(number * 7919 % 1000) + " " + marker + " ";
  while (text.size() < 900) text += marker;
  return text;
}

void fill(Database& database) {
  REQUIRE(
      database.run_script("CREATE TABLE person(id INTEGER PRIMARY KEY, words TEXT) STRICT;"
                          "PRAGMA cache_size = 10; PRAGMA temp.cache_size = 10;"));
  auto transaction = Transaction::begin(database);
  REQUIRE(transaction);
  for (int i = 0; i < 1600; ++i) {
    const auto* marker = planted[i % 2 == 0 ? 0 : 2];
    REQUIRE(database.run("INSERT INTO person(words) VALUES (?)", words(marker, i)));
    if (i % 20 == 0) {
      REQUIRE(database.run("INSERT INTO search(rowid, words) VALUES (?, ?)", i + 1,
                           words(planted[1], i)));
    }
  }
  REQUIRE(transaction->commit());
}

void ask(Database& database) {
  REQUIRE(database.run("SELECT rowid FROM search WHERE search MATCH ?", "Fern"));
  REQUIRE(database.run("SELECT words FROM person ORDER BY substr(words, 1, 400), id"));
  REQUIRE(database.run("CREATE TEMP TABLE draft AS SELECT ? || words AS words FROM person",
                       planted[3]));
  REQUIRE(database.run("UPDATE person SET words = words || 'x' WHERE id % 3 = 0"));
  REQUIRE(database.run("DELETE FROM search WHERE rowid < 100"));
  REQUIRE(database.run("DELETE FROM person WHERE id < 100"));
}

}  // namespace

void plant(simulation::FaultyDisk& disk, UnsafeForTests unsafe) {
  disk.record();
  {
    auto database = torture::open(disk, unsafe);
    REQUIRE(database);
    fill(*database);
    ask(*database);
    REQUIRE(database->backup_to("/backup.db", torture::key()));
    auto unfinished = Transaction::begin(*database);
    REQUIRE(unfinished);
    for (int i = 0; i < 200; ++i) {
      REQUIRE(database->run("INSERT INTO person(words) VALUES (?)", words(planted[4], i)));
    }
    disk.cut_power();
  }
  disk.power_on();
  auto database = torture::open(disk, unsafe);
  REQUIRE(database);
  REQUIRE(database->run_script("VACUUM"));
  REQUIRE(database->checkpoint());
}

std::size_t hits(const simulation::FaultyDisk& disk) {
  std::size_t found = 0;
  for (const auto* marker : planted) found += disk.count_holding(marker);
  const auto key = torture::key();
  const crypto::ByteView bytes(key.view());
  return found + disk.count_holding(crypto::as_text(bytes)) +
         disk.count_holding(crypto::to_hex(bytes));
}

}  // namespace throughgate::markers
