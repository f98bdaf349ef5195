// Records that cannot be opened yet, on the pages where they are missed.
#pragma once

#include <string>

#include "node/web/pages/site_pages.h"

namespace throughgate::node::web {

constexpr char older_records_address[] = "/older-records";

// Above a list; nothing where all is open.
sync::Result<Html> older_records_note(const PageContext& context);
// "12 records cannot be opened yet".
std::string cannot_be_opened(std::uint64_t records);

}  // namespace throughgate::node::web
