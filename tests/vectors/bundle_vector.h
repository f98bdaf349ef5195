// The vectors of bundles: read as a file, and opened as one of its readers.
#pragma once

#include <string>

#include "tests/vectors/vector_file.h"

namespace throughgate::vectors {

std::string bundle_outcome(const VectorFile& vector);

}  // namespace throughgate::vectors
