// What a check of the store found wrong.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sync/ids.h"

namespace throughgate::sync::store {

struct Fault {
  std::optional<DossierId> dossier;  // none: in no record's rows
  std::optional<std::uint64_t> dsn;  // the place; none: not accepted, or not of one entry
  std::string what;                  // plain English; no personal data
  bool is_derived = false;           // in what is made from signed entries: a rebuild makes it anew

  friend bool operator==(const Fault&, const Fault&) = default;
};

// Those of one dossier: each is told once, however many rows show it.
class DossierFaults {
 public:
  DossierFaults(const DossierId& dossier, std::vector<Fault>& faults)
      : dossier_(dossier), faults_(faults) {}

  void add(std::optional<std::uint64_t> dsn, const std::string& what) {
    if (told_.emplace(dsn, what).second) faults_.push_back({dossier_, dsn, what, in_derived_});
  }
  // What is added from now on is in what is made from signed entries.
  void turn_to_derived() { in_derived_ = true; }

 private:
  DossierId dossier_;
  std::vector<Fault>& faults_;
  std::set<std::pair<std::optional<std::uint64_t>, std::string>> told_;
  bool in_derived_ = false;
};

}  // namespace throughgate::sync::store
