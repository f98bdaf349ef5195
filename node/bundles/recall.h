// Taking back what is in a file that went to the wrong hands. A file that has left opens for
// whoever has it and one of the computers it is for: nothing calls that back. What can be taken
// back is their part in each handover in it: they get no new key, nothing that is written from then
// on, and from the exchange no key at all that has not reached them. A computer of theirs that
// hears of it takes nothing from the file, and deletes what it had.
// Threads: those of the OpenNode.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "node/bundles/made_files.h"
#include "node/record_service.h"

namespace throughgate::node {

// What a recall would do to one record of the file.
enum class CanBeTakenBack { yes, not_yet, not_ours, ended_before };
struct RecordInFile {
  sync::DossierId id;
  CanBeTakenBack can = CanBeTakenBack::yes;
  bool held_there = false;  // a computer of theirs is known to hold it
};
// In the order of their numbers, which stays.
sync::Result<std::vector<RecordInFile>> records_in_file(const RecordService& records,
                                                        const MadeFile& file);

// What a person reads before: what a recall does and what it cannot do, one sentence each; and what
// becomes of one record.
std::vector<std::string> meaning_of_recall(const MadeFile& file);
std::string what_happens_to(const RecordInFile& record, const MadeFile& file);

struct Recalled {
  std::vector<sync::DossierId> taken_back;  // they take part no more
  std::vector<sync::DossierId> not_yet;     // refused for now, after an exchange perhaps no more
  std::uint64_t held_there = 0;             // of those taken back: they had it already
  std::uint64_t ended_before = 0;
  std::uint64_t left = 0;  // not this organisation's to take back
};
// `which`: of the file's records; all where none are named. Each is tried, whatever becomes of the
// others, and noted in the audit trail as it is done; the file counts as recalled once nothing in
// it can be taken back any more. Again does no harm: what was cut off goes on. Fails with
//   not_found  there is no such file
//   denied     it was for the central team, or the person may not say who takes part
//   invalid    no reason is given, or one of these records is not in the file
//   unavailable, corrupt  the store cannot be read or written
sync::Result<Recalled> recall_file(RecordService& records, std::uint64_t number,
                                   const std::optional<std::set<sync::DossierId>>& which,
                                   const By& by);
std::vector<std::string> in_words(const Recalled& recalled);

}  // namespace throughgate::node
