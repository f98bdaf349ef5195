// Records that another organisation stopped sharing with this one leave this computer, unless a
// legal hold that is known here keeps them. What people typed here and was never accepted stays.
// Threads: those of the OpenNode. Errors: those of its Database.
#pragma once

#include "node/open_node.h"

namespace throughgate::node {

// To be called once a round with the exchange, or a bundle, has brought what there is. How many
// went. Costs a look when there is nothing.
sync::Result<std::size_t> delete_what_is_no_longer_shared(OpenNode& node);

}  // namespace throughgate::node
