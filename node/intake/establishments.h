// The prisons a file may name, by code or by name.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "node/intake/refusal.h"

namespace throughgate::node {

// Filled by the caller from the list of establishments it ships.
class EstablishmentList {
 public:
  void add(std::string_view code, std::string_view name);

  // The code for "LEI", "Leeds", "HMP Leeds" or "Leeds (HMP)". A problem for one not in the list.
  // While the list is empty, everything with the shape of a code is taken.
  Reading<std::string> read(std::string_view text) const;

 private:
  std::map<std::string, std::string> code_of_;  // by bare name and by bare code
};

}  // namespace throughgate::node
