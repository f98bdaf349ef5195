// Codes that never leave the prison stand only in the person's own record, and codes that only the
// practitioner may share need a name. Checked for every op on its way into a dossier, however it
// was made. Which code is which: config/codes.
#pragma once

#include <string_view>
#include <vector>

#include "node/field_problem.h"
#include "node/records/codes.h"
#include "sync/store/authoring.h"
#include "sync/store/record_reader.h"

namespace throughgate::node {

// The code list whose codes say how far they go, in "share". A code without one, or that this
// program does not know, stays in the prison.
constexpr std::string_view alerts_list = "alerts";

// `present`: the record's ops so far. Each problem is `denied`.
std::vector<FieldProblem> sharing_problems(const RecordType& type,
                                           const std::vector<sync::store::OpDraft>& ops,
                                           const std::vector<sync::store::OpView>& present,
                                           const CodeLists& codes);

// Fails with the first of them.
sync::Result<sync::Done> check_sharing(const RecordType& type,
                                       const std::vector<sync::store::OpDraft>& ops,
                                       const std::vector<sync::store::OpView>& present,
                                       const CodeLists& codes);

}  // namespace throughgate::node
