// What a partner wrote of itself that has the handover no longer. Read as the present one's it
// would send somebody to the wrong telephone. Threads: only reads.
#pragma once

#include "node/handovers/case_file.h"

namespace throughgate::node {

bool is_of_an_earlier_partner(const CaseFile& file, std::uint32_t field);

}  // namespace throughgate::node
