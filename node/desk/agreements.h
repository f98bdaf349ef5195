// Sharing agreements that are in force, and what it means to end one.
// Threads: those of the OpenNode. Errors: those named, and those of Database.
#pragma once

#include <string>
#include <vector>

#include "node/open_node.h"

namespace throughgate::node {

// By the exchange's time as it is known here.
//   not_found  there is none in force from the first to the second
sync::Result<sync::Agreement> agreement_in_force(OpenNode& node, const sync::OrganisationId& from,
                                                 const sync::OrganisationId& to);

// What a person reads before they end it, one sentence each.
sync::Result<std::vector<std::string>> meaning_of_ending(OpenNode& node,
                                                         const sync::Agreement& agreement);

}  // namespace throughgate::node
