// What every program knows of how change sets look: small frames are packed against it. Each
// dictionary ever shipped stays, byte for byte, or what was packed with it could not be read.
#pragma once

#include <cstdint>
#include <span>

#include "sync/ids.h"

namespace throughgate::sync {

struct Dictionary {
  std::uint32_t id = 0;  // as zstd frames name it; never 0
  ByteView bytes;        // lives as long as the program
};

// By id, ascending. The last is the one to pack with.
std::span<const Dictionary> dictionaries();

}  // namespace throughgate::sync
