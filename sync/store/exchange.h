// This node's side of a sync, as far as its store is concerned: what to ask and offer next, and
// what to make of each answer. Every step may be repeated; what is not finished is asked for again
// next time. The network is somebody else's: see node/sync_round.
//
// Threads: one at a time. Holds, in memory, only what belongs to the round under way.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "schema/wire.pb.h"
#include "sync/store/admission.h"

namespace throughgate::sync::store {

struct RoundCounts {  // for the sync page, the log and the tests
  std::size_t sent = 0;
  std::size_t received = 0;
  std::size_t held = 0;
  std::size_t refused = 0;
  std::size_t taken_back = 0;
  std::size_t keys = 0;
};

class Exchange {
 public:
  // `directory` is the node's live copy: this is the one place that moves it on.
  Exchange(Database& database, const PolicyTable& policies, Directory& directory,
           const crypto::VerifyKey& directory_key, const NodeIdentity& identity,
           crypto::Random& random, std::function<std::uint64_t()> clock)
      : database_(database),
        directory_(directory),
        directory_key_(directory_key),
        context_{policies, directory, identity, random, std::move(clock)} {}

  // A round begins: what the hub said of itself in its hello.
  Result<Done> begin(const InstanceId& instance, std::uint64_t hub_directory_version);

  // The next request, its outbox batch at most `batch_bytes` (one entry at least).
  Result<schema::SyncRequest> next_request(std::size_t batch_bytes);
  // Fails with `rejected` when the hub says what does not verify: nothing of that answer is kept
  // then but the directory.
  Result<Done> take_reply(const schema::SyncReply& reply, std::uint64_t now_ms);
  // Does anything in memory or in the outbox call for another request in this round?
  bool wants_another_request() const { return wants_another_; }

  // Pages wanted; empty when this node holds all that it has heard of.
  Result<schema::FetchRequest> next_fetch(std::size_t bytes_max);
  Result<Done> take_pages(const schema::FetchReply& reply, std::uint64_t now_ms);

  // After all pages: writes again what was refused as it stood. True when there is something new to
  // send.
  Result<bool> write_again(std::uint64_t now_ms);

  const RoundCounts& counts() const { return counts_; }

 private:
  struct Offered {
    DossierId dossier;
    Hash entry{};
    EpochId epoch;
  };

  void add_directory(UnitOfWork& work, schema::SyncRequest& request);
  void add_presented(UnitOfWork& work, schema::SyncRequest& request);
  void add_replays(UnitOfWork& work, std::size_t bytes, schema::SyncRequest& request);
  void add_entries(UnitOfWork& work, std::size_t bytes, schema::SyncRequest& request);
  void add_envelopes(UnitOfWork& work, schema::SyncRequest& request);
  void add_digests(UnitOfWork& work, schema::SyncRequest& request);

  Result<Done> take_directory(const schema::SyncReply& reply);
  Result<Done> take_answers(UnitOfWork& work, const schema::SyncReply& reply, std::uint64_t now_ms);
  Result<Done> take_head_answers(UnitOfWork& work, const schema::SyncReply& reply,
                                 std::uint64_t now_ms);
  Result<Done> take_envelopes(UnitOfWork& work, const schema::SyncReply& reply);
  Result<Done> take_wanted(UnitOfWork& work, const schema::SyncReply& reply);
  void seal_wanted(UnitOfWork& work);
  Result<Done> take_heads(UnitOfWork& work, const schema::SyncReply& reply);
  void take_digests(UnitOfWork& work, const schema::SyncReply& reply, std::uint64_t now_ms);
  Result<Done> take_pages(const schema::FetchReply& reply, int first, int last,
                          std::uint64_t now_ms);  // in one commit
  Result<Done> take_page(UnitOfWork& work, const schema::Page& page, std::uint64_t now_ms);
  Result<Done> append(Replica& replica, const schema::Page& page, std::uint64_t now_ms);
  void open_envelopes(Replica& replica);
  void reopen_refused(UnitOfWork& work);

  Database& database_;
  Directory& directory_;
  const crypto::VerifyKey directory_key_;
  const NodeContext context_;

  // ---- the round under way
  InstanceId instance_;
  std::uint64_t hub_directory_version_ = 0;
  std::vector<Offered> offered_;
  bool entries_remain_ = false;  // that did not fit into the request
  std::vector<DossierId> asked_about_;
  std::set<Hash> answered_;                     // not to be offered twice in one round
  std::set<Hash> in_full_;                      // whose short form did not expand
  std::map<DossierId, std::uint64_t> replays_;  // first place the hub lacks
  std::set<DossierId> recovering_;              // answered RECOVERING in this round
  std::vector<EnvelopeList> envelopes_sent_;
  bool replay_complete_told_ = false;
  bool wants_another_ = false;
  RoundCounts counts_;
};

}  // namespace throughgate::sync::store
