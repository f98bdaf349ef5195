// What a version of the central list says once, to whom it concerns. It is no part of what the list
// says from then on (Directory::state()): whoever begins with a snapshot need not know of it.
#pragma once

#include <optional>
#include <vector>

#include "sync/directory.h"

namespace throughgate::sync {

// That two entries of one computer at one place came about by accident; it writes on in new
// streams.
struct Accident {
  NodeId node;
  Hash entry{};  // of the two, the one without a place
};
std::vector<Accident> accidents_in(const DirectoryStep& step);

// That an exchange which has begun anew waits no longer for members to give back what it lost.
struct Opening {
  InstanceId instance;              // its life that is meant; any other heeds it not
  std::vector<DossierId> dossiers;  // none: all
};
std::optional<Opening> opening_in(const DirectoryStep& step);

}  // namespace throughgate::sync
