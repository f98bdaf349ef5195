// Who can see a record, who could see it before, from when to when, and what their computers have
// said since: for its page, for commands, and for whoever asks where a person's facts went.
// Threads: those of the RecordService. Errors: those of RecordReader.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/record_service.h"

namespace throughgate::node {

struct DeletedCopy {
  std::string computer;        // "Reception PC"
  std::uint64_t at_ms = 0;     // by its own clock; 0: it has not said so yet
  std::uint32_t own_kept = 0;  // changes made there that were never accepted, which it keeps
};

// One organisation's time with the record. One that left and came back has several.
struct SharedSpan {
  sync::OrganisationId organisation;
  std::string name;
  sync::Role role = sync::Role::reader;  // the last it had
  std::uint64_t from_ms = 0;
  std::optional<std::uint64_t> until_ms;   // none: it still can
  std::optional<std::uint64_t> until_dsn;  // of what ended it; none: it has no place yet
  bool ends_provisionally = false;         // that it cannot any more has not been sent yet
  std::string ended_by;                    // "Jo Smith, HMP Example"
  std::string reason;                      // why it ended; may be empty
  std::vector<DeletedCopy> copies;         // of who cannot any more; for owner and desk
};

// Those who can see it now first, then those who could, the last to leave first.
sync::Result<std::vector<SharedSpan>> shared_with(const RecordService& records,
                                                  const sync::DossierId& dossier);

// "Bridge Trust could see this from 1 December 2026 to 4 December 2026."
std::string in_words(const SharedSpan& span);
// "Its computer Reception PC says that it deleted its copy on 5 December 2026."
std::string in_words(const DeletedCopy& copy);

}  // namespace throughgate::node
