// Random bytes from a seed: the same ones in every run. For tests only.
#pragma once

#include "crypto/hash.h"
#include "crypto/random.h"
#include "sync/layout.h"

namespace throughgate::hub::testing {

class SeededRandom final : public crypto::Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : seed_(seed) {}

  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) {
      if (at_ == block_.size()) {
        block_ = crypto::hash(crypto::Context{"tg test random"},
                              {sync::LayoutWriter().u64(seed_).u64(blocks_++).take()});
        at_ = 0;
      }
      byte = block_[at_++];
    }
  }

 private:
  std::uint64_t seed_;
  std::uint64_t blocks_ = 0;
  crypto::Hash block_{};
  std::size_t at_ = block_.size();
};

}  // namespace throughgate::hub::testing
