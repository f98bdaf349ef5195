// What lets somebody into this computer's store, once they have left.
// Threads: those of the OpenNode; several programs may call it at once.
#pragma once

#include "node/accounts/accounts.h"
#include "node/staff/staff.h"

namespace throughgate::node {

// Takes away password, sign-in name and whatever is open of everybody whom the staff list shows as
// having left, wherever that was written down: it may have come from another computer of the site.
// How many ways in there were; costs a look at the staff list when there are none. What was cut
// off goes on at the next call.
sync::Result<std::size_t> close_ways_in_of_leavers(OpenNode& node, Accounts& accounts);

}  // namespace throughgate::node
