// Which records are about one person: found through the records themselves, from any one of them.
// Threads: those of the RecordService's node. Reads all, whoever asks: the caller checks that they
// may (Act::subject_access).
#pragma once

#include <string>
#include <vector>

#include "node/record_service.h"
#include "node/rights/whose.h"

namespace throughgate::node {

struct FoundRecord {
  sync::store::RecordName name;
  Found found = Found::their_own;
};

// One that others sent and that counts for nothing here (sync/receiving.h): nobody is shown it, and
// it is kept all the same.
struct ApartRecord {
  sync::store::RecordName name;
  Found found = Found::names_them;
  std::vector<sync::store::OpView> changes;  // the newest first
};

struct Subject {
  sync::DossierId begun_at;
  bool is_volunteer = false;
  std::string name;                       // "Alex Example"
  std::vector<std::string> also_called;   // other whole names of them in these records
  std::vector<sync::DossierId> dossiers;  // about them, in the order found
  std::vector<FoundRecord> records;       // their own first
  std::vector<ApartRecord> apart;         // likewise found by number or name
};

// A volunteer with all that stands beside them; a person in prison with all handovers; a handover
// with the person's own record, where that is here. Records that a decided link calls the same
// person's count too; then whatever else names one of these, by number or by the person's name.
//   not_found  no such record here
//   invalid    it is about nobody; or it belongs to another, which is named in its place
//   unavailable  there are more than a file can hold
sync::Result<Subject> subject_of(const RecordService& records, const sync::DossierId& begun_at);

}  // namespace throughgate::node
