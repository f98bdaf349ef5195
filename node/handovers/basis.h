// May a handover be shared with this partner today? Asked before it is, and for the page that says
// why not.
#pragma once

#include "node/handovers/case_file.h"

namespace throughgate::node {

//   denied   no such partner, no current sharing agreement, consent refused or withdrawn
//   invalid  no disclosure in force is recorded for it, or it lacks something
sync::Result<sync::Done> check_basis(const CaseFile& file, const sync::OrganisationId& partner,
                                     const OpenNode& node);

}  // namespace throughgate::node
