// A signed head as it is kept: head 56 · root 68 · signature 64 · {left u8 · sibling 32} for each
// step of its path.
#pragma once

#include <optional>

#include "sync/order.h"

namespace throughgate::sync::store {

Bytes encode_proof(const SignedHead& head);
std::optional<SignedHead> decode_proof(ByteView bytes);

}  // namespace throughgate::sync::store
