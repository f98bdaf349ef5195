// A store that was put back from a backup. It writes under new names from then on, so that it never
// contradicts what the computer wrote after the backup. And it stays closed until it has heard the
// central list as it is now: what has been erased since the backup must be gone before anybody
// reads. Nothing of it is lost meanwhile. It hears it at a visit to the hub; or, without a network,
// by a file that holds a list signed after the restore, or that the hub made after it.
// Threads and errors: those of the OpenNode.
#pragma once

#include "node/open_node.h"
#include "sync/bundle.h"

namespace throughgate::node {

// Of a backup made then. A store that belongs to no central list yet is not closed: nobody could
// have erased anything by it.
sync::Result<sync::Done> mark_restored(OpenNode& node, std::uint64_t made_at_ms);

// Fails with `stale` while it is closed; the message says what to do.
sync::Result<sync::Done> check_not_closed(OpenNode& node);

// A whole visit to the hub, which holds this version of the list, has ended well. Opens the store
// when the list held here is no older.
sync::Result<sync::Done> note_list_heard(OpenNode& node, std::uint64_t hub_directory_version);
// A file with this label has been taken in. Opens the store when the list held here was signed
// after the restore, whoever brought it; or when the hub made the file after the restore and the
// list held here is no older than the hub's was. A computer of the central organisation may not
// have heard the newest list itself, so that it made a file proves nothing.
sync::Result<sync::Done> note_list_brought(OpenNode& node, const sync::BundleLabel& label);

}  // namespace throughgate::node
