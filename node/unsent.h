// What people did on this computer and the exchange has not got yet. It is gone where the computer
// is: so they are told when it waits for long, and asked before the computer leaves.
// Threads: those of the OpenNode. Errors: those of Database.
#pragma once

#include <string>
#include <vector>

#include "node/open_node.h"

namespace throughgate::node {

struct Unsent {
  std::uint64_t changes = 0;    // of ours that have no place yet
  std::uint64_t records = 0;    // that they stand in
  std::uint64_t since_ms = 0;   // when the oldest was saved, by this computer's clock; 0: none
  std::uint64_t of_others = 0;  // changes brought by hand that have no place yet
  std::uint64_t files_of_others = 0;  // to be passed on
  std::uint64_t keys = 0;  // records of which others wait for keys that this computer gave them

  bool is_nothing() const { return changes + of_others + files_of_others + keys == 0; }
};
sync::Result<Unsent> unsent(OpenNode& node);

// The words for a person once the oldest has waited so many days; else empty.
std::string unsent_warning(const Unsent& unsent, std::uint64_t now_ms, std::int64_t days);
// What would be lost with this computer, one sentence each; none where nothing would.
std::vector<std::string> lost_with_this_computer(const Unsent& unsent);

}  // namespace throughgate::node
