// Looks at every block of heap memory as it is given back, for bytes that had to be wiped first.
// One at a time, in tests of a single thread.
#pragma once

#include "crypto/bytes.h"

namespace throughgate::crypto {

class FreedMemory {
 public:
  explicit FreedMemory(ByteView secret);  // at most 64 bytes; copied to where nothing is freed
  ~FreedMemory();
  FreedMemory(const FreedMemory&) = delete;
  FreedMemory& operator=(const FreedMemory&) = delete;

  bool held_secret() const;
};

}  // namespace throughgate::crypto
