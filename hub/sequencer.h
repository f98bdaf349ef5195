// The blind sequencer: it checks headers, signatures, chains and membership, gives each accepted
// entry its place, keeps ciphertext and routes it. It has no dossier key and knows no record. The
// clock is handed in with each call, in ms since 1970 UTC. Each call is one transaction.
// Threads: one call at a time.
#pragma once

#include "hub/outgoing.h"
#include "hub/placement.h"
#include "hub/round.h"

namespace throughgate::schema {
class FetchReply;
class FetchRequest;
class SyncReply;
class SyncRequest;
}  // namespace throughgate::schema

namespace throughgate::hub {

class Sequencer {
 public:
  // `store` and `random` must outlive it.
  Sequencer(HubStore& store, SequencerKeys keys, const HubLimits& limits, crypto::Random& random)
      : store_(store), keys_(std::move(keys)), limits_(limits), random_(random) {}

  // Takes up what the store holds: first of all, and again whenever another process may have
  // written to it. Fails with `corrupt` when the directory there does not verify.
  Result<Done> refresh();
  // Applies the versions that follow the one held; what they erase is gone when this returns, and
  // the hub has signed that it is. Where another program reads the store just then, what is left in
  // its pages goes with the next call, which need bring no version.
  // `rejected` when one is not the desk's; those before it are kept.
  Result<Done> take_directory(const std::vector<sync::DirectoryStep>& steps, std::uint64_t now_ms);

  // `rejected` when the list held here is another one of that version than the one with this head.
  // Done where the version is not here, or no head is told.
  Result<Done> check_same_list(std::uint64_t version, ByteView head);

  const sync::Directory& directory() const { return history_.directory(); }
  const HubState& state() const { return state_; }  // as of the last call
  const SequencerKeys& keys() const { return keys_; }
  const HubLimits& limits() const { return limits_; }
  const crypto::VerifyKey& verify_key() const { return keys_.signing_key.verify_key(); }
  // Fails with `unavailable` until a directory names this instance with this key.
  Result<Done> serves() const;

  // How its entries fared. Fails with `unavailable`; also when the request shows that this store
  // has been put back from an older copy: it has then begun a new instance.
  Result<Tally> sync(const Caller& caller, const schema::SyncRequest& request, std::uint64_t now_ms,
                     schema::SyncReply& reply);
  Result<Done> fetch(const Caller& caller, const schema::FetchRequest& request,
                     std::uint64_t now_ms, schema::FetchReply& reply);

  // After a backup was put back: all that this hub says from now on, it says as somebody new.
  Result<Done> begin_new_instance();
  // The desk's word that waiting is over; for every dossier when none is named.
  Result<Done> open(const std::optional<DossierId>& dossier, std::uint64_t now_ms);

  HubStore& store() { return store_; }  // for what is kept beside the orders
  Result<HubCounts> counts();

 private:
  Bytes make_cursor(const Told& told, std::size_t size) const;
  std::optional<Told> read_cursor(ByteView cursor) const;
  bool put_directory(const schema::SyncRequest& request, schema::SyncReply& reply);
  void take_snapshot(ByteView snapshot);
  Result<Done> take_step(const sync::DirectoryStep& step, std::uint64_t now_ms);
  Result<Done> clear_traces(std::uint64_t now_ms);
  Error lost_memory();

  HubStore& store_;
  SequencerKeys keys_;
  HubLimits limits_;
  crypto::Random& random_;
  DirectoryHistory history_;
  HubState state_;
  std::pair<InstanceId, std::uint64_t> said_for_;  // whose receipt is known to be kept
  std::uint64_t traces_tried_ms_ = 0;              // when they could not be cleared
};

}  // namespace throughgate::hub
