// A store that was put back from a backup. It writes under new names from then on, so that it never
// contradicts what the computer wrote after the backup. And it stays closed until it has heard the
// central list as it is now: what has been erased since the backup must be gone before anybody
// reads. Nothing of it is lost meanwhile. It hears it at a visit to the hub; or, without a network,
// by a file that the hub or the central team made after the restore.
// Threads and errors: those of the OpenNode.
#pragma once

#include "node/open_node.h"

namespace throughgate::node {

// Of a backup made then. A store that belongs to no central list yet is not closed: nobody could
// have erased anything by it.
sync::Result<sync::Done> mark_restored(OpenNode& node, std::uint64_t made_at_ms);

// Fails with `stale` while it is closed; the message says what to do.
sync::Result<sync::Done> check_not_closed(OpenNode& node);

// A whole visit to the hub, which holds this version of the list, has ended well. Opens the store
// when the list held here is no older.
sync::Result<sync::Done> note_list_heard(OpenNode& node, std::uint64_t hub_directory_version);
// A file by the hub or a computer of the central organisation, whose list this was when they made
// it, has been taken in. Opens the store when it was made after the restore, by their clock and by
// this one, and the list held here is no older.
sync::Result<sync::Done> note_list_brought(OpenNode& node, std::uint64_t their_directory_version,
                                           std::uint64_t made_at_ms);

}  // namespace throughgate::node
