// New keys for the records that a withdrawn computer could read: how far that has come, and the
// next portion of it. See sync/store/key_renewals.h. Threads: those of the OpenNode. Errors: those
// of Database.
#pragma once

#include <string>
#include <vector>

#include "node/open_node.h"
#include "sync/store/key_renewals.h"

namespace throughgate::node {

constexpr std::size_t keys_per_commit = 100;  // others may write in between

struct RenewalStanding {
  sync::store::KeyRenewalCounts counts;
  std::vector<std::string> awaited;  // whole sentences: what others must do, and who
  std::uint64_t left() const { return counts.due - counts.done; }
};
sync::Result<RenewalStanding> renewal_standing(OpenNode& node);

// "1,200 of 5,000 records have new keys." and what becomes of the rest; empty where none is due.
std::string in_words(const RenewalStanding& standing);

// Makes up to so many new keys, in the person's name or the program's. How many.
sync::Result<std::size_t> renew_keys(OpenNode& node, sync::store::KeyRenewal& renewal,
                                     std::size_t keys_max, const sync::Actor& actor);

}  // namespace throughgate::node
