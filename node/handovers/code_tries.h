// Wrong handover codes, counted on disk for each handover: five, and then none for an hour.
// Threads: those of the OpenNode.
#pragma once

#include "node/open_node.h"

namespace throughgate::node {

constexpr std::size_t code_tries_max = 5;
constexpr std::uint64_t code_wait_ms = 60 * 60 * 1000;

class CodeTries {
 public:
  explicit CodeTries(OpenNode& node) : node_(node) {}

  // Counts one more, before it is looked at; how many are left after it.
  //   denied  there were five: how long to wait
  sync::Result<std::size_t> count(const sync::DossierId& handover);
  // After a right one.
  sync::Result<sync::Done> forget(const sync::DossierId& handover);

 private:
  OpenNode& node_;
};

}  // namespace throughgate::node
