// Is the store still what it was? Every signature, chain and field shown, and who looked at what.
// Threads: those of the OpenNode. Takes time in proportion to the store.
#pragma once

#include "node/open_node.h"
#include "sync/store/checker.h"

namespace throughgate::node {

struct Soundness {
  sync::store::CheckReport report;
  std::string looks_fault;  // of the list of who looked; empty: it is as it was written

  bool is_sound() const { return report.faults.empty() && looks_fault.empty(); }
};
//   corrupt  a page of the file does not open: nothing further was looked at
sync::Result<Soundness> prove(OpenNode& node);

// What to do about faults, in words.
sync::Error damaged(const Soundness& soundness);

}  // namespace throughgate::node
