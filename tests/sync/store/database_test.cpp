#include "sync/store/database.h"

#include <catch_amalgamated.hpp>

#include "tests/simulation/faulty_disk.h"

using namespace throughgate;
using namespace throughgate::sync;
using namespace throughgate::sync::store;
using crypto::Bytes;
using simulation::FaultyDisk;

namespace {

constexpr std::size_t page_bytes = 4096;

crypto::DatabaseKey key(std::uint8_t seed = 1) {
  crypto::DatabaseKey made;
  for (auto& byte : made.writable()) byte = seed++;
  return made;
}

Result<Database> open(const FaultyDisk& disk, Access access = Access::existing,
                      std::uint8_t seed = 1) {
  return Database::open("/a.db", key(seed),
                        {.access = access, .vfs = disk.vfs_name(), .busy_timeout_ms = 20});
}

// A store with one table and `rows` rows.
Database made(const FaultyDisk& disk, int rows = 1) {
  auto database = open(disk, Access::create);
  REQUIRE(database);
  REQUIRE(database->run_script("CREATE TABLE note(id INTEGER PRIMARY KEY, words TEXT) STRICT"));
  for (int i = 0; i < rows; ++i) {
    REQUIRE(database->run("INSERT INTO note(words) VALUES (?)", std::string(500, 'n')));
  }
  return *std::move(database);
}

std::int64_t number(Database& database, std::string_view sql) {
  auto statement = database.prepare(sql);
  REQUIRE(statement);
  const auto row = statement->step();
  REQUIRE(row);
  REQUIRE(*row);
  return statement->integer(0);
}

std::int64_t count_notes(Database& database) {
  return number(database, "SELECT count(*) FROM note");
}

// Opening fails so, twice, and leaves the file as it was.
void refuses(FaultyDisk& disk, ErrorKind kind, std::uint8_t seed = 1) {
  const auto before = disk.image();
  const auto first = open(disk, Access::existing, seed);
  REQUIRE_FALSE(first);
  CAPTURE(first.error().message);
  CHECK(first.error().kind == kind);
  const bool says_whom_to_ring =
      first.error().message.find("ring the central team") != std::string::npos;
  CHECK(says_whom_to_ring == (kind == ErrorKind::corrupt));
  CHECK(disk.image() == before);
}

}  // namespace

TEST_CASE("what was saved is read back alike after closing", "[database]") {
  FaultyDisk disk(1);
  const Bytes bytes{0, 1, 255};
  const std::string text("Llan\0fair \xc5\xb5", 12);
  {
    auto database = open(disk, Access::create);
    REQUIRE(database);
    REQUIRE(
        database->run_script("CREATE TABLE t(a INTEGER, b INTEGER, c TEXT, d BLOB, e TEXT,"
                             " f BLOB, g TEXT) STRICT"));
    REQUIRE(database->run("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)", -5, std::uint64_t{1} << 62,
                          text, bytes, "", Bytes{}, std::optional<std::string>{}));
  }
  auto database = open(disk);
  REQUIRE(database);
  auto row = database->prepare("SELECT * FROM t WHERE d = ?");
  REQUIRE(row);
  REQUIRE(*row->bind(bytes).step());
  CHECK(row->integer(0) == -5);
  CHECK(row->unsigned_integer(1) == std::uint64_t{1} << 62);
  CHECK(row->text(2) == text);
  CHECK(row->bytes(3) == bytes);
  CHECK_FALSE(row->is_null(4));
  CHECK(row->text(4).empty());
  CHECK_FALSE(row->is_null(5));
  CHECK(row->view(5).empty());
  CHECK(row->is_null(6));
  CHECK_FALSE(*row->step());
}

TEST_CASE("a number that the file cannot hold is refused, not changed", "[database]") {
  FaultyDisk disk(1);
  auto database = made(disk);
  const auto saved = database.run("INSERT INTO note(id) VALUES (?)", std::uint64_t{1} << 63);
  REQUIRE_FALSE(saved);
  CHECK(saved.error().kind == ErrorKind::invalid);
  CHECK(count_notes(database) == 1);
}

