// Between what people type on the command line and our values; other words than these are refused
// with a sentence that says which there are.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "node/typed_words.h"
#include "sync/directory.h"

namespace throughgate::node::cli {

sync::Result<sync::OrganisationKind> kind_from_words(std::string_view typed);
std::string words_of(sync::OrganisationKind kind);

// The beginning of an id as ids are written, from what was typed in any case: 4 to 32 digits, 0 to
// 9 and a to f. nullopt: it is none.
std::optional<std::string> id_beginning(std::string_view typed);

// The day that ends at that moment: "2026-12-04". end_of_day_ms() the other way round.
std::string last_day(std::uint64_t end_of_day_ms);

// An organisation by its name in the list, in any case, or by the beginning of its number.
//   not_found  none, or several of that name or beginning
sync::Result<sync::OrganisationId> organisation_meant(const sync::Directory& directory,
                                                      std::string_view typed);

}  // namespace throughgate::node::cli
