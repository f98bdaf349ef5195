// What the command line shows of handovers.
#pragma once

#include "node/cli/program.h"
#include "node/handovers/acknowledgement.h"
#include "node/record_service.h"

namespace throughgate::node::cli {

struct HandoverPage {
  std::string after;  // empty: from the start
  std::size_t limit = 50;
  bool with_ended = false;
};

sync::Result<sync::Done> print_handovers(const RecordService& records, const HandoverPage& page,
                                         Command& command);
// Stage, facts, what is missing, what stands against what, where changes have come, what is next.
sync::Result<sync::Done> print_handover(RecordService& records, const sync::DossierId& handover,
                                        Command& command);
void print_unread(const RecordService& records, const std::vector<Unread>& unread,
                  Command& command);

}  // namespace throughgate::node::cli
