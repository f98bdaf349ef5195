// One sync: everything held here is offered, everything that has changed is fetched, checked and
// merged. Each step may be repeated, so a round that is cut off needs no clean-up: the next one
// goes on.
#pragma once

#include <cstddef>

#include "node/hub_client.h"
#include "node/open_node.h"

namespace throughgate::node {

struct SyncReport {
  sync::store::RoundCounts counts;
  std::uint64_t hub_time_ms = 0;  // the hub's clock, to show how far this one is off
  std::size_t requests = 0;       // that carry something, without the one to sign in
};

class SyncRound {
 public:
  // Both must outlive the round. A round object may be used again and again: it remembers its token
  // and how much the link carried last time.
  SyncRound(OpenNode& node, HubClient& hub) : node_(node), hub_(hub) {}

  // Fails with what HubClient and Exchange fail with; what was done until then stays done.
  sync::Result<SyncReport> run();

 private:
  sync::Result<sync::Done> hello();
  schema::Credential credential() const;
  sync::Result<sync::Done> exchange(sync::store::Exchange& exchange, SyncReport& report);
  sync::Result<sync::Done> fetch(sync::store::Exchange& exchange, SyncReport& report);

  OpenNode& node_;
  HubClient& hub_;
  std::size_t batch_bytes_ = batch_bytes_min;
  crypto::Bytes challenge_;
  crypto::Bytes token_;
  sync::InstanceId instance_;
  std::uint64_t hub_directory_version_ = 0;

  static constexpr std::size_t batch_bytes_min =
      16 << 10;  // gets through a link cut every few seconds
  static constexpr std::size_t batch_bytes_max =
      1 << 20;  // a slow mobile link sends this in ten seconds
};

}  // namespace throughgate::node
