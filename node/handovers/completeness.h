// What a handover must say before a partner is asked to take it, and what is still missing.
#pragma once

#include <string>
#include <vector>

#include "node/handovers/case_file.h"

namespace throughgate::node {

struct Lack {
  std::string field;  // as the command line says it; empty: a record beside the handover
  std::string words;  // "Release date: give it, or say why it is not known"
};

struct Completeness {
  std::vector<Lack> missing;
  std::vector<Lack> worth_adding;  // does not stand in the way

  bool is_ready() const { return missing.empty(); }
};

// A same-day release needs only a name, where the person goes, how to reach them and whom to ring.
Completeness completeness_of(const CaseFile& file, const CodeLists& codes);

}  // namespace throughgate::node
