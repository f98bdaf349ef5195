// The pages of what was changed in two places, a file each. Addresses hold numbers only.
#pragma once

#include "node/web/pages/conflicts/versions.h"

namespace throughgate::node::web {

void add_conflict_list(SitePages& pages);  // /changed-in-two-places
void add_conflict_decision(
    SitePages& pages);  // /changed-in-two-places/:dossier/:record/:type/:field

sync::Result<Standing> standing_of(const PageContext& context, Conflict conflict);
// What holds where nothing stands open any more, who decided, and what there was before. `typed`:
// what somebody was about to decide, so that it is not lost; empty otherwise.
Response decided_page(const PageContext& context, const sync::store::RecordName& record,
                      std::uint32_t field, const Html& typed);

}  // namespace throughgate::node::web
