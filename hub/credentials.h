// How a node shows that it is one: a challenge that it signs, and the token that this earns.
// Neither is kept: each carries its time and a check under a key that lives in this process only,
// so that a restart forgets both.
#pragma once

#include <optional>

#include "crypto/random.h"
#include "crypto/secret.h"
#include "sync/directory.h"

namespace throughgate::hub {

constexpr std::uint64_t challenge_ms_max = 5ull * 60 * 1000;
constexpr std::uint64_t token_ms_max = 15ull * 60 * 1000;

class Credentials {
 public:
  explicit Credentials(crypto::Random& random)  // which must outlive it
      : random_(random), key_(crypto::Secret<32>::random(random)) {}

  // random 8 · time u64 · check 16, good for five minutes and this node
  sync::ByteArray<32> challenge(const sync::NodeId& node, std::uint64_t now_ms);
  // time u64 · check 16, good for fifteen minutes, this node and this instance
  sync::Bytes token(const sync::NodeId& node, const sync::InstanceId& instance,
                    std::uint64_t now_ms) const;

  bool is_good_answer(const sync::EnrolledNode& node, const sync::InstanceId& instance,
                      sync::ByteView challenge, sync::ByteView signature,
                      std::uint64_t now_ms) const;
  bool is_good_token(const sync::NodeId& node, const sync::InstanceId& instance,
                     sync::ByteView token, std::uint64_t now_ms) const;

 private:
  crypto::Random& random_;
  crypto::Secret<32> key_;
};

}  // namespace throughgate::hub
