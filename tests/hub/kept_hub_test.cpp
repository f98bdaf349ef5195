// Stores kept of a hub's versions: opened, brought up to date by the shipped migrations, whatever
// happens meanwhile, and still holding the same. That of the first version was made by a later
// program, which took out what later versions brought, as no file of that time was kept.
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "hub/store/schema.h"
#include "hub/wire.h"
#include "schema/enrolment.pb.h"
#include "tests/hub/made_up.h"

namespace throughgate::hub::testing {
namespace {

using simulation::FaultyDisk;

struct KeptOrder {
  std::uint64_t length = 0;
  std::string head;

  friend bool operator==(const KeptOrder&, const KeptOrder&) = default;
};
using KeptOrders = std::map<std::string, KeptOrder>;  // by dossier

sync::store::OpenOptions on(const FaultyDisk& disk) {
  sync::store::OpenOptions options;
  options.vfs = disk.vfs_name();
  return options;
}

std::filesystem::path kept_file(std::int64_t version, const char* ending) {
  return std::filesystem::path(KEPT_FOLDER) / (std::to_string(version) + "." + ending);
}

std::int64_t present_version() { return hub_migrations().back().version; }

std::set<std::int64_t> kept_versions() {
  std::set<std::int64_t> out;
  for (const auto& file : std::filesystem::directory_iterator(KEPT_FOLDER)) {
    if (file.path().extension() == ".db") out.insert(std::stoll(file.path().stem().string()));
  }
  return out;
}

FaultyDisk::Image kept_image(std::int64_t version = 1) {
  std::ifstream in(kept_file(version, "db"), std::ios::binary);
  REQUIRE(in);
  return {{hub_file, Bytes(std::istreambuf_iterator<char>(in), {})}};
}

KeptOrders kept_orders(std::int64_t version = 1) {
  std::ifstream in(kept_file(version, "txt"));
  KeptOrders out;
  std::string dossier;
  KeptOrder order;
  while (in >> dossier >> order.length >> order.head) out[dossier] = order;
  REQUIRE(out.size() == 2);
  return out;
}

DossierId dossier_from(const std::string& hex) {
  return DossierId::from(*crypto::from_hex(hex)).value();
}

// Each order as the chain of its own records and entries says, from its start.
KeptOrders orders_in(SqliteStore& store, const KeptOrders& known) {
  KeptOrders out;
  auto transaction = StoreTransaction::begin(store);
  REQUIRE(transaction);
  for (const auto& [hex, ignored] : known) {
    const auto id = dossier_from(hex);
    const auto chain = store.chain(id);
    if (!chain) continue;
    Hash head = sync::chain_start(id);
    for (std::uint64_t dsn = 1; dsn <= chain->length; ++dsn) {
      const auto placed = store.read_entry(chain->id, dsn);
      if (!placed || sync::entry_hash(placed->entry.header) != placed->record.entry) continue;
      head = sync::chain_next(head, placed->record);
    }
    out[hex] = {chain->length, crypto::to_hex(head)};
  }
  CHECK_FALSE(store.fault());
  return out;
}

std::uint64_t entries_of(const KeptOrders& orders) {
  std::uint64_t out = 0;
  for (const auto& [dossier, order] : orders) out += order.length;
  return out;
}

std::int64_t version_on(const FaultyDisk& disk) {
  auto database = sync::store::Database::open(hub_file, hub_file_key(), on(disk));
  REQUIRE(database);
  const auto version = sync::store::version_of(*database);
  REQUIRE(version);
  return *version;
}

// Every table, index and trigger, as its statement says.
std::string shape_on(const FaultyDisk& disk) {
  auto database = sync::store::Database::open(hub_file, hub_file_key(), on(disk));
  REQUIRE(database);
  std::string out;
  sync::store::UnitOfWork work(*database, sync::store::Purpose::reading);
  work.each("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name",
            sync::store::bound(), [&](const auto& row) { out += row.text(0) + ";\n"; });
  REQUIRE_FALSE(work.failed());
  return out;
}

using Rows = std::map<std::string, std::uint64_t>;  // of each table

Rows rows_on(const FaultyDisk& disk) {
  auto database = sync::store::Database::open(hub_file, hub_file_key(), on(disk));
  REQUIRE(database);
  sync::store::UnitOfWork work(*database, sync::store::Purpose::reading);
  Rows out;
  work.each("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
            sync::store::bound(), [&](const auto& row) { out[row.text(0)] = 0; });
  for (auto& [table, rows] : out) {
    rows = work.first("SELECT count(*) FROM " + table, sync::store::bound(),
                      sync::store::unsigned_column)
               .value_or(0);
  }
  REQUIRE_FALSE(work.failed());
  return out;
}

Rows kept_rows(std::int64_t version) {
  std::ifstream in(kept_file(version, "rows"));
  Rows out;
  std::string table;
  std::uint64_t rows = 0;
  while (in >> table >> rows) out[table] = rows;
  return out;
}

}  // namespace

TEST_CASE("a hub's store of this version is kept", "[kept]") {
  CHECK(kept_versions().contains(1));
  CHECK(kept_versions().contains(present_version()));
}

TEST_CASE("a hub's store kept from each version opens with all that it holds", "[kept]") {
  for (const auto version : kept_versions()) {
    CAPTURE(version);
    FaultyDisk disk(1);
    disk.load(kept_image(version));
    REQUIRE(version_on(disk) == version);
    const auto kept = kept_orders(version);
    {
      const auto opened = SqliteStore::open(hub_file, hub_file_key(), on(disk));
      REQUIRE(opened);
      CHECK(orders_in(**opened, kept) == kept);
      CHECK((*opened)->counts().entries == entries_of(kept));
    }
    CHECK(version_on(disk) == present_version());
    const auto now = rows_on(disk);
    const auto noted = kept_rows(version);
    if (version > 1) REQUIRE(noted.size() >= 15);
    for (const auto& [table, rows] : noted) {
      CAPTURE(table);
      REQUIRE(now.contains(table));
      CHECK(now.at(table) == rows);
    }
  }
}

TEST_CASE("a power cut at any write while a kept hub's store is brought up to date costs nothing",
          "[kept][torture]") {
  const auto image = kept_image();
  const auto kept = kept_orders();
  int cuts = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    for (std::uint64_t n = 1;; ++n) {
      CAPTURE(seed, n);
      FaultyDisk disk(seed * 1000 + n);
      disk.load(image);
      REQUIRE(version_on(disk) == 1);
      disk.cut_power_at(n);
      { const auto opened = SqliteStore::open(hub_file, hub_file_key(), on(disk)); }
      const bool struck = !disk.armed();
      disk.cut_power();
      disk.power_on();
      {
        const auto again = SqliteStore::open(hub_file, hub_file_key(), on(disk));
        REQUIRE(again);
        CHECK(orders_in(**again, kept) == kept);
        const auto counts = (*again)->counts();
        CHECK(counts.dossiers == 2);
        CHECK(counts.entries == entries_of(kept));
      }
      CHECK(version_on(disk) == present_version());
      if (!struck) break;
      ++cuts;
    }
  }
  CHECK(cuts > 4 * 5);
}

