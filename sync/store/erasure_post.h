// This node's receipt for what was erased, on its way to the desk; and at the desk those of others.
// Part of an Exchange, and on its thread; the unit of work is the caller's.
#pragma once

#include <vector>

#include "schema/wire.pb.h"
#include "sync/store/erasure.h"
#include "sync/store/round_under_way.h"

namespace throughgate::sync::store {

class ErasurePost {
 public:
  ErasurePost(const NodeContext& context, RoundUnderWay& round)
      : context_(context), round_(round) {}

  // Told to each hub instance once.
  void add_receipt(UnitOfWork& work, schema::SyncRequest& request);
  // The request came through. What does not verify is passed over and counted.
  void take(UnitOfWork& work, const schema::SyncReply& reply);

 private:
  const NodeContext& context_;
  RoundUnderWay& round_;
  std::optional<std::uint64_t> sent_;  // with the request under way: up to which version
};

// The receipt that these bytes are, where whom they name has signed it by this list.
std::optional<ErasureReceipt> verified_receipt(const schema::SignedBytes& bytes,
                                               const Directory& directory);
schema::SignedBytes signed_bytes(const ErasureReceipt& receipt);

// What a witness said last, as kept at the desk.
std::vector<ErasureReceipt> erasure_receipts(UnitOfWork& work);
void keep_receipt(UnitOfWork& work, const ErasureReceipt& receipt);  // unless a later one is kept

}  // namespace throughgate::sync::store
