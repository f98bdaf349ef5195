// A computer of the central list, as people name it on the command line.
#pragma once

#include <string>

#include "node/desk/revocations.h"

namespace throughgate::node::cli {

// By the beginning of its number, or its label where only one bears it.
//   not_found  none, or several
sync::Result<ListedComputer> computer_meant(OpenNode& node, const std::string& typed);

}  // namespace throughgate::node::cli
