// What can never be accepted as it stands is kept for owner and desk, and told to their nodes, in
// the order in which it came. A node says up to where it has been told.
#pragma once

#include "hub/round.h"

namespace throughgate::schema {
class SyncReply;
}  // namespace throughgate::schema

namespace throughgate::hub {

constexpr std::size_t late_bytes_per_reply_max = 256 << 10;  // one is always told of
constexpr std::size_t late_looked_at_max = 500;              // others' too, in one reply

// Those after `late_after` of records that the caller's organisation leads.
void put_late(Round& round, std::uint64_t late_after, const crypto::SigningKey& hub_key,
              schema::SyncReply& reply);

}  // namespace throughgate::hub
