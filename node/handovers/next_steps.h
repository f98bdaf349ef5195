// What this organisation can do next with a handover, and by when.
#pragma once

#include "node/handovers/acknowledgement.h"
#include "node/handovers/completeness.h"

namespace throughgate::node {

struct NextStep {
  // "share", "accept", "plan" ...: as the command line says it. "wait": for others to do;
  // "ring": for others to do, and not to be waited for any longer.
  std::string action;
  std::string words;   // "Answer the prison: accept, decline or ask"
  std::string due_on;  // ISO day; empty: no day is set, it may be late all the same
  bool is_late = false;
};

// What is late first, then the most urgent. `unread`: changes that wait to be acknowledged here.
// Of a handover that is over: that it has stopped, until it is read here and at the other end.
std::vector<NextStep> next_steps(const CaseFile& file, const CodeLists& codes,
                                 const std::vector<Unread>& unread, std::uint64_t now_ms);

}  // namespace throughgate::node
