// What people see when a request could not be answered: what happened, that nothing was lost or
// what was not saved, what to do next. Never a detail of the program.
#pragma once

#include "node/web/components/page.h"

namespace throughgate::node::web {

// `status`: any of 400 and above; one not known here gets the words of its class.
Html error_page(const Frame& frame, int status);

}  // namespace throughgate::node::web
