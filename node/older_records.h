// Records that came here sealed, as their keys were given out before this computer was there. They
// open once another computer has sealed those keys to this one as well; or at once, with the
// organisation's recovery sheet.
// Threads: those of the OpenNode.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/data_folder.h"
#include "node/open_node.h"

namespace throughgate::node {

struct OlderRecords {
  std::uint64_t held = 0;            // records that have reached this computer
  std::uint64_t closed = 0;          // of these: something in them cannot be opened yet
  std::uint64_t for_sheet = 0;       // of these: the recovery sheet opens more of them
  std::vector<std::string> awaited;  // whole sentences: what the others wait for, and from whom
  std::string or_from;  // a sentence: how those for the sheet open without it; empty: they do not
};
sync::Result<OlderRecords> older_records(OpenNode& node);
// Of them `closed` alone; costs what it counts.
sync::Result<std::uint64_t> closed_records(OpenNode& node);

// The recovery key of this organisation, from its sheet's words as somebody typed them. Each try is
// counted on disk before it is looked at, as wrong passwords are. The words stand in no message.
//   invalid      which of the words to look at again
//   denied       the sheet is another's; or there were too many wrong tries of late
//   unavailable  the try cannot be counted, so none may be made
sync::Result<crypto::BoxKey> own_sheet_typed(OpenNode& node, const DataFolder& folder,
                                             std::string_view words);

// Opens all that the sheet opens, in portions, each whole with the row that says who did it. How
// many records there were. What was cut off goes on at the next call.
//   denied  the sheet is another's; nothing was done
sync::Result<std::uint64_t> open_older_records(OpenNode& node, const crypto::BoxKey& sheet,
                                               const sync::ActorId& who);
// The row for an exchange that has the sheet, which opens what comes with it.
sync::Result<sync::Done> note_exchange_with_sheet(OpenNode& node, const sync::ActorId& who);

}  // namespace throughgate::node
