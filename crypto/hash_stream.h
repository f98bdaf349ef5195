// BLAKE2b-256 of what comes bit by bit: the same as hash() of all of it at once, for a file that no
// memory holds. Threads: one value, one thread.
#pragma once

#include <memory>

#include "crypto/hash.h"

namespace throughgate::crypto {

class HashStream {
 public:
  explicit HashStream(const Context& context);
  HashStream(HashStream&&) noexcept;
  HashStream& operator=(HashStream&&) = delete;
  HashStream(const HashStream&) = delete;
  HashStream& operator=(const HashStream&) = delete;
  ~HashStream();

  void add(ByteView bytes);
  Hash finish();  // once, at the end

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace throughgate::crypto
