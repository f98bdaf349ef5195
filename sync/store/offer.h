// What this node has to send: entries of its outbox, and its envelope lists beside them.
// Part of an Exchange, and on its thread; the unit of work is the caller's.
#pragma once

#include <set>
#include <vector>

#include "schema/wire.pb.h"
#include "sync/store/replica.h"
#include "sync/store/round_under_way.h"

namespace throughgate::sync::store {

class Offer {
 public:
  Offer(const NodeContext& context, RoundUnderWay& round) : context_(context), round_(round) {}

  void begin();
  // At most `bytes` of entries, one at least.
  void add_entries(UnitOfWork& work, std::size_t bytes, schema::SyncRequest& request);
  // After add_entries(): those of the same dossiers go first.
  void add_envelopes(UnitOfWork& work, schema::SyncRequest& request);
  // Fails with `rejected` when the answers are not the hub's, or not to what was offered.
  Result<Done> take_answers(UnitOfWork& work, const schema::SyncReply& reply, std::uint64_t now_ms);

 private:
  struct Offered {
    DossierId dossier;
    Hash entry{};
    EpochId epoch;
  };

  const NodeContext& context_;
  RoundUnderWay& round_;
  std::vector<Offered> offered_;
  bool entries_remain_ = false;  // that did not fit into the request
  std::set<Hash> answered_;      // not to be offered twice in one round
  std::set<Hash> in_full_;       // whose short form did not expand
  std::vector<EnvelopeList> envelopes_sent_;
};

}  // namespace throughgate::sync::store
