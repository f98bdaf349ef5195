// Whether two descriptions are of one volunteer: same name and date of birth, or e-mail, or mobile.
// Households share e-mail and telephone, so a shared one under the same surname with another
// forename is only worth a look.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "node/intake/candidate.h"

namespace throughgate::node {

enum class Likeness { different, worth_a_look, same };

struct Comparison {
  Likeness likeness;
  std::string because;  // "same name and date of birth"
};

// An identity in the form in which it is compared: folded, bare of accents and punctuation.
struct MatchParts {
  std::set<std::string> forenames;  // the first, and what the person is known as
  std::set<std::string> surnames;   // and former names
  std::optional<Date> date_of_birth;
  std::string email;
  std::string mobile;
};
MatchParts match_parts(const Identity& identity);

Comparison compare(const MatchParts& a, const MatchParts& b);

// Under which keys an identity is to be found: two that `compare` takes for more than different
// share at least one. Forename and surname in either order give one key.
std::vector<std::string> match_keys(const MatchParts& parts);

// Identities to be found again by key; for rows of one file, and for callers that hold theirs in
// memory. Looks at no more than 50 for each key, so that a mailbox shared by all costs little.
class IdentityIndex {
 public:
  void add(std::size_t id, const MatchParts& parts);
  struct Found {
    std::size_t id;
    Comparison comparison;
  };
  // Everyone who is more than different, `same` first, otherwise in the order they were added.
  std::vector<Found> find(const MatchParts& parts) const;

 private:
  struct Held {
    std::size_t id;
    MatchParts parts;
  };
  std::vector<Held> held_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_key_;
};

}  // namespace throughgate::node
