// Who looked at what on this computer: a list by record and by person, and the list as a file.
#pragma once

#include "node/web/pages/site_pages.h"

namespace throughgate::node::web {

void add_audit_pages(SitePages& pages);

}  // namespace throughgate::node::web
