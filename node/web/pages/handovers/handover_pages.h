// The pages of handovers, a file each. Lists are filtered by stage only, so no address holds
// anything that a record says.
#pragma once

#include "node/web/pages/site_pages.h"

namespace throughgate::node::web {

void add_handover_list(SitePages& pages);       // /handovers
void add_begin_page(SitePages& pages);          // /handovers/new; before the page of one
void add_not_confirmed_page(SitePages& pages);  // /handovers/not-confirmed; likewise
void add_handover_page(SitePages& pages);       // /handovers/:id
void add_basis_page(SitePages& pages);          // /handovers/:id/basis
void add_share_page(SitePages& pages);          // /handovers/:id/share
void add_step_pages(SitePages& pages);
void add_partner_pages(
    SitePages& pages);  // who takes part     // /handovers/:id/accept, decline ... close, stop
void add_code_pages(SitePages& pages);  // /handovers/:id/code, confirm-code
// /handovers/:id/change/:section, plan, needs/..., flags/...
void add_change_pages(SitePages& pages);
void add_acknowledge_page(SitePages& pages);  // /handovers/:id/read

// Only a prison begins a handover; an organisation that is in no list yet may.
bool may_begin_handover(const PageContext& context);

}  // namespace throughgate::node::web
