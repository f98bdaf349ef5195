// Stores that earlier versions made, each kept since: opened, brought up to date, and checked.
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>
#include <set>

#include "sync/store/checker.h"
#include "sync/store/node_schema.h"
#include "tests/node/in_process_hub.h"
#include "tests/simulation/faulty_disk.h"

namespace throughgate::node::testing {
namespace {

struct Kept {
  std::optional<crypto::DatabaseKey> key;
  std::size_t entries = 0;
  std::map<std::string, std::string> digests;  // by dossier
};

crypto::DatabaseKey key_from(const std::string& hex) {
  const auto bytes = crypto::from_hex(hex);
  REQUIRE(bytes);
  REQUIRE(bytes->size() == 32);
  return crypto::DatabaseKey(std::span<const std::uint8_t, 32>(*bytes));
}

Kept read_notes(const std::filesystem::path& path) {
  std::ifstream in(path);
  Kept out;
  for (std::string word; in >> word;) {
    std::string first;
    in >> first;
    if (word == "key") out.key.emplace(key_from(first));
    if (word == "entries") out.entries = std::stoul(first);
    if (word == "digest") in >> out.digests[first];
  }
  REQUIRE(out.key);
  REQUIRE_FALSE(out.digests.empty());
  return out;
}

std::vector<std::filesystem::path> kept_files() {
  std::vector<std::filesystem::path> out;
  for (const auto& each : std::filesystem::directory_iterator(KEPT_FOLDER)) {
    if (each.path().extension() == ".db") out.push_back(each.path());
  }
  return out;
}

Kept notes_of(std::filesystem::path file) { return read_notes(file.replace_extension(".txt")); }

std::uint64_t at_any_time() { return 1'790'000'000'000; }

// Whole, brought up to date, and with the digests that were noted when it was kept?
void check_same(OpenNode& node, const Kept& kept) {
  REQUIRE(node.has_identity());
  while (must(node.read_again(1)) > 0) {
  }
  const auto report = must(sync::store::check_store(node.database(), node.context()));
  for (const auto& fault : report.faults) CHECK(fault.what.empty());
  CHECK(report.entries == kept.entries);
  CHECK(report.not_read_again == 0);
  std::map<std::string, std::string> digests;
  for (const auto& [dossier, at] : report.digests) {
    digests[dossier.hex()] = crypto::to_hex(at.digest);
  }
  CHECK(digests == kept.digests);
}

// Every table with its columns, and every index with its statement.
std::set<std::string> shape_of(sync::store::Database& database) {
  std::set<std::string> out;
  sync::store::UnitOfWork work(database, sync::store::Purpose::reading);
  const auto note = [&](const sync::store::Statement& row) {
    std::string line;
    for (int i = 0; i < 6; ++i) line += row.text(i) + "|";
    out.insert(line);
  };
  work.each(
      "SELECT m.name, x.name, x.type, x.\"notnull\", x.dflt_value, x.pk * 10 + x.hidden FROM "
      "sqlite_schema m JOIN pragma_table_xinfo(m.name) x WHERE m.type = 'table'",
      sync::store::bound(), note);
  work.each("SELECT name, tbl_name, sql, '', '', '' FROM sqlite_schema WHERE type = 'index'",
            sync::store::bound(), note);
  REQUIRE_FALSE(work.failed());
  return out;
}

}  // namespace

TEST_CASE("a store kept from each version opens, is whole, and shows the same", "[kept]") {
  for (const auto& file : kept_files()) {
    CAPTURE(file.filename().string());
    const Kept kept = notes_of(file);
    const TemporaryFolder folder;
    std::filesystem::copy_file(file, folder.file("store"));
    sync::testing::SeededRandom random(1);
    const auto node = must(OpenNode::open(folder.file("store"), *kept.key,
                                          sync::store::Access::existing, random, at_any_time));
    check_same(*node, kept);
    const auto fresh = must(OpenNode::open(folder.file("new"), *kept.key,
                                           sync::store::Access::create, random, at_any_time));
    CHECK(shape_of(node->database()) == shape_of(fresh->database()));
  }
}

TEST_CASE("whichever page of a store is altered, opening or checking it says which", "[kept]") {
  const std::filesystem::path file = std::filesystem::path(KEPT_FOLDER) / "5.db";
  const Kept kept = notes_of(file);
  std::ifstream in(file, std::ios::binary);
  const crypto::Bytes whole(std::istreambuf_iterator<char>(in), {});
  constexpr std::size_t page_bytes = 4096;
  REQUIRE(whole.size() / page_bytes > 50);
  std::size_t not_opened = 0;
  for (std::size_t page = 0; page < whole.size() / page_bytes; ++page) {
    CAPTURE(page);
    auto bytes = whole;
    bytes[page * page_bytes + 1234] ^= 1;
    simulation::FaultyDisk disk(1);
    disk.load({{"/store", std::move(bytes)}});
    sync::testing::SeededRandom random(1);
    const auto node = OpenNode::open("/store", *kept.key, sync::store::Access::existing, random,
                                     at_any_time, disk.vfs_name());
    not_opened += node ? 0 : 1;
    const auto sound =
        node ? (*node)->database().quick_check() : sync::Result<sync::Done>(node.error());
    REQUIRE_FALSE(sound);
    CHECK(sound.error().kind == sync::ErrorKind::corrupt);
    CAPTURE(sound.error().message);
    CHECK(sound.error().message.find("its page " + std::to_string(page + 1) + " was altered") !=
          std::string::npos);
  }
  CHECK(not_opened > 1);  // page 1, and what is read at the start
}

TEST_CASE("a power cut at any write while a kept store is brought up to date loses nothing",
          "[kept][torture]") {
  for (const auto& file : kept_files()) {
    const Kept kept = notes_of(file);
    std::ifstream in(file, std::ios::binary);
    const simulation::FaultyDisk::Image image{
        {"/store", crypto::Bytes(std::istreambuf_iterator<char>(in), {})}};
    sync::testing::SeededRandom random(1);
    std::uint64_t cuts = 0;
    for (bool struck = true; struck;) {
      CAPTURE(file.filename().string(), ++cuts);
      simulation::FaultyDisk disk(cuts);
      disk.load(image);
      const auto open = [&] {
        return OpenNode::open("/store", *kept.key, sync::store::Access::existing, random,
                              at_any_time, disk.vfs_name());
      };
      disk.cut_power_at(cuts);
      if (const auto node = open()) {
        for (auto left = (*node)->read_again(1); left && *left > 0;) left = (*node)->read_again(1);
      }
      struck = !disk.armed();
      disk.cut_power();
      disk.power_on();
      check_same(*must(open()), kept);
    }
    CHECK(cuts > 1);
  }
}

TEST_CASE("a store of this version is kept", "[kept]") {
  const auto version = std::to_string(sync::store::node_migrations().back().version);
  CHECK(std::filesystem::exists(std::filesystem::path(KEPT_FOLDER) / (version + ".db")));
}

}  // namespace throughgate::node::testing
