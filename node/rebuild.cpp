#include "node/rebuild.h"

#include <filesystem>

#include "sync/store/checker.h"
#include "sync/store/inventory.h"
#include "sync/store/node_schema.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::Database;
using sync::store::Inventory;
using sync::store::RebuildReport;

constexpr std::string_view log_endings[] = {"-wal", "-shm", "-journal"};

Error not_the_same() {
  return {ErrorKind::corrupt,
          "The store could not be made anew: what came out is not all that was kept. Nothing was "
          "changed. Keep this computer as it is, and ring the central team."};
}

Result<Inventory> inventory_of(Database& database) {
  sync::store::UnitOfWork moment(database, sync::store::Purpose::reading);
  auto inventory = sync::store::take_inventory(moment);
  if (moment.failed()) return moment.error();
  return inventory;
}

// Is all there, and does everything follow from it?
Result<Done> prove(Database& anew, const Inventory& original, const OpenNode& node) {
  const auto inventory = inventory_of(anew);
  if (!inventory) return inventory.error();
  if (*inventory != original) return not_the_same();
  if (auto sound = anew.quick_check(); !sound) return sound;
  const auto report = sync::store::check_store(anew, node.context());
  if (!report) return report.error();
  if (!report->faults.empty()) return not_the_same();
  return Done{};
}

Result<Done> remove_with_logs(const std::string& path) {
  std::error_code fault;
  std::filesystem::remove(path, fault);
  for (const auto ending : log_endings) {
    if (!fault) std::filesystem::remove(path + std::string(ending), fault);
  }
  if (!fault) return Done{};
  return Error{ErrorKind::unavailable,
               "What an interrupted rebuild left in this folder could not be removed. Nothing was "
               "changed. Check that you may write to the folder, then try again."};
}

// The log of the old store must be gone: it would spoil the new one under its name.
Result<Done> leave_no_log(const std::string& store) {
  for (const auto ending : log_endings) {
    const std::string log = store + std::string(ending);
    std::error_code fault;
    const auto bytes = std::filesystem::file_size(log, fault);
    if (fault == std::errc::no_such_file_or_directory) continue;
    const bool holds_changes = ending != "-shm" && (fault || bytes > 0);
    if (!holds_changes) std::filesystem::remove(log, fault);
    if (holds_changes || fault) {
      return Error{ErrorKind::unavailable,
                   "The store's log could not be put away, so nothing was changed. Try again."};
    }
  }
  return Done{};
}

Result<RebuildReport> rebuild_beside(const DataFolder& folder, const crypto::DatabaseKey& key,
                                     crypto::Random& random, const Clock& clock,
                                     const sync::store::RebuildProgress& progress) {
  auto kept = OpenNode::open(folder.store(), key, sync::store::Access::existing, random, clock);
  if (!kept) return kept.error();
  if (!(*kept)->has_identity()) {
    return Error{ErrorKind::corrupt, "This store was never finished. Make a new one with init."};
  }
  auto report = rebuild_into(**kept, folder.rebuilt_store(), key, progress);
  if (!report || !report->faults.empty()) return report;
  if (auto done = (*kept)->database().checkpoint(); !done) return done.error();
  return report;
}

}  // namespace

Result<RebuildReport> rebuild_into(OpenNode& kept, const std::string& path,
                                   const crypto::DatabaseKey& key,
                                   const sync::store::RebuildProgress& progress,
                                   const std::string& vfs) {
  sync::store::OpenOptions options;
  options.access = sync::store::Access::create;
  options.vfs = vfs;
  auto anew = Database::open(path, key, options);
  if (!anew) return anew.error();
  auto made =
      sync::store::migrate(*anew, sync::store::node_migrations(), sync::store::node_application_id);
  if (!made) return made.error();
  auto report = sync::store::rebuild_store(kept.database(), *anew, kept.context(), progress);
  if (!report || !report->faults.empty()) return report;
  const auto original = inventory_of(kept.database());
  if (!original) return original.error();
  if (auto proven = prove(*anew, *original, kept); !proven) return proven.error();
  if (auto done = anew->checkpoint(); !done) return done.error();
  return report;
}

Result<RebuildReport> rebuild(const DataFolder& folder, const crypto::DatabaseKey& key,
                              crypto::Random& random, const Clock& clock,
                              const sync::store::RebuildProgress& progress) {
  const std::string fresh = folder.rebuilt_store();
  if (auto cleared = remove_with_logs(fresh); !cleared) return cleared.error();
  auto report = rebuild_beside(folder, key, random, clock, progress);
  if (report && report->faults.empty()) {
    auto swapped = leave_no_log(folder.store());
    if (swapped) swapped = leave_no_log(fresh);
    if (swapped) swapped = move_file(fresh, folder.store());
    if (!swapped) report = swapped.error();
  }
  static_cast<void>(remove_with_logs(fresh));  // of use to nobody; the next rebuild removes it too
  return report;
}

}  // namespace throughgate::node
