// One zstd frame with its content size and the id of a dictionary that ships with the program.
// Compression comes before encryption; each change set is its own frame, so what frames have in
// common stands in the dictionary.
#pragma once

#include "sync/ids.h"
#include "sync/result.h"

namespace throughgate::sync {

Bytes compress(ByteView plain);  // with the newest dictionary
// What a frame says that it unpacks to; 0 where it says nothing that can be read.
std::uint64_t declared_size(ByteView packed);
// Nothing larger than `bytes_max` is ever allocated. Fails with
//   rejected  not one whole frame, no content size, more than `bytes_max`, or no dictionary named
//   newer     packed with a dictionary that this program does not ship
Result<Bytes> decompress(ByteView packed, std::size_t bytes_max);

}  // namespace throughgate::sync
