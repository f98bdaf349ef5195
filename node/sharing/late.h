// What was written after sharing had ended, or in a stream that forked: it could not be added, and
// is not lost. Whoever keeps the record takes it over in one step, with its own author and time, or
// puts it aside with a reason; until then it is listed. Its author's organisation sees its own.
// Threads: those of the RecordService. Errors: those of sync/store/late_box.h, in words for people.
#pragma once

#include <string>
#include <vector>

#include "node/record_service.h"

namespace throughgate::node {

struct LateChange {
  std::uint32_t index = 0;  // in its entry
  std::string label;        // "Notes"
  std::string value;        // in words
  std::string why_not;      // why it cannot be taken over; empty: it can
};

struct LateEntry {
  sync::Hash entry{};
  sync::DossierId dossier;
  std::uint32_t root_type = 0;      // 0: the record is not here any more
  std::string organisation;         // that wrote it
  std::string actor;                // who, there
  std::uint64_t at_ms = 0;          // by their own clock
  std::string why;                  // it could not be added; goes after "could not be added: "
  std::string reason;               // that its author gave; may be empty
  std::vector<LateChange> changes;  // that this person may see
  bool opens = false;
  bool ours = false;  // written here: others decide
};

class Late {
 public:
  explicit Late(RecordService& records) : records_(records) {}  // which must outlive it

  sync::Result<std::vector<LateEntry>> list() const;
  // What cannot be taken over is left out, and said in the notes; all of it stays in the history.
  //   denied  nothing of it can be taken over, or this person may not write one of its fields
  sync::Result<Saved> take(const sync::Hash& entry, const By& by);
  //   invalid  no reason, or one that looks as if it should not be shared
  sync::Result<Saved> put_aside(const sync::Hash& entry, const By& by);

 private:
  RecordService& records_;
};

}  // namespace throughgate::node
