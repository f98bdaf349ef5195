// Of a list in which what concerns one record stands together: the record is read once and merged
// once, not for each of them. Inside the caller's unit; finish() before anybody else looks at it.
#pragma once

#include <optional>

#include "sync/store/replica.h"

namespace throughgate::sync::store {

class ReplicaAtHand {
 public:
  ReplicaAtHand(UnitOfWork& work, const NodeContext& context) : work_(work), context_(context) {}

  Replica& of(const DossierId& dossier) {
    if (replica_ && replica_->stored().id() == dossier) return *replica_;
    finish();
    return replica_.emplace(work_, dossier, context_);
  }
  void finish() {
    if (replica_) replica_->finish();
    replica_.reset();
  }

 private:
  UnitOfWork& work_;
  const NodeContext& context_;
  std::optional<Replica> replica_;
};

}  // namespace throughgate::sync::store
