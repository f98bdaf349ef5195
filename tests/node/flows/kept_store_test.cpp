// Stores that earlier versions made, each kept since: opened, brought up to date, and checked.
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>

#include "sync/store/checker.h"
#include "sync/store/node_schema.h"
#include "tests/node/in_process_hub.h"

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

}  // namespace

TEST_CASE("a store kept from each version opens, is whole, and shows the same", "[kept]") {
  for (const auto& file : kept_files()) {
    CAPTURE(file.filename().string());
    auto notes = file;
    const Kept kept = read_notes(notes.replace_extension(".txt"));
    const TemporaryFolder folder;
    std::filesystem::copy_file(file, folder.file("store"));
    sync::testing::SeededRandom random(1);
    const auto node =
        must(OpenNode::open(folder.file("store"), *kept.key, sync::store::Access::existing, random,
                            [] { return std::uint64_t{1'790'000'000'000}; }));
    REQUIRE(node->has_identity());
    while (must(node->read_again(1)) > 0) {
    }
    const auto report = must(sync::store::check_store(node->database(), node->context()));
    for (const auto& fault : report.faults) CHECK(fault.what.empty());
    CHECK(report.entries == kept.entries);
    std::map<std::string, std::string> digests;
    for (const auto& [dossier, digest] : report.digests) {
      digests[dossier.hex()] = crypto::to_hex(digest);
    }
    CHECK(digests == kept.digests);
  }
}

TEST_CASE("a store of this version is kept", "[kept]") {
  const auto version = std::to_string(sync::store::node_migrations().size());
  CHECK(std::filesystem::exists(std::filesystem::path(KEPT_FOLDER) / (version + ".db")));
}

}  // namespace throughgate::node::testing
