// What tells one volunteer from another, out of a record.
#pragma once

#include <vector>

#include "node/change_plan.h"
#include "node/intake/candidate.h"
#include "sync/store/record_reader.h"

namespace throughgate::node {

// Of the type Volunteer: those that identity_in() looks at.
std::vector<std::uint32_t> identity_fields();
Identity identity_in(const sync::store::RecordRow& row);
// Of somebody about to be recorded; nothing is wrong with the inputs.
Identity identity_in(const std::vector<FieldInput>& inputs, const CodeLists& codes);

}  // namespace throughgate::node
