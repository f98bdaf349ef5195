#include "node/rebuild.h"

#include <filesystem>
#include <fstream>

#include "sync/store/inventory.h"
#include "sync/store/row_copy.h"
#include "tests/disk_faults/moments.h"
#include "tests/node/backup/backup_world.h"
#include "tests/simulation/faulty_disk.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
using sync::ErrorKind;
using sync::store::Inventory;
using sync::store::RebuildReport;
using throughgate::testing::FailingDisk;
using throughgate::testing::Fault;

namespace {

namespace fs = std::filesystem;

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Inventory inventory_of(OpenNode& node) {
  sync::store::UnitOfWork work(node.database(), sync::store::Purpose::reading);
  const auto out = sync::store::take_inventory(work);
  if (work.failed()) FAIL(work.error().message);
  return out;
}

struct RebuildWorld : BackupWorld {
  void alter(std::string_view sql) { must(prison.node->database().run_script(sql)); }
  sync::Result<RebuildReport> rebuild() {
    prison.node.reset();
    auto report = node::rebuild(prison.folder, key, world.random, world.clock, {});
    prison.reopen();
    return report;
  }
};

// An INSERT of one more row, of values that no row has.
std::string made_up_row(sync::store::Database& database, const std::string& table) {
  auto asked = must(database.prepare("SELECT name, type FROM pragma_table_info('" + table + "')"));
  std::string columns, values;
  while (must(asked.step())) {
    const std::string type(asked.text(1));
    columns.append(columns.empty() ? "" : ", ").append(asked.text(0));
    values.append(values.empty() ? "" : ", ");
    values.append(type == "TEXT" ? "'7'" : type == "BLOB" ? "x'0707'" : "7777");
  }
  std::string out = "INSERT INTO ";
  return out.append(table).append(" (" + columns + ") VALUES (").append(values + ")");
}

}  // namespace

TEST_CASE("a rebuild mends whatever is made from what was signed", "[rebuild]") {
  for (const char* sql :
       {"UPDATE op SET value = x'41' WHERE entry = (SELECT id FROM entry WHERE dsn = 2)",
        "DELETE FROM op", "DELETE FROM search_row; DELETE FROM field",
        "INSERT INTO field VALUES (NULL, 10, 1, zeroblob(8), 9, x'41', 0)",
        "UPDATE search_open SET text = 'else'",
        "INSERT INTO search_open (rowid, text) VALUES (99999, 'else')", "DELETE FROM membership",
        "UPDATE entry SET role = NULL, inert = 1, clock_ms = 0, effective_ms = 0",
        "UPDATE entry SET content = 3, actor = NULL, stream = zeroblob(8)",
        "UPDATE dossier SET length = 4, readable = 1, chain = zeroblob(32)",
        "UPDATE dossier SET receiving = 2, kind = 9",
        "INSERT INTO redaction SELECT id, 2, id FROM entry WHERE dsn = 1"}) {
    RebuildWorld at;
    INFO(sql);
    const auto before = digests_of(*at.prison.node);
    const auto names = names_of(*at.prison.node);
    const auto kept = inventory_of(*at.prison.node);
    at.alter(sql);
    const auto damaged =
        must(sync::store::check_store(at.prison.node->database(), at.prison.node->context()));
    REQUIRE_FALSE(damaged.faults.empty());
    const auto report = must(at.rebuild());
    CHECK(report.faults.empty());
    CHECK(report.dossiers == 1);
    CHECK(digests_of(*at.prison.node) == before);
    CHECK(names_of(*at.prison.node) == names);
    CHECK(inventory_of(*at.prison.node) == kept);
  }
}

TEST_CASE("a fault in what was signed is told from one that a rebuild mends", "[rebuild]") {
  const auto all_derived = [](const char* sql) {
    RebuildWorld at;
    at.alter(sql);
    const auto report =
        must(sync::store::check_store(at.prison.node->database(), at.prison.node->context()));
    REQUIRE_FALSE(report.faults.empty());
    return std::all_of(report.faults.begin(), report.faults.end(),
                       [](const auto& fault) { return fault.is_derived; });
  };
  CHECK(all_derived("DELETE FROM op"));
  CHECK(all_derived("UPDATE field SET value = x'41' WHERE id = 1"));
  CHECK(
      all_derived("INSERT INTO op SELECT 99, record, type, field, entry, source, 99, kind, "
                  "value, removed, supersedes, again FROM op LIMIT 1"));
  CHECK_FALSE(all_derived("UPDATE entry SET signature = zeroblob(64) WHERE dsn = 2"));
  CHECK_FALSE(all_derived("UPDATE dossier_key SET key = zeroblob(32)"));
}

