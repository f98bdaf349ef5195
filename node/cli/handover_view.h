// What the command line shows of handovers.
#pragma once

#include "node/cli/program.h"
#include "node/handovers/change_words.h"
#include "node/record_service.h"

namespace throughgate::node::cli {

struct HandoverPage {
  std::string after;  // empty: from the start
  std::size_t limit = 50;
  bool with_ended = false;
};

sync::Result<sync::Done> print_handovers(const RecordService& records, const HandoverPage& page,
                                         Command& command);
// What to do and not to do, stage, facts, what is missing, what stands against what, where changes
// have come, what is next.
sync::Result<sync::Done> print_handover(RecordService& records, const sync::DossierId& handover,
                                        Command& command);
// The do's and don'ts that have not ended, as people read them; nothing in JSON.
void say_flags(const RecordService& records, const CaseFile& file, Command& command);
// The changes that wait to be read, a row each.
sync::Result<std::vector<Row>> unread_rows(const RecordService& records, const CaseFile& file,
                                           const std::vector<Unread>& unread);
void print_unread(const std::vector<Row>& rows, Command& command);

}  // namespace throughgate::node::cli
