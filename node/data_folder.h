// What lies in a node's folder, and under which names:
//
//   store.db       the encrypted store (and, while it is open, store.db-wal and store.db-shm)
//   store.db.new   a store that init has not finished: nothing was recorded in it yet
//   keys           the slot file: the ways to the store's key (docs/format/key_slots.md)
//   store.db.rebuilt  a store that rebuild is making anew; gone afterwards
//   unpacked/      a backup that is being tried or restored; gone afterwards
//   for-download/  a backup on its way to a browser; gone afterwards
//   by-hand/       bundles made for a stick or an e-mail, until they are deleted or others are made
//   nightly/       bundles of what was not sent, made by themselves; each night's take the last's
//   place attempts       wrong passwords of late, so that a restart does not forget them
//   page-attempts  the same, over all names, for the sign-in page
//   *.lock         empty; held while a program works on the file or the task of that name
//   node.toml      settings, when there are any
//   permissions.toml  what this site takes away from what roles may see and do, when it does
//
// The folder is 0700 and its files 0600.
#pragma once

#include <optional>
#include <string>

#include "node/private_file.h"

namespace throughgate::node {

class DataFolder {
 public:
  // A store that is there is never taken for nothing: not even when its keys are not beside it.
  enum class Holds { nothing, store, store_without_keys, keys_without_store, cut_off_init };

  explicit DataFolder(std::string path) : path_(std::move(path)) {}
  // The folder that a store of this path lies in; nullopt where it does not bear a store's name.
  static std::optional<DataFolder> around(const std::string& store);

  // What is not certainly missing counts as there.
  Holds holds() const;
  // Done when a store and its keys are here; takes the last step of an init that was cut off there.
  //   not_found    there is nothing here, or half of it: the message says what to do
  //   unavailable  the disk did not do as asked
  sync::Result<sync::Done> find_store() const;
  // The store that init made gets its name; the lock of the keys is held. Fails with `unavailable`.
  sync::Result<sync::Done> keep_new_store() const;
  // What an interrupted init or restore left, under names that only these use; the lock of the keys
  // is held. Fails with `unavailable`.
  sync::Result<sync::Done> remove_unfinished() const;

  // Held by all programs that have the store open, together; or by one that gives another file its
  // name, alone. Nobody waits. Fails with `unavailable`.
  sync::Result<FileLock> share_store() const;
  sync::Result<FileLock> have_store_alone() const;

  const std::string& path() const { return path_; }
  std::string store() const { return path_ + "/store.db"; }
  std::string new_store() const { return store() + ".new"; }
  std::string rebuilt_store() const { return store() + ".rebuilt"; }
  std::string store_lock() const { return path_ + "/store.lock"; }
  std::string keys() const { return path_ + "/keys"; }
  std::string attempts() const { return path_ + "/attempts"; }
  std::string page_attempts() const { return path_ + "/page-attempts"; }
  std::string settings() const { return path_ + "/node.toml"; }
  std::string permissions() const { return path_ + "/permissions.toml"; }
  std::string keys_lock() const { return path_ + "/keys.lock"; }
  std::string attempts_lock() const { return path_ + "/attempts.lock"; }
  std::string by_hand() const { return path_ + "/by-hand"; }
  std::string nightly() const { return path_ + "/nightly"; }
  std::string unpacked() const { return path_ + "/unpacked"; }
  std::string for_download() const { return path_ + "/for-download"; }
  std::string backup_lock() const { return path_ + "/backup.lock"; }
  std::string staff_lock() const { return path_ + "/staff.lock"; }
  std::string sync_lock() const { return path_ + "/sync.lock"; }

 private:
  std::string path_;
};

}  // namespace throughgate::node
