// What the parts of an Exchange share while one round lasts.
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "sync/ids.h"
#include "sync/result.h"

namespace throughgate::sync::store {

struct RoundCounts {  // for the sync page, the log and the tests
  std::size_t sent = 0;
  std::size_t received = 0;    // that others wrote
  std::size_t own_placed = 0;  // that this node wrote, come back with their place
  std::size_t held = 0;
  std::size_t refused = 0;
  std::size_t taken_back = 0;
  std::size_t keys = 0;
  std::size_t unsound = 0;  // dossiers of which the hub sent something that does not hold

  RoundCounts& operator+=(const RoundCounts& other);
};

inline RoundCounts& RoundCounts::operator+=(const RoundCounts& other) {
  sent += other.sent;
  received += other.received;
  own_placed += other.own_placed;
  held += other.held;
  refused += other.refused;
  taken_back += other.taken_back;
  keys += other.keys;
  unsound += other.unsound;
  return *this;
}

struct RoundUnderWay {
  InstanceId instance;         // of the hub
  bool wants_another = false;  // request: something in memory or in the outbox calls for it
  RoundCounts counts;
  std::set<DossierId> unsound;  // those counted
  // Where the hub refused something for what its order says, and the one here does not.
  std::set<DossierId> refused_by_order;

  void note_unsound(const DossierId& dossier) {
    if (unsound.insert(dossier).second) ++counts.unsound;
  }
};

// What the hub sent does not verify; `what` ends in a full stop.
inline Error hub_is_wrong(const char* what) {
  return {ErrorKind::rejected,
          std::string("The central exchange sent something that does not hold: ") + what +
              " Nothing of it was kept. Tell the central team."};
}

}  // namespace throughgate::sync::store
