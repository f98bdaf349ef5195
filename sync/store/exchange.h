// This node's side of a sync, as far as its store is concerned: what to ask and offer next, and
// what to make of each answer. Every step may be repeated; what is not finished is asked for again
// next time. The network is somebody else's: see node/sync_round.
//
// Threads: one at a time. Holds, in memory, only what belongs to the round under way.
#pragma once

#include <functional>
#include <optional>

#include "schema/wire.pb.h"
#include "sync/store/admission.h"
#include "sync/store/chain_pages.h"
#include "sync/store/deliveries.h"
#include "sync/store/erasure_post.h"
#include "sync/store/key_post.h"
#include "sync/store/late_post.h"
#include "sync/store/offer.h"
#include "sync/store/purge_post.h"
#include "sync/store/replays.h"

namespace throughgate::sync::store {

class Exchange {
 public:
  // `directory` is the node's live copy: this is the one place that moves it on.
  Exchange(Database& database, const PolicyTable& policies, Directory& directory,
           const Anchor& anchor, const NodeIdentity& identity, crypto::Random& random,
           std::function<std::uint64_t()> clock)
      : database_(database),
        directory_(directory),
        anchor_(anchor),
        context_{policies, directory, identity, random, std::move(clock)} {}
  Exchange(const Exchange&) = delete;  // its parts refer to one another
  Exchange& operator=(const Exchange&) = delete;

  // A round begins: what the hub said of itself in its hello.
  Result<Done> begin(const InstanceId& instance, std::uint64_t hub_directory_version);

  // The next request: what changes hold, at most `batch_bytes`, one of them at least; digests and
  // what every request has come on top.
  Result<schema::SyncRequest> next_request(std::size_t batch_bytes);
  // A request that offers nothing, for who must hear before anything is sent; nullopt where the hub
  // has begun anew: it is first shown what it had signed, with all else.
  Result<std::optional<schema::SyncRequest>> hearing_request();
  // Fails with `rejected` when the hub says what does not verify: nothing of that answer is kept
  // then but the directory. Where that has moved on, finish_erasures() is due, whatever this says.
  Result<Done> take_reply(const schema::SyncReply& reply, std::uint64_t now_ms);
  // Does anything in memory or in the outbox call for another request in this round?
  bool wants_another_request() const { return round_.wants_another; }

  // Pages wanted; empty when this node holds all that it has heard of and that it can have now.
  Result<schema::FetchRequest> next_fetch(std::size_t bytes_max) {
    return pages_.next_fetch(bytes_max);
  }
  // What does not hold is passed over and counted. True when asking on may bring more.
  Result<bool> take_pages(const schema::FetchReply& reply, std::uint64_t now_ms) {
    return pages_.take(reply, now_ms);
  }

  // After all pages: writes again what was refused as it stood. True when there is something new to
  // send.
  Result<bool> write_again(std::uint64_t now_ms);

  const RoundCounts& counts() const { return round_.counts; }

 private:
  schema::SyncRequest begin_request(UnitOfWork& work);
  bool begins_anew(UnitOfWork& work) const;
  bool asks_for_the_list_first(UnitOfWork& work);
  void add_directory(UnitOfWork& work, RequestRoom& room, schema::SyncRequest& request);
  bool was_told_too_little(UnitOfWork& work) const;
  Result<Done> take_directory(const schema::SyncReply& reply);
  Result<Done> take_snapshot(UnitOfWork& work, const schema::SyncReply& reply, Directory& next);
  void add_snapshot(UnitOfWork& work, schema::SyncRequest& request);

  Database& database_;
  Directory& directory_;
  const Anchor anchor_;
  const NodeContext context_;

  std::uint64_t hub_directory_version_ = 0;
  std::optional<std::uint64_t> hub_snapshot_version_;  // once it has said
  std::optional<std::uint64_t>
      steps_sent_after_;             // with the last request that had to leave some out
  bool asked_for_the_list_ = false;  // in this round
  bool asked_anew_ = false;          // the same, without a cursor
  RoundUnderWay round_;
  Offer offer_{context_, round_};
  Replays replays_{context_, round_};
  KeyPost key_post_{context_, round_};
  ChainPages pages_{database_, context_, round_, key_post_};
  Deliveries deliveries_{context_, round_};
  ErasurePost erasure_post_{context_, round_};
  PurgePost purge_post_{context_, round_};
  LatePost late_post_{context_, round_};
};

}  // namespace throughgate::sync::store
