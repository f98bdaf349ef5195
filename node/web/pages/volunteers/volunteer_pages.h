// The volunteers' pages, by what people do there; all are added by add_volunteer_pages().
#pragma once

#include "node/web/pages/site_pages.h"

namespace throughgate::node::web::volunteers {

void add_list_page(SitePages& pages);
void add_show_pages(SitePages& pages);
void add_kind_page(SitePages& pages);
void add_edit_pages(SitePages& pages);
void add_stage_page(SitePages& pages);
void add_history_pages(SitePages& pages);

}  // namespace throughgate::node::web::volunteers