TEST_CASE("text that looks like SQL is saved as the text it is", "[database]") {
  FaultyDisk disk(1);
  auto database = made(disk, 0);
  const std::string words = "'); DROP TABLE note; --";
  REQUIRE(database.run("INSERT INTO note(words) VALUES (?)", words));
  auto found = database.prepare("SELECT words FROM note");
  REQUIRE(found);
  REQUIRE(*found->step());
  CHECK(found->text(0) == words);
}

TEST_CASE("a statement can be used twice at the same time", "[database]") {
  FaultyDisk disk(1);
  auto database = made(disk, 2);
  constexpr auto sql = "SELECT id FROM note ORDER BY id";
  auto outer = database.prepare(sql);
  auto inner = database.prepare(sql);
  REQUIRE((outer && inner));
  REQUIRE(*outer->step());
  REQUIRE(*inner->step());
  REQUIRE(*outer->step());
  CHECK(outer->integer(0) == 2);
  CHECK(inner->integer(0) == 1);
}

TEST_CASE("each reason why a file does not open is told apart, and nothing is changed",
          "[database]") {
  FaultyDisk disk(1);
  SECTION("there is none") {
    refuses(disk, ErrorKind::not_found);
    CHECK(disk.names().empty());
  }
  SECTION("it is of another kind") {
    disk.write("/a.db", Bytes(3, 'x'));
    refuses(disk, ErrorKind::invalid);
  }
  SECTION("it is a plain SQLite database") {
    Bytes plain(2 * page_bytes, 0);
    constexpr std::string_view header("SQLite format 3\0\x10\0\1\1\0@  ", 24);
    std::copy(header.begin(), header.end(), plain.begin());
    disk.write("/a.db", plain);
    refuses(disk, ErrorKind::invalid);
  }
  SECTION("it is empty") {
    disk.write("/a.db", {});
    refuses(disk, ErrorKind::corrupt);
  }
  SECTION("it has another key") {
    { made(disk); }
    refuses(disk, ErrorKind::denied, 2);
    CHECK(open(disk));
  }
  SECTION("it has another key, and its log was never moved into it") {
    auto database = made(disk, 10);
    const auto raw = disk.image();
    FaultyDisk other(2);
    other.load(raw);
    refuses(other, ErrorKind::denied, 2);
    auto again = open(other);
    REQUIRE(again);
    CHECK(count_notes(*again) == 10);
  }
  SECTION("it is this key's, and its first page is damaged") {
    { made(disk); }
    auto bytes = *disk.read("/a.db");
    bytes[200] ^= 1;
    disk.write("/a.db", bytes);
    refuses(disk, ErrorKind::corrupt);
  }
}

TEST_CASE("one bit flipped in any page is found", "[database]") {
  FaultyDisk disk(1);
  { made(disk, 40); }
  const auto whole = *disk.read("/a.db");
  const auto pages = whole.size() / page_bytes;
  REQUIRE(pages > 4);
  int opened = 0;
  for (std::size_t page = 0; page < pages; ++page) {
    CAPTURE(page);
    auto bytes = whole;
    bytes[page * page_bytes + 100 + 37 * page] ^= 0x10;
    disk.write("/a.db", bytes);
    auto database = open(disk);
    const auto checked = database ? database->quick_check() : Result<Done>(database.error());
    REQUIRE_FALSE(checked);
    CHECK(checked.error().kind == ErrorKind::corrupt);
    const auto where = "page " + std::to_string(page + 1) + " ";
    CHECK(checked.error().message.find(where) != std::string::npos);
    CHECK(checked.error().message.find("ring the central team") != std::string::npos);
    opened += database ? 1 : 0;
  }
  CHECK(opened > 3);
  disk.write("/a.db", whole);
  auto database = open(disk);
  REQUIRE(database);
  CHECK(database->quick_check());
}

