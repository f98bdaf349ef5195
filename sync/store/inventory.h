// All that a store holds and that nothing else in it tells: entries with their places and parts,
// keys, the central list, accounts, single values. Two stores of one inventory come to the same.
#pragma once

#include "sync/store/unit_of_work.h"

namespace throughgate::sync::store {

struct Inventory {
  std::uint64_t dossiers = 0;
  std::uint64_t entries = 0;
  Hash content{};

  friend bool operator==(const Inventory&, const Inventory&) = default;
};

// As of the unit's moment. Reads all of the store but what is made from it.
Inventory take_inventory(UnitOfWork& work);

}  // namespace throughgate::sync::store
