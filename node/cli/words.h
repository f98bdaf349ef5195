// Between what people type on the command line and our values; other words than these are refused
// with a sentence that says which there are.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "sync/directory.h"

namespace throughgate::node::cli {

sync::Result<sync::OrganisationKind> kind_from_words(std::string_view typed);
std::string words_of(sync::OrganisationKind kind);

// "case", "volunteer-file": the kinds of dossier an agreement may cover.
sync::Result<std::set<std::uint32_t>> dossier_kinds_from_words(
    const std::vector<std::string>& typed);
std::vector<std::string> words_of(const std::set<std::uint32_t>& dossier_kinds);

// NFC, one line, 1 to 200 bytes, no space at either end.
sync::Result<std::string> one_line(std::string_view typed);

// The first moment (UTC) after a day such as "2026-12-04" or "4 December 2026".
sync::Result<std::uint64_t> end_of_day_ms(std::string_view typed);

// An organisation by its name in the list, in any case, or by its number.
//   not_found  none, or several of that name
sync::Result<sync::OrganisationId> organisation_meant(const sync::Directory& directory,
                                                      std::string_view typed);

}  // namespace throughgate::node::cli
