// Random bytes from a seed: the same ones in every run. For tests only.
#pragma once

#include <algorithm>

#include "crypto/hash.h"
#include "sync/layout.h"

namespace throughgate::sync::testing {

class SeededRandom final : public crypto::Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : seed_(seed) {}

  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) {
      if (at_ == block_.size()) next_block();
      byte = block_[at_++];
    }
  }

 private:
  void next_block() {
    LayoutWriter counter;
    counter.u64(seed_).u64(blocks_++);
    block_ = crypto::hash(crypto::Context{"tg test random"}, {counter.take()});
    at_ = 0;
  }

  std::uint64_t seed_;
  std::uint64_t blocks_ = 0;
  Hash block_{};
  std::size_t at_ = block_.size();
};

}  // namespace throughgate::sync::testing
