// What happened to a handover, newest first: the stages it went through, what was shared and on
// what ground, changes that the others must read, changes that somebody gave a reason for, and who
// said that they read what; each with how far it has come.
#pragma once

#include "node/handovers/change_words.h"
#include "node/handovers/delivery.h"

namespace throughgate::node {

struct HandoverEvent {
  // One change that the others must read.
  struct Change {
    std::string words;   // "Expected release date: 4 December 2026"
    bool stands = true;  // false: something else has been put in its place since
    std::vector<Reading> read_by;
    sync::store::RecordName record;
    std::uint32_t field = 0;
    std::optional<InTwoPlaces> in_two_places{};  // none: it stands alone
  };

  std::string title;               // "Accepted"
  std::vector<std::string> lines;  // "Who takes it at the partner: Kim"
  std::vector<Change> changes;
  bool did_not_apply = false;  // a step or a change that did not fit any more; the lines say why
  bool is_provisional = false;
  std::vector<Reading> read_by;       // of the step itself, where others have to read it
  std::optional<ChangeFacts> travel;  // how far all of it has come; none: it never got a place
  std::string actor_name;
  std::string organisation_name;
  std::uint64_t at_ms = 0;  // as far as the exchange's order bounds it
};

//   the errors of RecordReader
sync::Result<std::vector<HandoverEvent>> events_of(const RecordService& records,
                                                   const CaseFile& file);

}  // namespace throughgate::node
