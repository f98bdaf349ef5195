// Receipts for what was erased: the hub keeps those of nodes and its own, and hands them to the
// desk. It believes none that is not signed by whom it names.
#pragma once

#include "hub/round.h"

namespace throughgate::schema {
class SignedBytes;
class SyncReply;
}  // namespace throughgate::schema

namespace throughgate::hub {

// The caller's own; any other, or an older one than is kept, is passed over.
void take_receipt(Round& round, const schema::SignedBytes& bytes);

// For the central organisation's nodes: those that are new since `after_change`.
void put_receipts(Round& round, std::uint64_t after_change, schema::SyncReply& reply);

// Once no page holds what the directory erases: the hub's own.
void sign_receipt(Round& round, const crypto::SigningKey& hub_key);

}  // namespace throughgate::hub
