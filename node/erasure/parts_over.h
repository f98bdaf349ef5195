// Parts of a record that go before the rest of it: what a handover that is over says of risk, and
// expenses. They are taken out for everybody, with their history; the record stays.
// Threads: those of the RecordService's node.
#pragma once

#include "node/erasure/due.h"

namespace throughgate::node {

// One dossier holds each fact once, for all its members: so it is taken out for all of them, by
// whoever keeps the handover. The prison's own record of the person keeps what it was copied from.
sync::Result<std::optional<Due>> risk_facts_due(const RecordService& records,
                                                const RetentionRule& rule,
                                                const sync::DossierId& id,
                                                const std::string& today);
// In a volunteer's file: each claim by the tax year that it is in.
sync::Result<std::optional<Due>> expenses_due(const RecordService& records,
                                              const RetentionRule& rule, const sync::DossierId& id,
                                              const std::string& today);

// Takes out what the rule names of it: how many values. Levels of risk are cleared, as they are
// corrected and never taken out of the history; do's and don'ts are ended.
//   denied  a legal hold is in force, or whoever asks may not
//   stale   some of it has no place yet; nothing was changed
sync::Result<std::size_t> remove_parts(RecordService& records, const RetentionRule& rule,
                                       const Due& due, const std::string& today, const By& by);

}  // namespace throughgate::node
