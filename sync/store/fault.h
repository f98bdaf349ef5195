// What a check of the store found wrong.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "sync/ids.h"

namespace throughgate::sync::store {

struct Fault {
  std::optional<DossierId> dossier;  // none: in no record's rows
  std::optional<std::uint64_t> dsn;  // the place; none: not accepted, or not of one entry
  std::string what;                  // plain English; no personal data

  friend bool operator==(const Fault&, const Fault&) = default;
};

// Those of one dossier: each is told once, however many rows show it.
class DossierFaults {
 public:
  DossierFaults(const DossierId& dossier, std::vector<Fault>& faults)
      : dossier_(dossier), faults_(faults), before_(faults.size()) {}

  void add(std::optional<std::uint64_t> dsn, const char* what) {
    Fault fault{dossier_, dsn, what};
    const auto own = faults_.begin() + static_cast<std::ptrdiff_t>(before_);
    if (std::find(own, faults_.end(), fault) == faults_.end()) faults_.push_back(std::move(fault));
  }

 private:
  DossierId dossier_;
  std::vector<Fault>& faults_;
  std::size_t before_;
};

}  // namespace throughgate::sync::store
