// What a row of a file becomes: the fields of a volunteer's records.
#pragma once

#include "node/intake/candidate.h"
#include "node/record_service.h"

namespace throughgate::node {

// The part that travels: the volunteer, their clearances and roles. The first is the root.
std::vector<NewRecord> travelling_records(const Candidate& candidate);
// The part that stays, without naming the volunteer; empty when the row says nothing for it.
std::vector<FieldInput> file_fields(const Candidate& candidate);

}  // namespace throughgate::node
