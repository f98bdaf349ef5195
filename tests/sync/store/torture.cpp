#include "tests/sync/store/torture.h"

namespace throughgate::torture {
namespace {

using namespace sync::store;

constexpr Migration steps[] = {
    {1,
     "CREATE TABLE line(number INTEGER, part INTEGER, words TEXT, PRIMARY KEY(number, part))"
     " STRICT, WITHOUT ROWID;"},
    {2,
     "CREATE TABLE mark(last INTEGER NOT NULL) STRICT;"
     "INSERT INTO mark(last) VALUES (0);"},
    {3,
     "CREATE VIRTUAL TABLE search USING fts5(words, content='', contentless_delete=1);"
     "INSERT INTO search(search, rank) VALUES ('secure-delete', 1);"
     "CREATE INDEX by_words ON line(words);"},
};

sync::Result<std::int64_t> number(Database& database, std::string_view sql) {
  auto statement = database.prepare(sql);
  if (!statement) return statement.error();
  if (auto row = statement->step(); !row) return row.error();
  return statement->integer(0);
}

sync::Result<sync::Done> save(Database& database, std::int64_t round) {
  auto transaction = Transaction::begin(database);
  if (!transaction) return transaction.error();
  for (int part = 0; part < 3; ++part) {
    const auto words = std::string(150, static_cast<char>('a' + round % 26)) + " made up";
    if (auto done = database.run("INSERT INTO line(number, part, words) VALUES (?, ?, ?)", round,
                                 part, words);
        !done) {
      return done.error();
    }
  }
  if (auto done = database.run("UPDATE mark SET last = ?", round); !done) return done.error();
  return transaction->commit();
}

}  // namespace

crypto::DatabaseKey key() {
  crypto::DatabaseKey made;
  for (std::uint8_t i = 0; auto& byte : made.writable()) byte = ++i;
  return made;
}

std::span<const Migration> migrations() { return steps; }

sync::Result<Database> open(const simulation::FaultyDisk& disk, UnsafeForTests unsafe) {
  auto database = Database::open(
      path, key(), {.access = Access::create, .vfs = disk.vfs_name(), .unsafe = unsafe});
  if (!database) return database;
  if (auto set = database->run_script("PRAGMA wal_autocheckpoint = 8"); !set) return set.error();
  if (auto done = migrate(*database, migrations(), application_id); !done) return done.error();
  return database;
}

Progress work(Database& database, std::int64_t from, int count) {
  Progress progress{from, from};
  for (auto round = from + 1; round <= from + count; ++round) {
    progress.attempted = round;
    if (!save(database, round)) break;
    progress.acknowledged = round;
  }
  return progress;
}

std::string judge(const simulation::FaultyDisk& disk, const Progress& progress) {
  auto database = open(disk);
  if (!database) return "does not open";
  if (!database->quick_check()) return "damaged";
  const auto last = number(*database, "SELECT last FROM mark");
  const auto lines = number(*database, "SELECT count(*) FROM line");
  const auto newest = number(*database, "SELECT coalesce(max(number), 0) FROM line");
  if (!last || !lines || !newest) return "unreadable";
  if (*lines != 3 * *last || *newest != *last) return "torn";
  if (*last < progress.acknowledged) return "lost";
  if (*last > progress.attempted) return "never saved";
  if (work(*database, *last, 3).acknowledged != *last + 3) return "takes no more";
  return "";
}

void Tally::count(const std::string& verdict) {
  ++runs;
  if (verdict.empty()) return;
  ++bad;
  ++faults[verdict];
}

std::string Tally::summary() const {
  auto text = std::to_string(runs) + " runs, " + std::to_string(bad) + " bad";
  for (const auto& [what, times] : faults) text += ", " + what + " " + std::to_string(times);
  return text;
}

Tally at_every_change(int seeds, const Scenario& scenario) {
  Tally tally;
  for (int seed = 1; seed <= seeds; ++seed) {
    for (std::uint64_t n = 1;; ++n) {
      simulation::FaultyDisk disk(static_cast<std::uint64_t>(seed) * 1'000'003 + n);
      if (!scenario(disk, n, tally)) break;
    }
  }
  return tally;
}

}  // namespace throughgate::torture