TEST_CASE("where what was signed is damaged a rebuild says where, and changes nothing",
          "[rebuild]") {
  for (const char* sql :
       {"UPDATE entry SET signature = zeroblob(64) WHERE dsn = 2",
        "UPDATE part SET sealed = zeroblob(99) WHERE entry = 2",
        "UPDATE entry SET header = zeroblob(225) WHERE dsn IS NULL",
        "UPDATE dossier SET proof = NULL", "UPDATE dossier_key SET key = zeroblob(32)"}) {
    RebuildWorld at;
    INFO(sql);
    at.alter(sql);
    must(at.prison.node->database().checkpoint());
    const auto before = bytes_of(at.prison.folder.store());
    const auto report = must(at.rebuild());
    CHECK_FALSE(report.faults.empty());
    CHECK(bytes_of(at.prison.folder.store()) == before);
    CHECK_FALSE(fs::exists(at.prison.folder.rebuilt_store()));
  }
}

TEST_CASE("a rebuild keeps what no entry tells, and the computer goes on where it was",
          "[rebuild]") {
  RebuildWorld at;
  at.alter(
      "INSERT INTO notice (at_ms, kind, detail) VALUES (7, 1, 2);"
      "INSERT INTO import_row (key, dossier) VALUES (x'01', x'02');"
      "INSERT INTO setting (name, value) VALUES ('made up', x'03');"
      "UPDATE entry SET waiting_since_ms = 5 WHERE dsn IS NULL");
  const auto kept = inventory_of(*at.prison.node);
  must(at.rebuild());
  CHECK(inventory_of(*at.prison.node) == kept);
  const auto sent = must(at.prison.sync(at.hub));
  CHECK(sent.counts.sent == 1);
  at.record("Cy Pretended");  // in the stream of before
  const auto next = must(at.prison.sync(at.hub));
  CHECK(next.counts.sent == 1);
  CHECK(next.counts.refused == 0);
  CHECK(names_of(*at.prison.node).size() == 4);
  digests_of(*at.prison.node);
}

TEST_CASE("every table of a store is made anew by a rebuild or copied, whatever comes to it later",
          "[rebuild]") {
  RebuildWorld at;
  const auto rows = [&] {
    std::map<std::string, std::uint64_t> out;
    auto& database = at.prison.node->database();
    for (const auto& table : must(sync::store::tables_of(database))) {
      auto count = must(database.prepare("SELECT count(*) FROM " + table));
      must(count.step());
      out[table] = count.unsigned_integer(0);
    }
    return out;
  };
  at.alter("CREATE TABLE of_a_later_version (a INTEGER, b TEXT)");  // then it is in no fresh store
  at.alter("INSERT INTO wanted VALUES (x'01', x'02', 1, x'03')");
  auto before = rows();
  CHECK(before.size() > 20);
  must(at.rebuild());
  CHECK(before.erase("of_a_later_version") == 1);
  CHECK(rows() == before);
}

TEST_CASE("every table is in the inventory of a store, or follows from what is", "[rebuild]") {
  // Made from entries, the list or each other, or told by the exchange once more.
  const std::set<std::string> follows{
      "author", "membership", "redaction",   "op",           "field",   "search_row",    "wanted",
      "actor",  "digest",     "key_renewal", "stream_actor", "closing", "erased_dossier"};
  RebuildWorld at;
  at.alter(
      "INSERT INTO audit VALUES (0, 1, x'01', 1, x'02', x'03', 0, x'', 0, '', x'04', x'', x'', "
      "x'')");
  auto& database = at.prison.node->database();
  std::size_t looked_at = 0;
  for (const auto& table : must(sync::store::tables_of(database))) {
    if (follows.contains(table) || table.starts_with("search_")) continue;
    INFO(table);
    sync::store::UnitOfWork work(database);  // and never committed
    const auto before = sync::store::take_inventory(work);
    work.run("PRAGMA defer_foreign_keys = ON");
    // These are shown with what they belong to, which such a row would not have.
    const bool joined = table == "part" || table == "dossier_key";
    work.run(joined ? "DELETE FROM " + table : made_up_row(database, table));
    CHECK_FALSE(sync::store::take_inventory(work) == before);
    CHECK_FALSE(work.failed());
    ++looked_at;
  }
  CHECK(looked_at > 20);
}

TEST_CASE("a page that does not open, of what is made from signed entries, is mended",
          "[rebuild]") {
  RebuildWorld at;
  const auto before = digests_of(*at.prison.node);
  std::uint64_t page = 0;
  {
    sync::store::UnitOfWork work(at.prison.node->database(), sync::store::Purpose::reading);
    page = work.first("SELECT rootpage FROM sqlite_schema WHERE name = 'field_by_value'",
                      sync::store::bound(), sync::store::unsigned_column)
               .value();
  }
  must(at.prison.node->database().checkpoint());
  at.prison.node.reset();
  {
    std::fstream file(at.prison.folder.store(), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<long>((page - 1) * 4096 + 100));
    file.put('\x55').put('\xAA').put('\x55');
  }
  at.prison.reopen();
  REQUIRE(refusal(at.prison.node->database().quick_check()).kind == ErrorKind::corrupt);
  must(at.rebuild());
  CHECK(digests_of(*at.prison.node) == before);
}