TEST_CASE("a kept hub's store comes to the shape that a fresh one has", "[kept]") {
  const World fresh;
  for (const auto version : kept_versions()) {
    CAPTURE(version);
    FaultyDisk disk(1);
    disk.load(kept_image(version));
    { REQUIRE(SqliteStore::open(hub_file, hub_file_key(), on(disk))); }
    CHECK(shape_on(disk) == shape_on(fresh.disk));
  }
}

TEST_CASE("a hub refuses a store that a newer program made, and leaves it alone", "[kept]") {
  FaultyDisk disk(1);
  disk.load(kept_image());
  { REQUIRE(SqliteStore::open(hub_file, hub_file_key(), on(disk))); }
  {
    auto database = sync::store::Database::open(hub_file, hub_file_key(), on(disk));
    REQUIRE(database);
    REQUIRE(database->run_script("PRAGMA user_version = 1000"));
  }
  const auto before = disk.image();
  const auto opened = SqliteStore::open(hub_file, hub_file_key(), on(disk));
  REQUIRE_FALSE(opened);
  CHECK(opened.error().kind == sync::ErrorKind::invalid);
  CHECK_THAT(opened.error().message, Catch::Matchers::ContainsSubstring("newer version"));
  CHECK(disk.image() == before);
}

// Makes the file of this version, once, by hand after a migration was added: hub_tests "keep a
// hub's store of this version". What is kept stays as it is. It holds a little of everything.
TEST_CASE("keep a hub's store of this version", "[.keep]") {
  REQUIRE_FALSE(std::filesystem::exists(kept_file(present_version(), "db")));
  World world;
  TestDossier first(world), second(world);
  Stream stream = first.begin();
  for (int i = 0; i < 3; ++i) first.add(world.prison_a, stream);
  const auto redacted = world.place(first.id, 2);
  const auto target = world.look(
      first.id, [&](const StoredOrder& order) { return order.entry_at(redacted.dsn).value(); });
  const auto redaction =
      first.write(world.prison_a, stream, TestDossier::redaction_draft(redacted.dsn, target));
  world.sync(world.prison_a, with({redaction}));
  Stream other = second.begin();
  second.add(world.prison_a, other);

  Stream refused = second.new_stream(), early = second.new_stream();
  Draft off;
  off.base_head = Hash{1};
  world.sync(world.partner_a, with({second.write(world.partner_a, refused, off)}));
  second.write(world.desk, early);  // never sent
  world.sync(world.desk, with({second.write(world.desk, early)}));
  world.declare_restore();
  schema::SyncRequest complete;
  complete.set_replay_complete(true);
  for (Node* node : {&world.prison_a, &world.prison_b, &world.partner_a, &world.desk}) {
    world.sync(*node, complete);
  }
  schema::SyncRequest digest;
  auto& said = *digest.add_digests();
  said.set_dossier(wire::text(second.id.bytes));
  said.set_dsn(2);
  said.set_policy_version(std::string(16, 'p'));
  said.set_digest(std::string(16, 'd'));
  world.sync(world.partner_a, digest);
  schema::MailboxRequest letter;
  letter.set_mailbox(std::string(16, 'm'));
  letter.set_slot(schema::MailboxRequest::REQUEST);
  letter.set_put("a letter");
  REQUIRE(world.call(Endpoint::mailbox, letter).status == 200);
  {
    auto transaction = StoreTransaction::begin(world.store());
    world.store().add_directory_snapshot(
        1, sync::Bytes{'a', ' ', 's', 'n', 'a', 'p', 's', 'h', 'o', 't'});
    world.store().keep_receipt(sync::ErasureReceipt{}, 1);
    world.store().keep_receipt(sync::PurgeReceipt{}, 1);
    REQUIRE(transaction->commit());
  }
  std::ofstream notes(kept_file(present_version(), "txt"));
  for (const auto& id : {first.id, second.id}) {
    const auto chain = world.chain(id);
    notes << id.hex() << ' ' << chain.length << ' ' << crypto::to_hex(chain.head) << '\n';
  }
  REQUIRE(world.length(first.id) == 5);
  for (const auto& [table, count] : rows_on(world.disk)) {
    CAPTURE(table);
    REQUIRE(count > 0);
  }
  std::ofstream rows(kept_file(present_version(), "rows"));
  for (const auto& [table, count] : rows_on(world.disk)) rows << table << ' ' << count << '\n';
  {
    auto copy = sync::store::Database::open(hub_file, hub_file_key(), on(world.disk));
    REQUIRE(copy);
    REQUIRE(copy->checkpoint());
  }
  const auto bytes = world.disk.read(hub_file);
  REQUIRE(bytes);
  std::ofstream file(kept_file(present_version(), "db"), std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes->data()),
             static_cast<std::streamsize>(bytes->size()));
  REQUIRE(file.flush());
  REQUIRE(notes.flush());
  REQUIRE(rows.flush());
}

}  // namespace throughgate::hub::testing
