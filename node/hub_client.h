// The way to the hub, as a sync round sees it: five calls of bytes. Over HTTP in the product, in
// one process in the simulation, where calls get lost, repeated and cut.
#pragma once

#include <string>

#include "crypto/bytes.h"
#include "sync/result.h"

namespace throughgate::node {

class HubClient {
 public:
  virtual ~HubClient() = default;
  enum class Endpoint { hello, sync, fetch, mailbox, carry };
  // Fails with
  //   unavailable  no whole answer came, or the hub cannot answer now: try again later
  //   stale        the challenge or token is too old: say hello again
  //   denied       the hub refuses this node: not enrolled yet, or revoked
  //   invalid      the hub could not read the request
  virtual sync::Result<crypto::Bytes> call(Endpoint endpoint, crypto::ByteView request) = 0;
  // Where it leads: what one hub gave is not shown to another. Empty where there is but one.
  virtual std::string address() const { return {}; }
};

}  // namespace throughgate::node
