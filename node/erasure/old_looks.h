// The oldest rows of who looked at what on this computer, once they have been kept long enough.
// Threads: those of the RecordService's node.
#pragma once

#include "node/erasure/due.h"

namespace throughgate::node {

// Of the site's own record, whose legal hold keeps the whole list; one on another record keeps the
// rows about that, and all behind them. By the exchange's time: where it never gave anything of
// this organisation's a place, nothing is due.
sync::Result<std::optional<Due>> old_looks_due(const RecordService& records,
                                               const RetentionRule& rule, const sync::DossierId& id,
                                               const std::string& today);

// How many rows. For whoever may have things erased and may read the list.
//   denied, invalid, corrupt  as confirm_due()
sync::Result<std::size_t> remove_old_looks(RecordService& records, const RetentionRule& rule,
                                           const Due& due, const By& by);

}  // namespace throughgate::node
