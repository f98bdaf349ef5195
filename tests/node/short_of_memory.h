// For programs linked with --wrap=crypto_pwhash: while one of these lives, no password can be tried
// or set, as on a computer whose memory is used up. Threads: one.
#pragma once

namespace throughgate::node::testing {

class ShortOfMemory {
 public:
  ShortOfMemory();
  ~ShortOfMemory();
  ShortOfMemory(const ShortOfMemory&) = delete;
  ShortOfMemory& operator=(const ShortOfMemory&) = delete;
};

}  // namespace throughgate::node::testing
