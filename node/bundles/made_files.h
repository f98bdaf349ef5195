// Files made here for other organisations, and taking back what is in one that went to the wrong
// hands. A file that has left opens for whoever has it and one of the computers it is for: nothing
// calls that back. What can be taken back is the part in each handover in it: they get no new key,
// nothing that is written from then on, and from the exchange no key at all that has not reached
// them. A computer of theirs that hears of it takes nothing from the file, and deletes what it had.
// Threads: those of the OpenNode.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "node/record_service.h"
#include "sync/bundle.h"

namespace throughgate::node {

constexpr std::size_t made_files_max = 500;  // remembered: the newest

// Before the files are written; `files` of them, with all these records in each set. Forgotten
// again where they could not be written.
sync::Result<sync::Done> note_made(OpenNode& node, const sync::OrganisationId& organisation,
                                   const sync::BundleSet& set, std::uint64_t files,
                                   const std::set<sync::DossierId>& records);
sync::Result<sync::Done> forget_made(OpenNode& node, const sync::BundleSet& set);

struct MadeFile {
  std::uint64_t number = 0;
  sync::OrganisationId organisation;
  std::string name;  // the organisation's
  std::uint64_t made_at_ms = 0;
  std::uint64_t files = 0;
  std::uint64_t records = 0;         // in it, and not erased since
  std::uint64_t shared = 0;          // of these, that they still take part in
  std::uint64_t held_there = 0;      // of these, that a computer of theirs is known to hold
  std::uint64_t recalled_at_ms = 0;  // 0: never
};
sync::Result<std::vector<MadeFile>> made_files(OpenNode& node);          // the newest first
sync::Result<MadeFile> made_file(OpenNode& node, std::uint64_t number);  // or `not_found`

// What a person reads before they recall it, one sentence each.
std::vector<std::string> meaning_of_recall(const MadeFile& file);

struct Recalled {
  std::uint64_t taken_back = 0;  // they take part no more
  std::uint64_t ended_before = 0;
  std::uint64_t left = 0;        // not this organisation's to take back
  std::uint64_t not_yet = 0;     // refused for now, after an exchange perhaps no more
  std::uint64_t held_there = 0;  // of those taken back: they had it already
};
// Each record is tried, whatever becomes of the others, and noted in the audit trail as it is done;
// the file counts as recalled once each was. Again does no harm: what was cut off goes on.
// Fails with
//   not_found  there is no such file
//   denied     it was for the central team, or the person may not say who takes part
//   invalid    no reason is given
//   unavailable, corrupt  the store cannot be read or written
sync::Result<Recalled> recall_file(RecordService& records, std::uint64_t number, const By& by);
std::vector<std::string> in_words(const Recalled& recalled);

}  // namespace throughgate::node
