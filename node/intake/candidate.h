// What one row of a file would become: a volunteer record that does not exist yet.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/hash.h"
#include "node/intake/dates.h"
#include "node/intake/names.h"

namespace throughgate::node {

// What tells one volunteer from another.
struct Identity {
  PersonName name;
  std::optional<Date> date_of_birth{};
  std::string email{};
  std::string mobile{};  // +447700900123
};

struct CandidateClearance {
  std::string level{};  // a code; empty when the file does not say
  std::string outcome{};
  std::string setting{};  // establishment code
  std::optional<Date> applied_on{};
  std::optional<Date> granted_on{};
  std::optional<Date> expires_on{};
  std::string reference{};

  bool operator==(const CandidateClearance&) const = default;
};

struct Candidate {
  Identity identity;
  std::string telephone{};
  std::vector<std::string> address_lines{};  // without the postcode
  std::string postcode{};
  std::vector<std::string> roles{};  // codes
  std::string status{};              // a code
  std::string establishment{};
  std::vector<CandidateClearance> clearances{};  // at most two: vetting, DBS
  std::optional<Date> started_on{};
  std::optional<Date> left_on{};
  std::optional<bool> agreement_signed{};
  std::string notes{};
};

// Equal for equal content, whatever the order of columns, the spelling of dates and numbers, or the
// encoding of the file; kept with what is imported so that the same row makes nothing twice.
// Stays the same when later versions add fields that a row does not fill.
using RowKey = crypto::Hash;
RowKey row_key(const Candidate& candidate);

// In one line, for the person who imports: "Ann Jones, born 3 April 1981, 07700 900123; roles ...".
std::string shown(const Candidate& candidate);

}  // namespace throughgate::node
