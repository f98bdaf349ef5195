// As every main() does: crypto is started before the first test.
#include <catch_amalgamated.hpp>
#include <cstdlib>

#include "crypto/init.h"

namespace {

class StartCrypto final : public Catch::EventListenerBase {
 public:
  using Catch::EventListenerBase::EventListenerBase;
  void testRunStarting(const Catch::TestRunInfo& /*run*/) override {
    if (!throughgate::crypto::start()) std::abort();
  }
};

}  // namespace

CATCH_REGISTER_LISTENER(StartCrypto)
