// The vectors of merge: the ops of one field of test_records.proto's Card, and its canonical bytes.
#pragma once

#include <span>
#include <string>

#include "sync/merge.h"
#include "tests/vectors/vector_file.h"

namespace throughgate::vectors {

// entry index kind value author role dsn effective effective_as_copy supersedes again_of
// value: hexadecimal, "-" empty, "removed". role: 0 none, else its number. dsn: 0 provisional.
// supersedes: ENTRY/INDEX, comma separated, or "-". again_of: ENTRY/INDEX/AUTHOR or "-".
std::string print_op(const sync::OpInContext& op);
sync::OpInContext parse_op(const std::string& line);

// The canonical bytes of the field as project() leaves it, for the key (root record, type 1).
crypto::Bytes canonical_field(const std::string& field, std::span<const sync::OpInContext> ops);
std::string field_outcome(const VectorFile& vector);

}  // namespace throughgate::vectors
