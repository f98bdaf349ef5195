// A search through all memory that this process can write: heap, stacks, static data.
#pragma once

#include <cstddef>

#include "crypto/bytes.h"

namespace throughgate::node::testing {

// Bytes to look for, kept so that they are not themselves found.
class Sought {
 public:
  explicit Sought(crypto::ByteView bytes);
  // How often they stand in memory just now.
  std::size_t count() const;

 private:
  crypto::Bytes masked_;
};

}  // namespace throughgate::node::testing
