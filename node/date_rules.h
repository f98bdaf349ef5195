// Dates that cannot be: to come although it has happened, or before the one that comes first.
#pragma once

#include <string>
#include <vector>

#include "node/field_problem.h"
#include "sync/store/authoring.h"
#include "sync/store/record_reader.h"

namespace throughgate::node {

// Of one record of `type`: of `drafts`, which are to be saved, and of its ops so far. Each problem
// is said where one of two dates was just typed. `today`: the latest day that it may be here;
// empty: nothing is held against it.
std::vector<FieldProblem> date_problems(const RecordType& type,
                                        const std::vector<sync::store::OpDraft>& drafts,
                                        const std::vector<sync::store::OpView>& present,
                                        const std::string& today);

}  // namespace throughgate::node
