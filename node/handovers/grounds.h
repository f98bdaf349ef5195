// Grounds for sharing that are over: withdrawn, disputed, or run out. Then sharing stops, and
// whoever it was shared with is told. Threads: those of the RecordService.
#pragma once

#include <set>

#include "node/handovers/handovers.h"

namespace throughgate::node {

// Partners that take part in this handover, and for whom a ground was recorded that is over without
// another in force; with the reason, in words.
struct WithoutGround {
  sync::OrganisationId partner;
  std::string reason;  // "The ground for sharing ran out: its last day was 3 December 2026."
  bool has_run_out{};  // and so another may be recorded; what was ended or is disputed stays so
};
std::vector<WithoutGround> without_ground(const CaseFile& file, const std::string& today);

// The last day of the ground that runs out next for somebody who takes part, within so many days;
// nullopt: none does.
std::optional<std::string> ground_running_out(const CaseFile& file, const std::string& today,
                                              int days);

// The handovers that this organisation shares with somebody who has no ground any more, as far as
// it is known here at that time. Another computer may have recorded another.
sync::Result<std::vector<sync::DossierId>> shared_without_ground(RecordService& records,
                                                                 std::uint64_t now_ms);

// The handovers for which this organisation, which takes part, has no ground any more, whoever
// keeps them: what must not go to it in a file, though nobody has ended its part yet.
sync::Result<std::set<sync::DossierId>> without_ground_for(const RecordService& records,
                                                           const sync::OrganisationId& partner,
                                                           std::uint64_t now_ms);

// Stops sharing those, in the program's name, and says why; `now_ms` is no later than any clock
// that is asked says, as a wrong one must end nothing. May be called by two computers at once, and
// again. A handover it could not stop keeps no other from being stopped, and is looked at again at
// the next visit to the exchange, as long as somebody takes part in it without a ground.
//   unavailable  the store cannot be written; what was stopped until then stays stopped
struct SharingStopped {
  std::size_t stopped = 0;
  std::size_t refused = 0;  // what Handovers::remove_partner() refuses for another reason than time
};
sync::Result<SharingStopped> stop_sharing_without_ground(RecordService& records,
                                                         std::uint64_t now_ms);

// What is about to be added by the organisation that keeps it must be named by a ground in force
// for everybody it is shared with; but for what both ends plan and report for the gate and after.
//   denied  which kind of information no ground names, and for whom
sync::Result<sync::Done> check_grounds_name(const RecordService& records,
                                            const sync::DossierId& dossier,
                                            const std::vector<sync::store::OpDraft>& ops);

}  // namespace throughgate::node
