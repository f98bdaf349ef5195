// Facts that were copied from a record that has been erased, and stand in other records still. Each
// copied fact names the record that it came from, and belongs to it also where another source has
// been put in its place since. Whoever keeps the other record removes them; the
// rest is listed by who must.
// Threads: those of the RecordService's node.
#pragma once

#include <string>
#include <vector>

#include "node/record_service.h"

namespace throughgate::node {

struct CopiedFacts {
  sync::DossierId source;
  sync::store::RecordName record;  // where they stand
  std::string what;                // "Volunteer for this handover"
  sync::OrganisationId keeper;     // of the record where they stand
  bool ours = false;               // and so may be removed here
  // Values there are of them yet, older ones too; none of those that have been removed.
  std::vector<sync::OpId> values;
  std::size_t not_confirmed = 0;  // of them cannot be removed before the next sync
  bool is_held = false;           // a legal hold keeps them
};

// Copies of this record's facts.
sync::Result<std::vector<CopiedFacts>> copies_of(const RecordService& records,
                                                 const sync::DossierId& source);
// Those of all that has been erased.
sync::Result<std::vector<CopiedFacts>> copies_of_erased(const RecordService& records);

// Removes the values for everybody. How many.
//   denied  the record where they stand is another organisation's, or a legal hold keeps it
//   stale   one has no place yet: sync first. What came before it is removed.
sync::Result<std::size_t> remove_copies(RecordService& records, const CopiedFacts& copies,
                                        const By& by);

}  // namespace throughgate::node