TEST_CASE("nobody rebuilds a store that another program has open, nor opens one being rebuilt",
          "[rebuild]") {
  RebuildWorld at;
  {
    const auto serving = must(at.prison.folder.share_store());
    const auto command = must(at.prison.folder.share_store());
    CHECK(says(refusal(at.prison.folder.have_store_alone()), "End \"serve\""));
  }
  const auto rebuilding = must(at.prison.folder.have_store_alone());
  CHECK(says(refusal(at.prison.folder.share_store()), "Try again"));
  CHECK(says(refusal(at.prison.folder.have_store_alone()), "Nothing was changed."));
}

TEST_CASE(
    "a failing or full disk, or an end, at any change of a rebuild leaves the old store or "
    "the new one",
    "[rebuild][faults]") {
  RebuildWorld at;
  const auto names = names_of(*at.prison.node);
  const auto sound = digests_of(*at.prison.node);
  at.alter("DELETE FROM search_row; DELETE FROM field");
  must(at.prison.node->database().checkpoint());
  at.prison.node.reset();
  const auto damaged = bytes_of(at.prison.folder.store());
  const auto run = [&] {
    return node::rebuild(at.prison.folder, at.key, at.world.random, at.world.clock, {});
  };
  const auto changes = [&] {
    const FailingDisk never;
    must(run());
    return never.changes();
  }();
  REQUIRE(changes.all > 40);
  const auto fail_at = [&](Fault fault, std::uint64_t n) {
    for (const char* log : {"-wal", "-shm"}) fs::remove(at.prison.folder.store() + log);
    std::ofstream(at.prison.folder.store(), std::ios::binary) << damaged;
    bool done = false, struck = false;
    {
      FailingDisk disk(fault, n);
      done = run().has_value();
      struck = disk.has_struck();
    }
    at.prison.reopen();
    must(at.prison.node->database().quick_check());  // the old one or the new one, and whole
    if (!done) must(at.rebuild());
    CHECK(digests_of(*at.prison.node) == sound);
    CHECK_FALSE(fs::exists(at.prison.folder.rebuilt_store()));
    at.prison.node.reset();
    return struck;
  };
  throughgate::testing::Moments moments(60);
  moments.each("rebuilding", changes, fail_at, {Fault::io_error, Fault::full, Fault::dead});
  moments.print("rebuilding");
  at.prison.reopen();
  CHECK(names_of(*at.prison.node) == names);
}

TEST_CASE("a power cut at any write of a rebuild leaves the old store or the new one",
          "[rebuild][faults]") {
  RebuildWorld at;
  const auto sound = digests_of(*at.prison.node);
  at.alter("DELETE FROM search_row; DELETE FROM field");
  must(at.prison.node->database().checkpoint());
  const auto damaged = bytes_of(at.prison.folder.store());
  const simulation::FaultyDisk::Image image{{"/store.db", {damaged.begin(), damaged.end()}}};
  std::uint64_t struck = 0;
  std::uint64_t rebuilt = 0;
  for (std::uint64_t n = 1; n < 10'000; n += struck < 40 ? 1 : 3) {
    simulation::FaultyDisk disk(n);
    disk.load(image);
    const auto open = [&] {
      return OpenNode::open("/store.db", at.key, sync::store::Access::existing, at.world.random,
                            at.world.clock, disk.vfs_name());
    };
    disk.cut_power_at(n);
    bool made = false;
    if (auto kept = open()) {
      const auto report = rebuild_into(**kept, "/store.db.rebuilt", at.key, {}, disk.vfs_name());
      made = report && (*kept)->database().checkpoint().has_value();
    }
    // What move_file() does, once the logs are away.
    if (made) disk.rename("/store.db.rebuilt", "/store.db");
    const bool is_over = disk.armed();
    if (!disk.powered() || is_over) {
      disk.disarm();
      disk.cut_power();
    }
    disk.power_on();
    INFO("change " << n);
    const auto after = must(open());
    must(after->database().quick_check());
    const auto report = must(sync::store::check_store(after->database(), after->context()));
    if (report.faults.empty()) {
      ++rebuilt;
      CHECK(digests_of(*after) == sound);
    } else {
      CHECK(std::all_of(report.faults.begin(), report.faults.end(),
                        [](const auto& fault) { return fault.is_derived; }));
      disk.remove("/store.db.rebuilt");  // as the next rebuild does first
      disk.remove("/store.db.rebuilt-wal");
      disk.remove("/store.db.rebuilt-journal");
      must(rebuild_into(*after, "/store.db.rebuilt", at.key, {}, disk.vfs_name()));
    }
    if (is_over) break;
    ++struck;
  }
  CHECK(struck > 20);
  CHECK(rebuilt > 0);
}
