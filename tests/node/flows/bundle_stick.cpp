#include "tests/node/flows/bundle_stick.h"

#include <filesystem>

#include "node/bundles/export.h"
#include "node/bundles/import.h"
#include "sync/store/bundle_folder.h"

namespace throughgate::node::testing {
namespace {

using sync::store::bound;
using sync::store::Statement;
using sync::store::UnitOfWork;

std::vector<std::string> texts(UnitOfWork& work, const std::string& sql) {
  std::vector<std::string> out;
  work.each(sql, bound(), [&](const Statement& row) { out.push_back(std::string(row.text(0))); });
  return out;
}

std::string all_columns(UnitOfWork& work, const std::string& table) {
  std::string out;
  for (const auto& column : texts(work, "SELECT name FROM pragma_table_info('" + table + "')")) {
    out += (out.empty() ? "quote(" : "||'|'||quote(") + ("\"" + column + "\"") + ")";
  }
  return out;
}

}  // namespace

std::size_t Stick::files() const {
  std::size_t out = 0;
  for (const auto& each : std::filesystem::directory_iterator(path())) out += each.exists() ? 1 : 0;
  return out;
}

std::vector<std::string> Stick::carry(Site& from, const Site& to, std::size_t limit) {
  const auto readers = must(readers_of(*from.node, to.organisation));
  const auto report = must(export_bundles(*from.node, readers, path(), limit));
  std::vector<std::string> out;
  for (const auto& file : report.files) out.push_back(folder_.file(file.file_name));
  return out;
}

std::string Stick::keep(World& world, Site& site) {
  const auto copy = folder_.file("kept-" + std::to_string(++kept_));
  world.restart(site, [&] { std::filesystem::copy_file(world.store_path(site), copy); });
  return copy;
}

void Stick::put_back(World& world, Site& site, const std::string& kept) {
  const auto store = world.store_path(site);
  world.restart(site, [&] {
    for (const char* beside : {"", "-wal", "-shm"}) std::filesystem::remove(store + beside);
    std::filesystem::copy_file(kept, store);
  });
}

std::vector<crypto::Bytes> for_hub(Site& from, std::size_t limit) {
  TemporaryFolder stick;
  const auto readers = must(hub_readers(*from.node));
  const auto report = must(export_bundles(*from.node, readers, stick.file("."), limit));
  std::vector<crypto::Bytes> out;
  for (const auto& file : report.files) {
    out.push_back(must(sync::store::read_bundle_file(stick.file(file.file_name))));
  }
  return out;
}

sync::store::UnpackedCounts take_all(Site& site, const std::vector<crypto::Bytes>& files) {
  sync::store::UnpackedCounts counts;
  for (const auto& file : files) counts += must(take_bundle(*site.node, file));
  return counts;
}

std::vector<std::string> everything_in(Site& site) {
  UnitOfWork work(site.node->database(), sync::store::Purpose::reading);
  std::vector<std::string> out;
  const auto tables = texts(work,
                            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE "
                            "'search%' AND name NOT LIKE 'sqlite%' ORDER BY name");
  for (const auto& table : tables) {
    for (auto& row :
         texts(work, "SELECT " + all_columns(work, table) + " FROM " + table + " ORDER BY 1")) {
      out.push_back(table + ": " + std::move(row));
    }
  }
  must(work.commit());
  return out;
}

std::vector<std::string> shown_in(Site& site) {
  UnitOfWork work(site.node->database(), sync::store::Purpose::reading);
  const std::string cases =
      "(SELECT d.id FROM dossier d JOIN entry e ON e.dossier = d.id GROUP BY d.id "
      "HAVING count(DISTINCT e.author) > 1 OR d.receiving = 1)";
  auto out = texts(work,
                   "SELECT quote(d.dossier)||quote(f.record)||f.type||' '||f.field||' '||"
                   "quote(f.value)||f.flags FROM field f JOIN dossier d ON d.id = f.dossier "
                   "WHERE f.type IN (SELECT DISTINCT type FROM op) AND d.id IN " +
                       cases + " ORDER BY 1");
  for (auto& row : texts(work,
                         "SELECT quote(d.dossier)||d.length||' '||quote(d.chain)||d.proven "
                         "FROM dossier d WHERE d.id IN " +
                             cases + " ORDER BY 1")) {
    out.push_back(std::move(row));
  }
  for (auto& row : texts(work,
                         "SELECT quote(hash)||ifnull(dsn, 'no place')||' '||"
                         "ifnull(effective_ms, 'sealed')||ifnull(role, '') FROM entry "
                         "WHERE dossier IN " +
                             cases + " ORDER BY 1")) {
    out.push_back(std::move(row));
  }
  must(work.commit());
  return out;
}

}  // namespace throughgate::node::testing
