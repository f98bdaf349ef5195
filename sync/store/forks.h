// Two different entries of one computer at one place of a stream, both held here: each is signed by
// it, so that nobody's word is needed. And the central team's word on such a one, where it reaches
// the computer itself.
// Threads: those of the Database.
#pragma once

#include <vector>

#include "sync/directory.h"
#include "sync/store/stored_dossier.h"

namespace throughgate::sync::store {

struct HeldFork {
  DossierId dossier;
  NodeId author;
  Hash entry{};  // of the two, the one without a place; where neither has one, the later to come
  Hash other{};
  bool other_placed = false;
  std::uint64_t arrived_at_ms = 0;  // of `entry`, by this computer's clock
};

// Those that the author's two signatures prove, oldest first. Costs what has no place, not what
// there is.
std::vector<HeldFork> held_forks(UnitOfWork& work, const Directory& directory);

// Where a version says so of this very computer, it writes on under new numbers everywhere: two
// machines that have lived on from one memory never again write at one place.
void heed_accidents(UnitOfWork& work, const DirectoryStep& step, const NodeId& own);

}  // namespace throughgate::sync::store