TEST_CASE("a first page torn while the log was moved into the file costs nothing", "[database]") {
  FaultyDisk disk(1);
  auto database = made(disk, 10);  // all of it, page 1 too, is still in the log
  auto image = disk.image();
  const auto sizes = GENERATE(0, 0x0002, 0x0010, 0x0100, 0xabcd);  // of a page, as torn
  CAPTURE(sizes);
  auto& file = image["/a.db"];
  REQUIRE(file.size() >= page_bytes);
  for (std::size_t i = 0; i < simulation::sector_bytes; ++i) {
    file[i] = static_cast<std::uint8_t>(i * 7 + 3);
  }
  file[16] = static_cast<std::uint8_t>(sizes & 0xff);
  file[17] = static_cast<std::uint8_t>(sizes >> 8);
  FaultyDisk other(2);
  other.load(image);
  auto again = open(other);
  REQUIRE(again);
  CHECK(count_notes(*again) == 10);
  REQUIRE(again->checkpoint());
  CHECK(again->quick_check());
}

TEST_CASE("SQL cannot weaken the store or reach another file", "[database]") {
  FaultyDisk disk(1);
  auto database = made(disk);
  CHECK_FALSE(database.run_script("ATTACH '/other.db' AS other"));
  CHECK_FALSE(database.run_script("UPDATE sqlite_schema SET sql = ''"));
  CHECK_FALSE(database.run_script("SELECT \"no such column\" FROM note"));
  CHECK_FALSE(database.run_script("SELECT load_extension('x')"));
  static_cast<void>(database.run_script("PRAGMA journal_mode = OFF").has_value());
  auto mode = database.prepare("PRAGMA journal_mode");
  REQUIRE(mode);
  REQUIRE(*mode->step());
  CHECK(mode->text(0) == "wal");
  CHECK(disk.names() == std::vector<std::string>{"/a.db", "/a.db-wal"});
}

TEST_CASE("a reference to nothing and a value beyond the limit are refused", "[database]") {
  FaultyDisk disk(1);
  auto database = made(disk);
  REQUIRE(database.run_script("CREATE TABLE child(id INTEGER REFERENCES note(id)) STRICT"));
  const auto orphan = database.run("INSERT INTO child VALUES (?)", 77);
  REQUIRE_FALSE(orphan);
  CHECK(orphan.error().kind == ErrorKind::invalid);
  const auto huge = database.run("INSERT INTO note(words) VALUES (?)", std::string(17 << 20, 'x'));
  REQUIRE_FALSE(huge);
  CHECK(huge.error().kind == ErrorKind::invalid);
}

TEST_CASE("a transaction that is not committed never happened", "[database]") {
  FaultyDisk disk(1);
  auto database = made(disk);
  {
    auto transaction = Transaction::begin(database);
    REQUIRE(transaction);
    REQUIRE(database.run("DELETE FROM note"));
  }
  CHECK(count_notes(database) == 1);
  auto transaction = Transaction::begin(database);
  REQUIRE(transaction);
  REQUIRE(database.run("DELETE FROM note"));
  REQUIRE(transaction->commit());
  CHECK(count_notes(database) == 0);
}

TEST_CASE("two on one file: one writes at a time, and each sees what was committed", "[database]") {
  FaultyDisk disk(1);
  auto first = made(disk);
  auto second = open(disk);
  REQUIRE(second);
  auto writing = Transaction::begin(first);
  REQUIRE(writing);
  REQUIRE(first.run("INSERT INTO note(words) VALUES ('x')"));
  CHECK(count_notes(*second) == 1);
  const auto refused = Transaction::begin(*second);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::unavailable);
  REQUIRE(writing->commit());
  CHECK(count_notes(*second) == 2);
  CHECK(Transaction::begin(*second));
}

