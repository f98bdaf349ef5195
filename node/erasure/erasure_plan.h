// What goes with a record when it is erased, what of it was copied elsewhere, and what stands
// against it: by all that is here, whatever of it whoever asks may see. Reads only. Threads: those
// of the RecordService's node.
#pragma once

#include <string>
#include <vector>

#include "node/erasure/holds.h"
#include "node/record_service.h"

namespace throughgate::node {

// A dossier that goes.
struct GoingRecord {
  sync::DossierId id;
  std::uint32_t type = 0;  // of its root record
  std::string kind;        // "Volunteer file"
  std::string name;        // whom or what it is about; empty where nothing says so
  std::vector<sync::OrganisationId> held_by;
};

struct ErasurePlan {
  sync::DossierId subject;
  std::vector<GoingRecord> going;  // the subject first
  std::vector<Hold> holds;         // in force on any of them
  std::vector<std::string> notes;  // what the person should know besides
};

enum class WithPerson { no, yes };

// A volunteer goes with their file, vetting notes and equality monitoring. A handover goes alone,
// or with the prison's own record of the person where it is their last (`with_person`).
//   not_found  no such record here
//   denied     another organisation keeps it, or whoever asks may have nothing erased
//   invalid    with_person, but there are other handovers, or no record of a person
sync::Result<ErasurePlan> plan_erasure(const RecordService& records, const sync::DossierId& subject,
                                       WithPerson with_person = WithPerson::no);

// What a hold on this record keeps: of one's own, all that would go with it, too. A hold on the
// site's own record keeps the list of who looked at what.
sync::Result<std::vector<sync::DossierId>> held_together(const RecordService& records,
                                                         const sync::DossierId& subject);

// A dossier as it goes; of one that is not here, nothing but its id.
sync::Result<GoingRecord> going_record(const RecordService& records, const sync::DossierId& id);

}  // namespace throughgate::node
