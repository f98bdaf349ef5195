// The test's hub, for whoever wants one of their own: it goes on when they are done.
#pragma once

#include "tests/node/web/pages/page_world.h"

namespace throughgate::node::testing {

class LentHub final : public HubClient {
 public:
  explicit LentHub(TestHub& hub) : hub_(hub) {}
  sync::Result<crypto::Bytes> call(Endpoint endpoint, crypto::ByteView request) override {
    return hub_.call(endpoint, request);
  }

 private:
  TestHub& hub_;
};

}  // namespace throughgate::node::testing
