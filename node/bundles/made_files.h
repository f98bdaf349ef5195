// Files made here for other organisations, and what was in them: remembered by numbers, for whoever
// has to take one back. Threads: those of the OpenNode.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "node/open_node.h"
#include "sync/bundle.h"

namespace throughgate::node {

enum class MadeBy : std::uint8_t { person = 0, night = 1 };  // stored: never renumbered

constexpr std::size_t made_files_max = 500;  // remembered of either: the newest

// Before the files are written; `files` of them, with all these records in each set. Forgotten
// again where they could not be written.
sync::Result<sync::Done> note_made(OpenNode& node, const sync::OrganisationId& organisation,
                                   const sync::BundleSet& set, std::uint64_t files,
                                   const std::set<sync::DossierId>& records, MadeBy made_by);
sync::Result<sync::Done> forget_made(OpenNode& node, const sync::BundleSet& set);

struct MadeFile {
  std::uint64_t number = 0;
  sync::OrganisationId organisation;
  std::string name;  // the organisation's
  MadeBy made_by = MadeBy::person;
  std::uint64_t made_at_ms = 0;
  std::uint64_t files = 0;
  std::uint64_t records = 0;         // in it, and not erased since
  std::uint64_t recalled_at_ms = 0;  // nothing in it can be taken back any more; 0: not so
};
// The newest first. Costs what is asked for, however many there are.
sync::Result<std::vector<MadeFile>> made_files(OpenNode& node, MadeBy made_by, std::size_t limit);
sync::Result<MadeFile> made_file(OpenNode& node, std::uint64_t number);  // or `not_found`
// Of that file, by their numbers.
sync::Result<std::vector<sync::DossierId>> records_of(OpenNode& node, std::uint64_t number);
sync::Result<sync::Done> note_recalled(OpenNode& node, std::uint64_t number);

}  // namespace throughgate::node
