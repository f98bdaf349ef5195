// A store in the shape of a hub's first version, kept: opened, brought up to date by the shipped
// migrations, whatever happens meanwhile, and still holding the same orders. A later program made
// it and took out what later versions brought, as no file of that time was kept.
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>
#include <map>

#include "hub/store/schema.h"
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

std::filesystem::path kept_file(const char* ending) {
  return std::filesystem::path(KEPT_FOLDER) / (std::string("1.") + ending);
}

FaultyDisk::Image kept_image() {
  std::ifstream in(kept_file("db"), std::ios::binary);
  REQUIRE(in);
  return {{hub_file, Bytes(std::istreambuf_iterator<char>(in), {})}};
}

KeptOrders kept_orders() {
  std::ifstream in(kept_file("txt"));
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

}  // namespace

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
      CHECK(version_on(disk) == hub_migrations().back().version);
      if (!struck) break;
      ++cuts;
    }
  }
  CHECK(cuts > 4 * 5);
}

TEST_CASE("a kept hub's store comes to the shape that a fresh one has", "[kept]") {
  FaultyDisk disk(1);
  disk.load(kept_image());
  { REQUIRE(SqliteStore::open(hub_file, hub_file_key(), on(disk))); }
  const World fresh;
  CHECK(shape_on(disk) == shape_on(fresh.disk));
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

// Made the file above, once: hub_tests "keep a hub's store of version 1". Two orders, envelopes, a
// redaction; then what later versions brought is taken away again.
TEST_CASE("keep a hub's store of version 1", "[.keep]") {
  REQUIRE_FALSE(std::filesystem::exists(kept_file("db")));
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

  std::ofstream notes(kept_file("txt"));
  for (const auto& id : {first.id, second.id}) {
    const auto chain = world.chain(id);
    notes << id.hex() << ' ' << chain.length << ' ' << crypto::to_hex(chain.head) << '\n';
  }
  REQUIRE(world.length(first.id) == 5);
  auto copy = sync::store::Database::open(hub_file, hub_file_key(), on(world.disk));
  REQUIRE(copy);
  REQUIRE(copy->run_script(
      "DROP TRIGGER chain_begun; DROP TRIGGER chain_gone; DROP TRIGGER chain_moved;"
      "DROP TRIGGER late_entry_kept; DROP TRIGGER late_entry_gone; DROP TABLE owned;"
      "DROP TABLE totals; DROP INDEX hold_age; DROP TABLE letter; PRAGMA user_version = 1"));
  REQUIRE(copy->checkpoint());
  const auto bytes = world.disk.read(hub_file);
  REQUIRE(bytes);
  std::ofstream file(kept_file("db"), std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes->data()),
             static_cast<std::streamsize>(bytes->size()));
  REQUIRE(file.flush());
  REQUIRE(notes.flush());
}

}  // namespace throughgate::hub::testing
