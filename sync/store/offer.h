// What this node has to send: entries of its outbox, and its envelope lists beside them.
// Part of an Exchange, and on its thread; the unit of work is the caller's.
#pragma once

#include <set>
#include <vector>

#include "schema/wire.pb.h"
#include "sync/store/replica_at_hand.h"
#include "sync/store/request_room.h"
#include "sync/store/round_under_way.h"

namespace throughgate::sync::store {

class Offer {
 public:
  Offer(const NodeContext& context, RoundUnderWay& round) : context_(context), round_(round) {}

  void begin();
  void offer_nothing();  // with the next request: its answer answers nothing
  // Each with the envelope lists of the epochs it is of or begins: a MEMBERSHIP waits for them.
  void add_entries(UnitOfWork& work, RequestRoom& room, schema::SyncRequest& request);
  // After add_entries(): what other lists there are, once no entry waits.
  void add_envelopes(UnitOfWork& work, RequestRoom& room, schema::SyncRequest& request);
  // Fails with `rejected` when the answers are not the hub's, or not to what was offered. A fork
  // that is not proven is passed over and counted.
  Result<Done> take_answers(UnitOfWork& work, const schema::SyncReply& reply, std::uint64_t now_ms);

 private:
  struct Offered {
    DossierId dossier;
    Hash entry{};
    EpochId epoch;
  };

  struct Waiting {
    EntryRow row;
    DossierId dossier;
    Hash hash{};
  };
  using Lists = std::vector<EnvelopeList>;
  std::vector<Waiting> waiting(UnitOfWork& work) const;
  Lists lists_beside(UnitOfWork& work, const VerifiedEntry& entry) const;
  void add(Lists lists, schema::SyncRequest& request);
  Result<Done> take_verdict(ReplicaAtHand& at_hand, const Offered& offered,
                            const schema::EntryAnswer& answer, std::uint64_t now_ms);
  bool shows_fork(const StoredDossier& stored, const Hash& entry,
                  const schema::EntryAnswer& answer) const;

  const NodeContext& context_;
  RoundUnderWay& round_;
  std::vector<Offered> offered_;
  bool entries_remain_ = false;  // that did not fit into the request
  std::set<Hash> answered_;      // not to be offered twice in one round
  std::set<Hash> in_full_;       // whose short form did not expand
  Lists envelopes_sent_;
  std::set<crypto::Signature> tried_;  // of lists that went by themselves in this round
  std::set<std::pair<DossierId, EpochId>> epochs_sent_;  // whose lists are in the request
};

}  // namespace throughgate::sync::store
