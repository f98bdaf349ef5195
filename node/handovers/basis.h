// May a handover be shared with this partner today? Asked before it is, and for the page that says
// why not.
#pragma once

#include "node/handovers/case_file.h"

namespace throughgate::node {

//   denied   no such partner, no current sharing agreement, consent refused or withdrawn
//   invalid  no disclosure in force is recorded for it, or those that are do not name all that the
//            handover holds
sync::Result<sync::Done> check_basis(const CaseFile& file, const sync::OrganisationId& partner,
                                     const OpenNode& node, const CodeLists& codes);

// There is an agreement for handovers from one to the other, which is of that kind.
//   denied
sync::Result<sync::Done> check_agreement(const sync::OrganisationId& from,
                                         const sync::OrganisationId& with,
                                         sync::OrganisationKind kind, const OpenNode& node);

// Of any partner at all, before it is settled which.
sync::Result<sync::Done> check_any_basis(const CaseFile& file, const OpenNode& node,
                                         const CodeLists& codes);

// What the person said against a ground: by consent it needs one that is given; against a "no" only
// another ground holds, reasoned and agreed to by a second person.
//   denied
sync::Result<sync::Done> check_consent(const CaseFile& file, bool by_consent, bool reasoned);

}  // namespace throughgate::node
