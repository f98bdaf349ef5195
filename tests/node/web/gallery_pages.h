// Every component and every state of a page, with made-up data. For tests only.
#pragma once

#include <string>

#include "node/web/routes.h"

namespace throughgate::node::web::gallery {

void add_pages(Routes& routes);
Frame frame(const Person* person);

// All components with `text` in every place that takes text.
Html everything_with(const std::string& text);

}  // namespace throughgate::node::web::gallery
