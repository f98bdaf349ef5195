// What a person says is wrong in a record about them: it is corrected, or kept with a note that
// stands beside the value wherever that is shown, and travels with the record.
// Threads: those of the RecordService's node. Errors: those named, and those of RecordService.
#pragma once

#include <map>
#include <string>

#include "node/record_service.h"

namespace throughgate::node {

// The type of such notes in this kind of dossier; nullptr: none is about anybody who could say so.
const RecordType* dispute_type(schema::DossierKind kind);
bool is_dispute(std::uint32_t type);

struct Disputed {
  sync::store::RecordName note;  // the note itself
  std::string says;
  std::uint64_t since_ms = 0;
};
// What is said to be wrong now in a dossier, as far as the person may see the notes: by the record
// and field that it is about.
using FieldOfRecord = std::pair<sync::store::RecordName, std::uint32_t>;
using DisputedFields = std::map<FieldOfRecord, Disputed>;
sync::Result<DisputedFields> disputed_in(const RecordService& records,
                                         const sync::DossierId& dossier);
// "The person says that this is wrong (4 December 2026): ..."
std::string in_words(const Disputed& disputed);

class Disputes {
 public:
  explicit Disputes(RecordService& records) : records_(records) {}  // which must outlive it

  // The value stays, with this note; one that there was is changed.
  //   invalid  nothing was said, or such a record or field is about nobody
  sync::Result<Saved> note(const sync::store::RecordName& record, std::uint32_t field,
                           const std::string& says, const By& by);
  // The value is corrected, and a note that there is has had its answer.
  //   invalid  no reason
  sync::Result<Saved> correct(const sync::store::RecordName& record, std::uint32_t field,
                              const std::string& value, const By& by);
  // The note has had its answer; the value stays.
  //   invalid  no reason, or the field is not said to be wrong
  sync::Result<Saved> settle(const sync::store::RecordName& record, std::uint32_t field,
                             const By& by);

 private:
  sync::Result<const RecordType*> type_for(const sync::store::RecordName& record,
                                           std::uint32_t field) const;
  sync::Result<Saved> end(const Disputed& disputed, const std::string& how, const By& by);

  RecordService& records_;
};

}  // namespace throughgate::node
