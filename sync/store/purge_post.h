// Receipts for records that are no longer shared: this node's on their way to owner and desk, and
// others' as they come in. Part of an Exchange, and on its thread; the unit of work is the
// caller's.
#pragma once

#include <optional>
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

// This node's, of all records that are no longer shared with it; and of those that this
// organisation took away from it.
std::vector<schema::SignedBytes> own_purge_receipts(UnitOfWork& work);
std::vector<schema::SignedBytes> own_purge_receipts_to(UnitOfWork& work,
                                                       const OrganisationId& removed_by);

// The receipt that these bytes are, where whom it names has signed it by this list.
std::optional<PurgeReceipt> verified_purge_receipt(const schema::SignedBytes& bytes,
                                                   const Directory& directory);
void keep_receipt(UnitOfWork& work, const PurgeReceipt& receipt);  // unless a later one is kept

// What has been said of this record, as kept at owner and desk.
std::vector<PurgeReceipt> purge_receipts(UnitOfWork& work, const DossierId& dossier);

}  // namespace throughgate::sync::store
