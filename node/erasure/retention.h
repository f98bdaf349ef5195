// What has been kept long enough: a review lists it, and nothing goes without a person who confirms
// it. A legal hold comes before all rules.
// Threads: those of the RecordService's node.
#pragma once

#include <string>
#include <vector>

#include "node/erasure/due.h"
#include "node/erasure/requests.h"

namespace throughgate::node {

// What this organisation may let go and whose last day is before `today`, longest over first.
sync::Result<std::vector<Due>> due_records(const RecordService& records,
                                           const RetentionSchedule& schedule,
                                           const std::string& today);

// Of handovers that this prison keeps for everybody, how many would be due by the rule for a
// sender's copy: there the copy is the record, and goes with that.
sync::Result<std::size_t> kept_as_owner(const RecordService& records,
                                        const RetentionSchedule& schedule,
                                        const std::string& today);
std::string in_words_of_owner(std::size_t kept);

// Whether the rule's time is over for this record, by what is here of it, whoever keeps it.
// nullopt: it is not here, or a record of another kind.
sync::Result<std::optional<bool>> is_over_as_seen(const RecordService& records,
                                                  const RetentionRule& rule,
                                                  const sync::DossierId& id,
                                                  const std::string& today);

// One of those that are due.
struct Confirming {
  sync::DossierId subject;
  std::optional<KeptFrom> from{};  // none: whichever rule it is due by, where that is one
  WithPerson with_person = WithPerson::no;
};

struct Confirmed {
  KeptFrom from = KeptFrom::left;
  std::optional<sync::DossierId> request;  // to the central team: everywhere, own copy
  std::size_t removed = 0;                 // values or rows, which are gone here
};

// Everywhere and an own copy: asks the central team's computer. Values and rows: takes them out.
//   invalid  it is not due by any rule, or by several and `from` does not say which; or it was
//            asked for already
//   denied   a legal hold is in force, or whoever confirms may not
//   stale    some of it has no place in the exchange's order yet: sync first
//   corrupt  the list of looks was altered
sync::Result<Confirmed> confirm_due(RecordService& records, const RetentionSchedule& schedule,
                                    const Confirming& which, const std::string& today,
                                    const By& by);
// "Asked for ...", "4 expense claims are removed ...": what happens next.
std::string in_words(const Confirmed& confirmed);

}  // namespace throughgate::node
