// What this implementation says of a vector, in the words of its `expect` line.
#pragma once

#include <string>

#include "tests/vectors/vector_file.h"

namespace throughgate::vectors {

// "accept" or "accept RESULT", or the exact class of refusal: "bad signature", "rejected 25",
// "hold 2", "malformed", "stale: ..." ... docs/format.md lists them for each kind.
std::string outcome_of(const VectorFile& vector);

}  // namespace throughgate::vectors
