// How this node stands, in numbers: for the status command and the first page.
#pragma once

#include <string>

#include "node/key_renewal.h"

namespace throughgate::node {

struct StoreCounts {
  std::uint64_t dossiers = 0;
  std::uint64_t unsent = 0;     // entries of this node that have no place yet
  std::uint64_t sealed = 0;     // entries whose key is awaited
  std::uint64_t in_review = 0;  // fields changed in two places
  std::uint64_t notices = 0;    // that nobody has seen
  // Dossiers in which a newer program wrote what this one cannot show, and entries of such that
  // were brought by hand: the program should be updated.
  std::uint64_t update_needed = 0;
  std::uint64_t to_read_again = 0;  // dossiers not yet read again since this program was updated
};

struct Status : StoreCounts {
  std::string organisation_name;
  sync::OrganisationKind kind = sync::OrganisationKind::prison;
  bool enrolled = false;             // in the directory held here
  std::uint64_t last_backup_ms = 0;  // 0: none was made here
  RenewalStanding keys;              // where a computer was withdrawn
  std::string words_awaited;         // to read to the desk, while its answer is awaited
};

// From the directory once it is there, else as given at set-up.
sync::Result<std::string> own_name(OpenNode& node);
sync::Result<std::uint64_t> unsent_of(OpenNode& node);  // costs what it counts

sync::Result<StoreCounts> counts_of(OpenNode& node);
sync::Result<Status> status_of(OpenNode& node);

}  // namespace throughgate::node
