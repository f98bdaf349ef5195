// The words by which the desk opens, from afar, what a computer long out of contact keeps closed:
// spoken by telephone, for one computer in its present state, for so many days. Both sides work
// them out from what their two keys have in common, so nobody else can. The layout stands in
// docs/format.md.
#pragma once

#include <optional>
#include <string>

#include "crypto/box_key.h"
#include "sync/ids.h"

namespace throughgate::sync {

constexpr std::uint16_t unlock_days_max = 60;

struct Unlocking {
  NodeId computer;
  NodeId desk;
  std::uint32_t state = 0;  // the computer's number for it; another one once it was opened
  std::uint16_t days = 0;   // 1 to unlock_days_max
};

// Eight words. nullopt where the other's key is none.
std::optional<std::string> unlock_words(const crypto::BoxKey& own,
                                        const crypto::BoxPublicKey& other, const Unlocking& what);

}  // namespace throughgate::sync
