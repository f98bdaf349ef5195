// What happened to a handover, newest first: the stages it went through, what was shared and on
// what ground, changes that the others must read and how far each has come, and who said that they
// read them.
#pragma once

#include "node/handovers/delivery.h"

namespace throughgate::node {

struct HandoverEvent {
  // One change that the others must read.
  struct Change {
    std::string words;   // "Expected release date: 4 December 2026"
    bool stands = true;  // false: something else has been put in its place since
    ChangeFacts facts;
  };

  std::string title;               // "Accepted"
  std::vector<std::string> lines;  // "Who takes it at the partner: Kim"
  std::vector<Change> changes;
  bool did_not_apply = false;  // a step that did not fit any more; the lines say why
  bool is_provisional = false;
  std::string actor_name;
  std::string organisation_name;
  std::uint64_t at_ms = 0;  // as far as the exchange's order bounds it
};

//   the errors of RecordReader
sync::Result<std::vector<HandoverEvent>> events_of(const RecordService& records,
                                                   const CaseFile& file);

}  // namespace throughgate::node
