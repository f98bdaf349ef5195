// Which kinds of information a handover holds, to be named in the ground on which it is shared.
#pragma once

#include <string>
#include <vector>

#include "node/handovers/case_file.h"
#include "node/records/codes.h"

namespace throughgate::node {

// Codes of the list "data-classes", in its order.
std::vector<std::string> classes_held(const CaseFile& file);

// Those of which anything has a place before this one (none: any place), whatever became of it
// since: what could reach whoever could see it until then.
sync::Result<std::vector<std::string>> classes_written_by(const RecordService& records,
                                                          const sync::DossierId& handover,
                                                          std::optional<std::uint64_t> before_dsn);

// The kind of information that a field of a handover, or of a record that hangs on it, belongs to;
// nullopt: none.
std::optional<std::string> class_of(std::uint32_t record_type, std::uint32_t field);

// "Levels of risk; Needs and support"
std::string classes_in_words(const std::vector<std::string>& classes, const CodeLists& codes);

}  // namespace throughgate::node
