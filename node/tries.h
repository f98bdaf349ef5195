// Tries of late at something that is short enough, or open enough, to be tried again and again:
// counted in the store, so that a restart forgets none. So many, and then none for a while.
// Threads: those of the OpenNode.
#pragma once

#include <string>
#include <string_view>

#include "node/open_node.h"

namespace throughgate::node {

struct TriesRule {
  std::string_view setting;  // where they are kept
  std::size_t most = 0;
  std::uint64_t wait_ms = 0;  // from the first of them
  std::string refused;        // the words once there were so many: how long to wait
};

class Tries {
 public:
  using What = sync::ByteArray<16>;  // each is counted for itself

  Tries(OpenNode& node, TriesRule rule) : node_(node), rule_(std::move(rule)) {}

  // Counts one more, before it is looked at; how many are left after it. Fails with `denied` once
  // there were so many.
  sync::Result<std::size_t> count(const What& what);
  // After a right one.
  sync::Result<sync::Done> forget(const What& what);

 private:
  OpenNode& node_;
  TriesRule rule_;
};

}  // namespace throughgate::node
