#include <filesystem>

#include "node/audit.h"
#include "node/backup/backup.h"
#include "node/restored.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

Error already_here() {
  return {ErrorKind::invalid,
          "This folder already holds a Throughgate store. Nothing was changed. Name an empty "
          "folder with --data."};
}

Result<Done> check_whose(const OpenNode& node, const BackupManifest& manifest) {
  const bool same = node.has_identity() && node.identity().node == manifest.node &&
                    node.identity().organisation == manifest.organisation &&
                    node.identity().signing_key.verify_key() == manifest.verify_key;
  if (same) return Done{};
  return Error{ErrorKind::rejected,
               "This backup was not signed by the computer whose store it holds. Nothing was "
               "changed. Use another backup, and tell the central team."};
}

// The store in `unpacked` becomes one that was restored; all of it stands in its one file then.
Result<Done> make_restored(const DataFolder& unpacked, const BackupManifest& manifest,
                           const crypto::DatabaseKey& key, crypto::Random& random,
                           const Clock& clock) {
  auto node = OpenNode::open(unpacked.store(), key, sync::store::Access::existing, random, clock);
  if (!node) return node.error();
  if (auto same = check_whose(**node, manifest); !same) return same;
  if (auto marked = mark_restored(**node, manifest.made_at_ms); !marked) return marked;
  if (auto noted = Audit(**node).note_restored(manifest.made_at_ms); !noted) return noted;
  return (*node)->database().checkpoint();
}

Result<Done> put_in_place(const DataFolder& unpacked, const DataFolder& folder) {
  if (auto moved = move_file(unpacked.store(), folder.new_store()); !moved) return moved;
  if (auto moved = move_file(unpacked.keys(), folder.keys()); !moved) return moved;
  if (folder.keep_new_store()) return Done{};
  return Error{ErrorKind::unavailable,
               "The backup is in its place, but the disk failed at the last step. Run \"status\": "
               "it finishes what is left. If that fails too, have the disk checked."};
}

Result<BackupManifest> fill(const std::string& file, const DataFolder& folder,
                            const FindKey& find_key, crypto::PassphraseCost cost,
                            crypto::Random& random, const Clock& clock) {
  const DataFolder unpacked(folder.unpacked());
  auto manifest = unpack(file, unpacked);
  if (!manifest) return manifest;
  if (auto young = check_age(*manifest, clock()); !young) return young.error();
  Accounts accounts(unpacked, random, cost);
  const auto key = find_key(accounts);
  if (!key) return key.error();
  if (auto done = make_restored(unpacked, *manifest, *key, random, clock); !done) {
    return done.error();
  }
  if (auto done = put_in_place(unpacked, folder); !done) return done.error();
  return manifest;
}

}  // namespace

Result<BackupManifest> restore(const std::string& file, const DataFolder& folder,
                               const FindKey& find_key, crypto::PassphraseCost cost,
                               crypto::Random& random, const Clock& clock) {
  if (auto made = make_private_folder(folder.path()); !made) return made.error();
  const auto found = folder.find_store();
  if (found) return already_here();
  if (folder.holds() != DataFolder::Holds::nothing) return found.error();
  auto lock = FileLock::take(folder.keys_lock(), FileLock::Wait::yes);
  if (!lock) return lock.error();
  if (folder.holds() != DataFolder::Holds::nothing) return already_here();  // made meanwhile
  if (auto removed = folder.remove_unfinished(); !removed) return removed.error();
  auto restored = fill(file, folder, find_key, cost, random, clock);
  std::error_code ignored;  // what is left, the next init, restore or backup removes
  std::filesystem::remove_all(folder.unpacked(), ignored);
  if (folder.holds() == DataFolder::Holds::nothing) static_cast<void>(folder.remove_unfinished());
  return restored;
}

}  // namespace throughgate::node
