// Every page of a site, by subject: one function a file adds its addresses.
#pragma once

#include <string_view>

#include "node/data_folder.h"
#include "node/settings.h"
#include "node/sync_loop.h"
#include "node/web/pages/site_pages.h"

namespace throughgate::node::web {

// What waits for somebody here, and the way to everything else.
void add_home_page(SitePages& pages);
// The same where another number of days is set, after which it is told that work waits.
void add_home_page_after(SitePages& pages, std::int64_t unsent_warning_days);
// Names, skills and places looked for in everything that is kept here.
void add_search_page(SitePages& pages);
// How this site stands with the central exchange and with each partner, and "Sync now".
void add_sync_pages(SitePages& pages, SyncLoop& syncing,
                    std::int64_t unsent_warning_days = unsent_warning_days_default);
// Files for a memory stick or an e-mail: made here, and brought in. `folder` must outlive the
// pages.
void add_by_hand_pages(SitePages& pages, const DataFolder& folder);
// Where a file is sent to: the one address that takes a body of some size.
constexpr std::string_view bring_address = "/by-hand/bring";
// Volunteers: list and search, one volunteer with the file, everything that is changed or added
// there, stages, history.
void add_volunteer_pages(SitePages& pages);
// What was changed in two places, and deciding which value holds.
void add_conflict_pages(SitePages& pages);
// What happened to something that people typed or rely on, until they say that they have seen it.
void add_notice_pages(SitePages& pages);
void add_late_pages(SitePages& pages);  // written after sharing had ended

// Records that cannot be opened yet, and opening them with the recovery sheet. `folder` must
// outlive the pages.
void add_older_records_pages(SitePages& pages, const DataFolder& folder);

// What a stolen computer wrote, and whether it holds.
void add_suspect_pages(SitePages& pages);

// Handovers: the list, one handover, and every step with it.
void add_handover_pages(SitePages& pages);

}  // namespace throughgate::node::web
