// What several threads do at once. Most is told by the thread sanitizer: tools/test --sanitizers.
#include <array>
#include <catch_amalgamated.hpp>
#include <thread>
#include <vector>

#include "crypto/content_key.h"
#include "crypto/init.h"
#include "crypto/random.h"
#include "crypto/signing_key.h"

using namespace throughgate::crypto;

namespace {

constexpr Context test_context{"tg.test.threads"};

// One after the other, that is: starting, a key, a signature, a sealed text, and all of it undone.
bool works() {
  if (!start()) return false;
  SystemRandom random;
  const Bytes text(1000, 7);
  const auto signing_key = SigningKey::generate(random);
  const auto key = ContentKey::generate(random);
  const auto opened = key.open(test_context, {}, key.seal(test_context, {}, text, random));
  const auto signature = signing_key.sign(test_context, text);
  return opened == text && verify(signing_key.verify_key(), test_context, text, signature);
}

}  // namespace

TEST_CASE("keys are made and used, and crypto is started, by several threads at once",
          "[threads]") {
  std::array<int, 4> worked{};
  std::vector<std::thread> threads;
  for (auto& each : worked) {
    threads.emplace_back([&each] {
      for (int i = 0; i < 25; ++i) each += works() ? 1 : 0;
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(worked == std::array<int, 4>{25, 25, 25, 25});
}
