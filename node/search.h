// Words looked for in the records of this computer, and where they stand, in words for people.
// Threads: those of the RecordService.
#pragma once

#include <string>
#include <vector>

#include "node/record_service.h"

namespace throughgate::node {

constexpr std::uint8_t every_class = 4;  // all staff see every field until roles limit reading

struct FoundField {
  sync::store::RecordName record;
  std::string label;  // "Family name"
  std::string value;  // all of it, as it is shown
};

struct FoundDossier {
  sync::DossierId dossier;
  std::vector<FoundField> fields;  // in which one of the words stands
};

struct FoundRecords {
  std::vector<FoundDossier> dossiers;  // the newest first; every word stands somewhere in each
  bool more = false;                   // not all: another word makes it fewer
};

// Of these record types only; of all where there are none. At most `limit` dossiers, up to 200.
//   invalid  nothing to search for, or too much
sync::Result<FoundRecords> search_records(const RecordService& records, const std::string& text,
                                          const std::vector<std::uint32_t>& types,
                                          std::size_t limit);

}  // namespace throughgate::node
