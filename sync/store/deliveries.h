// Digests of the records held here: sent for each dossier that has changed, and compared with those
// of other nodes, which so prove what has reached them. One that differs at the same place under
// the same rules is told of at both ends, whichever of the two came to that place first. Part of an
// Exchange, and on its thread; the unit of work is the caller's.
#pragma once

#include "schema/wire.pb.h"
#include "sync/store/replica.h"
#include "sync/store/round_under_way.h"

namespace throughgate::sync::store {

// What others have said was said of an exchange's earlier life: the same place may be another
// entry's now, and everybody says it anew. What has been proven by it stays.
void forget_digests(UnitOfWork& work);
// Of one record, what was said of places above `dsn`.
void forget_digests(UnitOfWork& work, const DossierId& dossier, std::uint64_t dsn);

class Deliveries {
 public:
  Deliveries(const NodeContext& context, RoundUnderWay& round) : context_(context), round_(round) {}

  void add_digests(UnitOfWork& work, schema::SyncRequest& request);
  void take_digests(UnitOfWork& work, const schema::SyncReply& reply, std::uint64_t now_ms);

 private:
  const NodeContext& context_;
  RoundUnderWay& round_;
};

}  // namespace throughgate::sync::store
