// Between what people type on the command line and our values; other words than these are refused
// with a sentence that says which there are.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "sync/directory.h"

namespace throughgate::node::cli {

sync::Result<sync::OrganisationKind> kind_from_words(std::string_view typed);
std::string words_of(sync::OrganisationKind kind);

// "handovers", "volunteer-files", or the word for one: the kinds of dossier that an agreement may
// cover. "case" is a handover.
sync::Result<std::set<std::uint32_t>> dossier_kinds_from_words(
    const std::vector<std::string>& typed);
std::vector<std::string> words_of(const std::set<std::uint32_t>& dossier_kinds);

// NFC, one line, 1 to 200 bytes, no space at either end.
sync::Result<std::string> one_line(std::string_view typed);

// The beginning of an id as ids are written, from what was typed in any case: 4 to 32 digits, 0 to
// 9 and a to f. nullopt: it is none.
std::optional<std::string> id_beginning(std::string_view typed);

// A code of a list as lists have it: "LEI" from "lei".
std::string code_from(std::string_view typed);

// Whether these are the eight words of a request, in any case and with any punctuation between.
// Nothing is expected of somebody who has not asked yet.
//   invalid  not as many words; or nothing is expected
//   denied   which of them differ
sync::Result<sync::Done> check_words(std::string_view expected, std::string_view typed);

// The first moment (UTC) after a day such as "2026-12-04" or "4 December 2026".
sync::Result<std::uint64_t> end_of_day_ms(std::string_view typed);

// The day that ends at that moment: "2026-12-04". The other way round.
std::string last_day(std::uint64_t end_of_day_ms);

// An organisation by its name in the list, in any case, or by the beginning of its number.
//   not_found  none, or several of that name or beginning
sync::Result<sync::OrganisationId> organisation_meant(const sync::Directory& directory,
                                                      std::string_view typed);

}  // namespace throughgate::node::cli
