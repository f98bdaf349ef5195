// Records that wait at an exchange which has begun anew, until every member has given back what it
// holds or a week is over. The central team may end the wait: of some records, or of all.
// Threads: those of the OpenNode. Errors: those of Database.
#pragma once

#include <string>
#include <vector>

#include "node/open_node.h"

namespace throughgate::node {

struct WaitingRecord {
  sync::DossierId dossier;
  std::string kind;   // "Handover"; empty: not known here
  std::string owner;  // whose it is
};

// As far as this computer holds them: what the exchange's life that the list names has not answered
// for yet. By owner.
sync::Result<std::vector<WaitingRecord>> waiting_at_exchange(OpenNode& node);

// What a person reads before they end the wait, one sentence each.
std::vector<std::string> meaning_of_opening();

}  // namespace throughgate::node
