#include "sync/merge.h"

#include "tests/fuzz/fuzz_target.h"
#include "tests/sync/naive_merge.h"
#include "tests/sync/op_history.h"

namespace throughgate::fuzz {

// merge() and its naive second telling agree, on any history and in any order.
void run(crypto::ByteView bytes) {
  auto history = sync::testing::op_history(bytes);
  const auto field = sync::project(history.policy, history.ops);
  must(field == sync::testing::naive_merge(history.policy, history.ops));
  std::reverse(history.ops.begin(), history.ops.end());
  must(field == sync::project(history.policy, history.ops));
}

}  // namespace throughgate::fuzz
