// Receipts for records that are no longer shared with an organisation: kept for owner and desk. The
// hub believes none that is not signed by the computer that brings it.
#pragma once

#include "hub/recovery.h"
#include "hub/round.h"

namespace throughgate::schema {
class SignedBytes;
class SyncReply;
}  // namespace throughgate::schema

namespace throughgate::hub {

// The caller's own, of a record whose order here shows that its organisation was removed. The
// answer names it once it need not be sent again.
void take_purge_receipt(Round& round, Recovery& recovery, const schema::SignedBytes& bytes,
                        schema::SyncReply& reply);

// For the owner's and the desk's nodes: those that are new since `after_change`.
void put_purge_receipts(Round& round, const StoredOrder& order, std::uint64_t after_change,
                        schema::SyncReply& reply);

}  // namespace throughgate::hub
