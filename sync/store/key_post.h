// Dossier keys that come with an answer, and those that others wait for.
// Part of an Exchange, and on its thread; the unit of work is the caller's.
#pragma once

#include <set>

#include "schema/wire.pb.h"
#include "sync/store/replica.h"
#include "sync/store/round_under_way.h"

namespace throughgate::sync::store {

class KeyPost {
 public:
  KeyPost(const NodeContext& context, RoundUnderWay& round) : context_(context), round_(round) {}

  // Keeps the lists sent and opens what is for this node. Fails with `rejected` when one is not
  // signed by the node it names.
  Result<Done> take(UnitOfWork& work, const schema::SyncReply& reply);
  // Opens what can be opened now of the lists kept here.
  void open(Replica& replica);

  // Remembers whose keys are wanted of this node until it can seal them.
  Result<Done> take_wanted(UnitOfWork& work, const schema::SyncReply& reply);
  // What can be sealed now of the dossiers that the round has touched since the last call.
  void seal_wanted(UnitOfWork& work);
  void touch(const DossierId& dossier) { touched_.insert(dossier); }
  void touch_all() { all_touched_ = true; }  // somebody new is in the directory

 private:
  struct Wanted {
    DossierId dossier;
    EpochId epoch;
    Recipient recipient;
  };
  std::vector<Wanted> wanted(UnitOfWork& work);
  void seal(UnitOfWork& work, const Wanted& wanted);

  const NodeContext& context_;
  RoundUnderWay& round_;
  std::set<DossierId> touched_;
  bool all_touched_ = false;
};

}  // namespace throughgate::sync::store
