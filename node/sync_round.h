// One sync: everything held here is offered, everything that has changed is fetched, checked and
// merged. Each step may be repeated, so a round that is cut off needs no clean-up: the next one
// goes on.
#pragma once

#include <cstddef>

#include "node/hub_client.h"
#include "node/link_memory.h"
#include "node/open_node.h"
#include "schema/wire.pb.h"

namespace throughgate::node {

struct SyncReport {
  sync::store::RoundCounts counts;
  std::uint64_t hub_time_ms = 0;  // the hub's clock, to show how far this one is off
  std::size_t requests = 0;       // that carry something, without the one to sign in
  std::size_t keys_renewed = 0;   // see node/key_renewal.h
  std::size_t passed_on = 0;      // files of others, see node/bundles/passing_on.h
};

class SyncRound {
 public:
  // All must outlive the round. A round object may be used again and again. What it learns of the
  // link is left in `link`, for the next one.
  SyncRound(OpenNode& node, HubClient& hub, LinkMemory& link);
  // Remembers the link itself.
  SyncRound(OpenNode& node, HubClient& hub) : SyncRound(node, hub, own_link_) {}
  SyncRound(const SyncRound&) = delete;
  SyncRound& operator=(const SyncRound&) = delete;

  // Fails with what HubClient and Exchange fail with; what was done until then stays done.
  sync::Result<SyncReport> run();
  // The first half alone: what has changed is fetched, and nothing is offered yet. A hub that has
  // begun anew, lacks the list held here, or asks for a newer program, is not heard: then
  // hub_time_ms is 0.
  sync::Result<SyncReport> hear();
  // Passes on one bundle of somebody else's for the hub, after run(). Fails with what HubClient
  // fails with.
  sync::Result<schema::CarryReply> carry(crypto::ByteView file);

 private:
  using Step = sync::Result<sync::Done> (SyncRound::*)(sync::store::Exchange&, SyncReport&);

  sync::Result<SyncReport> with_the_hub(Step step);
  sync::Result<sync::Done> hello();
  schema::Credential credential() const;
  template <class Reply, class Request>
  sync::Result<Reply> call(HubClient::Endpoint endpoint, Request& request, SyncReport& report);
  sync::Result<sync::Done> converse(sync::store::Exchange& exchange, SyncReport& report);
  sync::Result<sync::Done> listen(sync::store::Exchange& exchange, SyncReport& report);
  sync::Result<sync::Done> ask(sync::store::Exchange& exchange, schema::SyncRequest& request,
                               SyncReport& report);
  sync::Result<sync::Done> exchange(sync::store::Exchange& exchange, SyncReport& report);
  sync::Result<sync::Done> fetch(sync::store::Exchange& exchange, SyncReport& report);

  OpenNode& node_;
  HubClient& hub_;
  LinkMemory own_link_;
  LinkMemory& link_;
  crypto::Bytes challenge_;
};

}  // namespace throughgate::node
