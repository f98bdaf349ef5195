// Every page of a site, by subject: one function a file adds its addresses.
#pragma once

#include "node/web/pages/site_pages.h"

namespace throughgate::node::web {

// What waits for somebody here, and the way to everything else.
void add_home_page(SitePages& pages);

}  // namespace throughgate::node::web