TEST_CASE("what another has written to the search index since is no damage", "[database]") {
  FaultyDisk disk(1);
  auto first = made(disk);
  REQUIRE(first.run_script("CREATE VIRTUAL TABLE found USING fts5 (text)"));
  REQUIRE(first.run_script("INSERT INTO found (found, rank) VALUES ('secure-delete', 1)"));
  auto second = open(disk);
  REQUIRE(second);
  for (int i = 1; i <= 40; ++i) {
    REQUIRE(second->run("INSERT INTO found (rowid, text) VALUES (?, 'a word')", i));
    if (i % 3 == 0) REQUIRE(second->run("DELETE FROM found WHERE rowid = ?", i / 2));
    CHECK(first.quick_check());
    CHECK(second->quick_check());
    REQUIRE(first.run("UPDATE found SET text = ? WHERE rowid = ?", std::to_string(i), i));
  }
  CHECK(number(first, "SELECT count(*) FROM found WHERE found MATCH '40'") == 1);
}

TEST_CASE("a store opened for reading is read and not changed", "[database]") {
  FaultyDisk disk(1);
  { made(disk); }
  auto database = open(disk, Access::read_only);
  REQUIRE(database);
  CHECK(count_notes(*database) == 1);
  const auto saved = database->run("DELETE FROM note");
  REQUIRE_FALSE(saved);
  CHECK(saved.error().kind == ErrorKind::denied);
}

TEST_CASE("after a checkpoint the log is empty", "[database]") {
  FaultyDisk disk(1);
  auto database = made(disk, 10);
  REQUIRE_FALSE(disk.read("/a.db-wal")->empty());
  REQUIRE(database.checkpoint());
  CHECK(disk.read("/a.db-wal")->empty());
}

TEST_CASE("space is given back when asked, without a file beside the store", "[database]") {
  FaultyDisk disk(1);
  auto database = made(disk, 200);
  REQUIRE(database.run("DELETE FROM note WHERE id > 1"));
  REQUIRE(database.run_script("VACUUM"));
  REQUIRE(database.checkpoint());
  CHECK(disk.read("/a.db")->size() <= 3 * page_bytes);
  CHECK(disk.names() == std::vector<std::string>{"/a.db", "/a.db-wal"});
  CHECK(count_notes(database) == 1);
}

TEST_CASE("a backup holds the store as it was, under the key it was given", "[database][backup]") {
  FaultyDisk disk(1);
  auto database = made(disk, 50);
  REQUIRE(database.backup_to("/b.db", key(9)));
  REQUIRE(database.run("DELETE FROM note"));
  disk.cut_power();
  disk.power_on();  // durable: nothing of the copy was waiting
  auto copy = Database::open("/b.db", key(9), {.vfs = disk.vfs_name()});
  REQUIRE(copy);
  CHECK(copy->quick_check());
  CHECK(count_notes(*copy) == 50);
  CHECK_FALSE(Database::open("/b.db", key(1), {.vfs = disk.vfs_name()}));
}

TEST_CASE("a backup never overwrites, and leaves nothing behind when it fails",
          "[database][backup]") {
  FaultyDisk disk(1);
  auto database = made(disk, 50);
  const auto taken = database.backup_to("/a.db", key());
  REQUIRE_FALSE(taken);
  CHECK(taken.error().kind == ErrorKind::invalid);
  const auto names = disk.names();
  for (std::uint64_t n = 1;; ++n) {
    CAPTURE(n);
    disk.fail_at(n, simulation::Fault::full);
    const auto copied = database.backup_to("/b.db", key());
    if (disk.armed()) break;
    if (copied) {  // only the log that was to be removed at the end stayed a moment longer
      disk.remove("/b.db");
      continue;
    }
    CHECK(copied.error().kind == ErrorKind::unavailable);
    REQUIRE(disk.names() == names);
  }
  CHECK(count_notes(database) == 50);
}
