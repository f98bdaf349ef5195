// Where the list of who looked at what begins, once its oldest rows have been kept long enough and
// were taken away. It begins behind a row that is gone, whose number and mark stand in the store
// and, signed by all that follows, in a row of the list (AuditAct::shortened): so the rest proves
// itself as it did.
// Threads: those of the OpenNode.
#pragma once

#include <set>

#include "node/audit_rows.h"
#include "node/erasure/schedule.h"

namespace throughgate::node {

// Before the first row that there is; number 0: none was ever taken away. A damaged one fails
// `work`.
AuditMark audit_begins_after(sync::store::UnitOfWork& work);

// Does this row say that the list begins behind `mark`?
bool says_begin(const AuditRow& row, const AuditMark& mark);
// Of a row `shortened`: the last day of the rows that went, 2020-12-04.
std::string last_day_gone(const AuditRow& row);

// The rows from the beginning on whose time is over.
struct OldRows {
  std::uint64_t up_to = 0;  // the number of the last of them; 0: there is none
  std::uint64_t count = 0;
  std::string first_day, last_day;
};

// What the age of a row is judged by. Its day is what this computer's clock said then, and that may
// have been wrong: one before `began_ms` or after `now_ms` says nothing, and such a row goes only
// with one behind it that is over.
struct RowsJudged {
  const RetentionRule& rule;
  std::uint64_t began_ms = 0;  // when the exchange first placed anything of this organisation's
  std::uint64_t now_ms = 0;    // by the exchange
  const std::set<sync::DossierId>& held;  // by law: a row about one stays, and all behind it
};
sync::Result<OldRows> old_rows(OpenNode& node, const RowsJudged& by);

// Takes them away and writes down that it did, in one transaction, and leaves no trace of them.
//   corrupt  the list was altered: nothing is taken away
//   invalid  there is none
sync::Result<sync::Done> shorten_audit(OpenNode& node, const OldRows& rows,
                                       const sync::ActorId& who, const std::string& reason);

}  // namespace throughgate::node
