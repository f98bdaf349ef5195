// One zstd frame with its content size and, once one is shipped, a dictionary. Compression comes
// before encryption; each change set is its own frame, so what ships with the program is the
// dictionary.
#pragma once

#include "sync/ids.h"
#include "sync/result.h"

namespace throughgate::sync {

Bytes compress(ByteView plain);
// Fails with `rejected`: not one whole frame, no content size, more than `bytes_max`, or a
// dictionary that this program does not ship. Nothing larger than `bytes_max` is ever allocated.
Result<Bytes> decompress(ByteView packed, std::size_t bytes_max);

}  // namespace throughgate::sync
