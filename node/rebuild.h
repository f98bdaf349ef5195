// Makes a node's store anew from what was signed, beside the old one; proves the new one entry by
// entry; then gives it the old one's name. Whatever is interrupted, the folder holds the old store
// whole or the new one, and the next rebuild begins again. No other program may have the store
// open.
#pragma once

#include "node/data_folder.h"
#include "node/open_node.h"
#include "sync/store/rebuilt_store.h"

namespace throughgate::node {

// The first half: a sound store in a new file at `path`, whole in that one file when it returns.
// The report has faults, and the file is of no use, where what was signed is damaged itself. `vfs`
// as in OpenOptions.
//   corrupt  something that must be read cannot be, or what was made is not what was kept
sync::Result<sync::store::RebuildReport> rebuild_into(OpenNode& kept, const std::string& path,
                                                      const crypto::DatabaseKey& key,
                                                      const sync::store::RebuildProgress& progress,
                                                      const std::string& vfs = {});

// Both halves, under DataFolder::store_lock(), held alone by the caller. With faults in the report,
// or on failure, the old store is as it was.
sync::Result<sync::store::RebuildReport> rebuild(const DataFolder& folder,
                                                 const crypto::DatabaseKey& key,
                                                 crypto::Random& random, const Clock& clock,
                                                 const sync::store::RebuildProgress& progress);

}  // namespace throughgate::node
