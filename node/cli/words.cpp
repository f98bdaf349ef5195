#include "node/cli/words.h"

#include <algorithm>

#include "node/cli/output.h"
#include "node/text/unicode.h"

namespace throughgate::node::cli {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::OrganisationKind;
using sync::Result;

Error invalid(const char* message) { return {ErrorKind::invalid, message}; }

}  // namespace

Result<OrganisationKind> kind_from_words(std::string_view typed) {
  const auto word = lower_case(typed);
  if (word == "prison") return OrganisationKind::prison;
  if (word == "partner") return OrganisationKind::partner;
  if (word == "central") return OrganisationKind::central;
  return invalid("An organisation is a prison, a partner or central.");
}

std::string words_of(OrganisationKind kind) {
  switch (kind) {
    case OrganisationKind::prison:
      return "prison";
    case OrganisationKind::partner:
      return "partner";
    case OrganisationKind::central:
      break;
  }
  return "central";
}

std::optional<std::string> id_beginning(std::string_view typed) {
  if (typed.size() < 4 || typed.size() > 32) return std::nullopt;
  auto digits = lower_case(typed);
  if (digits.find_first_not_of("0123456789abcdef") != std::string::npos) return std::nullopt;
  return digits;
}

std::string last_day(std::uint64_t end_ms) {
  return shown_time(end_ms == 0 ? 0 : end_ms - 1).substr(0, std::string_view("2026-12-04").size());
}

Result<sync::OrganisationId> organisation_meant(const sync::Directory& directory,
                                                std::string_view typed) {
  const auto name = one_line(typed);
  if (!name) return name.error();
  std::vector<sync::OrganisationId> found;
  for (const auto& [id, organisation] : directory.organisations()) {
    if (fold_case(organisation.name) == fold_case(*name)) found.push_back(id);
  }
  const auto digits = id_beginning(*name);
  if (found.empty() && digits) {
    for (const auto& [id, organisation] : directory.organisations()) {
      if (id.hex().starts_with(*digits)) found.push_back(id);
    }
  }
  if (found.size() == 1) return found.front();
  return Error{ErrorKind::not_found,
               found.empty()
                   ? "There is no such organisation in the central list. \"desk "
                     "directory\" shows it."
                   : "Several organisations are meant by this. Give the number that \"desk "
                     "directory\" shows."};
}

}  // namespace throughgate::node::cli
