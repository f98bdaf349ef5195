// Receipts for records that are no longer shared: this node's on their way to owner and desk, and
// others' as they come in. Part of an Exchange, and on its thread; the unit of work is the
// caller's.
#pragma once

#include <vector>

#include "schema/wire.pb.h"
#include "sync/store/purge.h"
#include "sync/store/round_under_way.h"

namespace throughgate::sync::store {

class PurgePost {
 public:
  PurgePost(const NodeContext& context, RoundUnderWay& round) : context_(context), round_(round) {}

  // Told to each hub instance until it has taken them.
  void add_receipts(UnitOfWork& work, schema::SyncRequest& request);
  // The request came through. What does not verify is passed over and counted.
  void take(UnitOfWork& work, const schema::SyncReply& reply);

 private:
  const NodeContext& context_;
  RoundUnderWay& round_;
};

// What has been said of this record, as kept at owner and desk.
std::vector<PurgeReceipt> purge_receipts(UnitOfWork& work, const DossierId& dossier);

}  // namespace throughgate::sync::store
