// Values out of a record and its history, for everybody; who wrote them, and when, stays.
// Threads: those of the RecordService's node.
#pragma once

#include "node/record_service.h"

namespace throughgate::node {

//   denied   whoever asks may not, or may not write this field; another organisation keeps the
//            record; or a legal hold is in force on it
//   invalid  no reason, or one that looks as if it should not be shared
//   (RecordService::check_text());
//            it has been removed already, or such a value is corrected by a new one
//   stale    the change has no place in the exchange's order yet
sync::Result<Saved> remove_value(RecordService& records, const sync::store::RecordName& record,
                                 const sync::store::OpView& change, const By& by);

// These, which the caller has judged: how many.
//   denied  another organisation keeps the record
//   stale   one has no place yet: sync first. What came before it is taken out.
sync::Result<std::size_t> take_out(RecordService& records, const sync::DossierId& dossier,
                                   const std::vector<sync::OpId>& values, const By& by);

}  // namespace throughgate::node
