// Entries of the exchange's late box, on their way to owner and desk: what can never be accepted as
// it stands is held as refused, and told to people. Part of an Exchange, and on its thread; the
// unit of work is the caller's.
#pragma once

#include "schema/wire.pb.h"
#include "sync/store/replica.h"
#include "sync/store/round_under_way.h"

namespace throughgate::sync::store {

class LatePost {
 public:
  LatePost(const NodeContext& context, RoundUnderWay& round) : context_(context), round_(round) {}

  // How far this node has been told by the instance at hand.
  void add_after(UnitOfWork& work, schema::SyncRequest& request);
  // What does not verify is passed over and counted.
  void take(UnitOfWork& work, const schema::SyncReply& reply, std::uint64_t now_ms);

 private:
  struct Late {
    VerifiedEntry entry;
    OrganisationId author;
    Reason why;
  };
  std::optional<Late> read(const schema::LateEntry& in) const;
  void take(Replica& replica, const Late& late, std::uint64_t now_ms);
  std::uint64_t told_to(UnitOfWork& work) const;

  const NodeContext& context_;
  RoundUnderWay& round_;
};

}  // namespace throughgate::sync::store
