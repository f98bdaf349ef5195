// What is remembered of the way to the hub from one visit to the next. In memory only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "crypto/bytes.h"
#include "sync/ids.h"
#include "sync/limits.h"

namespace throughgate::node {

// Of one node. What it holds is for the hub at `hub` and for this instance of it; a SyncRound that
// finds another there starts with nothing.
struct LinkMemory {
  // Gets through a link cut every few seconds.
  static constexpr std::size_t batch_bytes_min = 16 << 10;

  std::string hub;  // HubClient::address()
  std::size_t batch_bytes = batch_bytes_min;
  crypto::Bytes token;  // empty: say hello first
  sync::InstanceId instance;
  std::uint64_t hub_directory_version = 0;

  // A slow mobile link sends the largest in ten seconds.
  void went_through() { batch_bytes = std::min(batch_bytes * 2, sync::batch_bytes_max); }
  void was_cut() { batch_bytes = std::max(batch_bytes / 2, batch_bytes_min); }
};

}  // namespace throughgate::node
