// Entries whose header is of a later version than this program reads: kept byte for byte, unjudged,
// until it is updated. Part of a UnitOfWork.
#pragma once

#include <optional>
#include <vector>

#include "sync/entry.h"
#include "sync/order.h"
#include "sync/store/unit_of_work.h"

namespace throughgate::sync::store {

// The one case in which bytes are kept that nothing is known of.
bool is_of_later_version(ByteView header);

struct ParkedEntry {
  SignedEntry bytes;
  // As the exchange gave it; the chain that would prove it cannot go on before this is read.
  struct Place {
    DossierId dossier;
    OrderRecord record;
  };
  std::optional<Place> place;  // none: brought by hand, or the place is gone
};

class ParkedTable {
 public:
  explicit ParkedTable(UnitOfWork& work) : work_(work) {}

  // Once kept, again changes nothing but the place.
  void keep(const ParkedEntry& entry);
  std::optional<ParkedEntry> at(const DossierId& dossier, std::uint64_t dsn) const;
  std::vector<ParkedEntry> without_place() const;
  std::uint64_t count_without_place() const;
  // Places above `dsn` are gone; the entries are kept.
  void take_places_back(const DossierId& dossier, std::uint64_t dsn);
  void remove(const Hash& entry);

 private:
  UnitOfWork& work_;
};

}  // namespace throughgate::sync::store
