// What may lie beside the store and hold what it held: bundles made for a stick, last night's
// files, a backup that was being tried, a store that was being made anew. Of use to nobody once
// what is in them is to be gone. Threads: those of the OpenNode.
#pragma once

#include "node/open_node.h"

namespace throughgate::node {

// All of it is gone when this returns; of last night's files on a stick those that are in reach.
//   unavailable  somebody works on them just now, or the disk did not do as asked
sync::Result<sync::Done> remove_copies(OpenNode& node, const DataFolder& folder);

}  // namespace throughgate::node
