// Handovers of ours that the partner has not confirmed by so many days before the release: nobody
// there has answered, or has said that they read what has changed. With each, who else might be
// asked. Threads: those of the RecordService.
#pragma once

#include <string>
#include <vector>

#include "node/handovers/case_file.h"

namespace throughgate::node {

// The meeting before the release is due on that day; without a partner it cannot be held.
constexpr int confirm_days_before = 14;

struct Unconfirmed {
  CaseFile file;
  bool is_unanswered = false;        // the partner has neither accepted nor declined
  std::size_t unread = 0;            // changes of ours that nobody at the partner says to have read
  std::vector<std::string> backups;  // names, the likeliest first
};

// The earliest release first. Those closed to reading are not among them. Of very many not all are
// looked at.
sync::Result<std::vector<Unconfirmed>> unconfirmed_handovers(RecordService& records,
                                                             int days_before = confirm_days_before);

bool is_unconfirmed(const CaseFile& file, const RecordService& records,
                    int days_before = confirm_days_before);

// Partners that an agreement lets us share handovers with, and who take no part in this one yet.
// First whoever was handed most people for the same area before.
sync::Result<std::vector<std::string>> possible_backups(const RecordService& records,
                                                        const CaseFile& file);

}  // namespace throughgate::node
