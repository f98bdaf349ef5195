#include "node/beside_store.h"

#include <filesystem>

#include "node/bundles/nightly_files.h"
#include "sync/store/passed_on_table.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

Result<Done> remove_all(const std::string& path) {
  std::error_code fault;
  std::filesystem::remove_all(path, fault);
  if (!fault) return Done{};
  return Error{ErrorKind::unavailable,
               "What lies beside the store could not be removed. Check that you may write to its "
               "folder."};
}

// Of the exchange, for whoever made a file: a computer of this organisation may be able to open
// one. Files that still wait are sealed to the exchange, which takes nothing of an erased record.
Result<Done> remove_answers(OpenNode& node) {
  sync::store::UnitOfWork work(node.database());
  sync::store::PassedOnTable(work).remove_answers();
  return work.commit();
}

}  // namespace

Result<Done> remove_copies(OpenNode& node, const DataFolder& folder) {
  const auto no_backup = FileLock::take(folder.backup_lock(), FileLock::Wait::no);
  if (!no_backup) return no_backup.error();
  std::vector<std::string> paths{folder.by_hand(), folder.nightly(), folder.unpacked(),
                                 folder.for_download()};
  for (const auto& store : {folder.rebuilt_store(), folder.new_store()}) {
    for (const char* part : {"", "-wal", "-shm", "-journal"}) paths.push_back(store + part);
  }
  for (const auto& path : paths) {
    if (auto gone = remove_all(path); !gone) return gone;
  }
  if (auto gone = remove_answers(node); !gone) return gone;
  const auto files = nightly_files(node, folder);
  if (!files) return files.error();
  const auto all = all_of(*files);
  if (all.empty()) return Done{};
  auto removal = remove_nightly_files(all, folder);
  if (removal.some_stay) {
    return Error{ErrorKind::unavailable,
                 "Files of an earlier night could not be removed. Check that their folder may be "
                 "written to."};
  }
  return note_nightly_files(node, {0, {}, {}, std::move(removal.left)});  // and so made anew
}

}  // namespace throughgate::node
