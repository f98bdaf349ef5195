// An organisation's own copy of a handover that another keeps: when it has been kept long enough,
// and asking for it to go. The organisation leaves the record's members, which only its owner or
// the central team can sign (node/desk/erasures); then it goes as with any end of sharing. Whoever
// owns a record cannot let go of a copy: theirs is the record.
// Threads: those of the RecordService's node.
#pragma once

#include "node/erasure/due.h"
#include "node/erasure/requests.h"

namespace throughgate::node {

// By `gate_result` at a prison, by `partner_copy` at a partner.
sync::Result<std::optional<Due>> own_copy_due(const RecordService& records,
                                              const RetentionRule& rule, const sync::DossierId& id,
                                              const std::string& today);

// Would its own copy be due, if it were not the owner's?
sync::Result<bool> is_past_gate(const RecordService& records, const RetentionRule& rule,
                                const sync::DossierId& id, const std::string& today);

// Errors: those of ErasureRequests::ask().
sync::Result<Saved> ask_to_let_go(RecordService& records, const Due& due, const By& by);

}  // namespace throughgate::node
