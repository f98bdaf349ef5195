// The central team's own work: who takes part, who asks to, and what is withdrawn. Only for people
// of the central organisation who may do it.
#pragma once

#include "node/sync_loop.h"
#include "node/web/pages/site_pages.h"

namespace throughgate::node::web {

constexpr char central_team_address[] = "/central-team";

struct DeskParts {
  // The way to the exchange, where requests wait and answers are left; empty: there is none.
  SyncLoop::HubSource hub{};
};
// All of the pages below.
void add_desk_pages(SitePages& pages, const DeskParts& parts);

// Whether this computer is the central organisation's, whose people find these pages in the menu.
bool is_central_teams(const OpenNode& node);
// Computers that ask to be let in, as far as is known here; 0 where this is no desk.
sync::Result<std::size_t> requests_waiting(OpenNode& node);

// ---- by subject

void add_central_team_page(SitePages& pages);
void add_organisation_pages(SitePages& pages);
void add_computer_pages(SitePages& pages);
void add_invite_pages(SitePages& pages);
void add_agreement_pages(SitePages& pages);
void add_fork_pages(SitePages& pages);
void add_opening_pages(SitePages& pages);
void add_list_pages(SitePages& pages);
void add_request_pages(SitePages& pages, const DeskParts& parts);

}  // namespace throughgate::node::web
