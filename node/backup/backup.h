// A backup of a node: its slot file and its whole store in one file, as of one moment, sealed as
// the store itself is and signed. Made while pages are served and people save. Threads: those of
// the OpenNode; one backup of a folder at a time, by a lock between processes.
#pragma once

#include <functional>
#include <string>

#include "node/accounts/accounts.h"
#include "node/backup/manifest.h"
#include "node/data_folder.h"
#include "node/open_node.h"

namespace throughgate::node {

struct MadeBackup {
  BackupManifest manifest;
  std::uint64_t records = 0;
};

// Writes `file`, which must not be there; then reads it back and opens it as a restore would: only
// what comes to the same records, proven entry by entry, is called good. On any failure there is no
// such file, and the store is as it was. It stands in the list of who looked at what before it has
// its name. `who`: all zero, whoever holds a key file.
//   invalid      there is a file of this name
//   corrupt      the store itself is not sound
//   unavailable  a disk is full or failing, or another backup is being made
sync::Result<MadeBackup> make_backup(OpenNode& node, const crypto::DatabaseKey& key,
                                     const DataFolder& folder, const std::string& file,
                                     const sync::ActorId& who = {});

// Takes a backup apart into an empty folder of its own: `keys` and store.db. Everything is checked
// on the way; its age is not. On failure the folder may hold part of it. Fails as read_manifest(),
// and with `not_found` or `unavailable`: it cannot be read.
sync::Result<BackupManifest> unpack(const std::string& file, const DataFolder& into);

// Puts a backup back into a folder that holds no store. The key comes from `find_key`, by the
// accounts as they were when the backup was made. Until the slot file has its place there is no
// store here; a restore that was cut off before is begun anew, and finished later if after.
//   invalid    this folder holds a store already
//   denied     the backup is too old, or the key was not found
//   others     as unpack()
using FindKey = std::function<sync::Result<crypto::DatabaseKey>(Accounts& accounts)>;
sync::Result<BackupManifest> restore(const std::string& file, const DataFolder& folder,
                                     const FindKey& find_key, crypto::PassphraseCost cost,
                                     crypto::Random& random, const Clock& clock);

}  // namespace throughgate::node
