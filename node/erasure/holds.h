// Legal holds: while one is in force, nothing that it names is erased and no value of it removed,
// whoever asks. A hold is a record of its own, shared with the central team, which signs erasures,
// and with whoever keeps the record, where that is another organisation: they read the reason too.
// It keeps only what its organisation has, or had, a part in; the central team's all that it names.
// Threads: those of the RecordService's node. Errors: those named, and those of RecordService.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "node/record_service.h"

namespace throughgate::node {

struct Hold {
  sync::DossierId id;                 // of the hold itself
  std::set<sync::DossierId> records;  // that it keeps, as far as is known here
  std::string reason;
  sync::OrganisationId set_by;
  std::string set_by_name;  // the member of staff
  std::uint64_t set_at_ms = 0;
  bool in_force = true;
  bool ours = false;  // may be lifted here

  bool names(const sync::DossierId& dossier) const { return records.contains(dossier); }
};

class Holds {
 public:
  explicit Holds(RecordService& records) : records_(records) {}  // which must outlive it

  // On these dossiers, which belong together.
  //   invalid  no reason, or no dossier
  sync::Result<Saved> set(const std::vector<sync::DossierId>& dossiers, const std::string& reason,
                          const By& by);
  //   not_found  no such hold here
  //   denied     another organisation set it
  //   invalid    it has been lifted, or no reason
  sync::Result<Saved> lift(const sync::DossierId& hold, const std::string& reason, const By& by);

  // A record moves to another prison with its person: whoever keeps it from then on is told of the
  // holds that were set here. How many were told now; to be called at each visit to the exchange,
  // as whoever cannot be told now is told at the next.
  sync::Result<std::size_t> tell_new_keepers();

 private:
  sync::Result<std::size_t> share_with_keepers(const sync::DossierId& hold,
                                               const std::set<sync::DossierId>& dossiers,
                                               const By& by);

  RecordService& records_;
};

// All that this node knows of, lifted ones too; newest last.
sync::Result<std::vector<Hold>> all_holds(const RecordService& records);
// Those in force on any of these dossiers.
sync::Result<std::vector<Hold>> holds_on(const RecordService& records,
                                         const std::set<sync::DossierId>& dossiers);
// `denied`, in words that name the hold, where one is in force on it: nothing is taken out of it.
sync::Result<sync::Done> check_not_held(const RecordService& records,
                                        const sync::DossierId& dossier);
// "HMP Example, since 26 November 2026: an inquest".
std::string in_words(const Hold& hold, const OpenNode& node);

}  // namespace throughgate::node
