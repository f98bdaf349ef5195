// What people type, by command or by page, read as what it means; what does not fit is refused with
// a sentence that says what to type.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "node/records/codes.h"
#include "sync/result.h"

namespace throughgate::node {

// NFC, one line, 1 to 200 bytes, no space at either end.
sync::Result<std::string> one_line(std::string_view typed);

// A code of a list as lists have it: "LEI" from "lei".
std::string code_from(std::string_view typed);
// Whether a prison can be set up or invited under this code of the list of establishments.
bool is_known_establishment(const CodeLists& codes, const std::string& code);

// Whether these are the eight words of a request, in any case and with any punctuation between.
// Nothing is expected of somebody who has not asked yet.
//   invalid  not as many words; or nothing is expected
//   denied   which of them differ
sync::Result<sync::Done> check_words(std::string_view expected, std::string_view typed);

// The first moment (UTC) after a day such as "2026-12-04" or "4 December 2026".
sync::Result<std::uint64_t> end_of_day_ms(std::string_view typed);

// "handovers", "volunteer-files", or the word for one: the kinds of dossier that an agreement may
// cover. "case" is a handover.
sync::Result<std::set<std::uint32_t>> dossier_kinds_from_words(
    const std::vector<std::string>& typed);
std::vector<std::string> kinds_in_words(const std::set<std::uint32_t>& dossier_kinds);

}  // namespace throughgate::node
