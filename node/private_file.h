// Files that only the person running the program may read. The one place that asks the system for
// such permissions.
#pragma once

#include <string>

#include "crypto/bytes.h"
#include "sync/result.h"

namespace throughgate::node {

// The whole file, at most `bytes_max`.
//   not_found    no such file, or it is not a plain one
//   invalid      larger than that
//   unavailable  it cannot be read
sync::Result<crypto::Bytes> read_file(const std::string& path, std::size_t bytes_max);

// A new file, on disk when it returns. Never writes over one that is there.
//   invalid      there is one already
//   unavailable  it cannot be written; nothing is left of it
sync::Result<sync::Done> write_private_file(const std::string& path, std::string_view content);

}  // namespace throughgate::node
