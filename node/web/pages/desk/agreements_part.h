// Sharing agreements as a table: on their own page, and on an organisation's.
#pragma once

#include "node/web/pages/desk/parts.h"

namespace throughgate::node::web {

constexpr char agreements_address[] = "/central-team/agreements";
constexpr char new_agreement_address[] = "/central-team/agreements/new";

// Those in force first; of one organisation, or all.
sync::Result<Html> agreements_part(const PageContext& context,
                                   const std::optional<sync::OrganisationId>& of);

}  // namespace throughgate::node::web
