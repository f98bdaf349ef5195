// The central team's pages over a desk, a prison and a partner, with the exchange in reach.
#pragma once

#include "node/web/pages/desk/desk_pages.h"
#include "tests/node/web/pages/page_world.h"

namespace throughgate::node::testing {

struct DeskWorld : PageWorld {
  // The exchange as the desk's pages reach it.
  sync::Result<std::unique_ptr<HubClient>> lend();
  Visitor visitor(TestSite& site, const std::string& who = "jo",
                  const Permissions& permissions = Permissions::shipped());

  Visitor at_desk = visitor(desk);
  const sync::Directory& list() {
    must(desk.node->refresh_directory());
    return desk.node->directory();
  }
};

// What the page shows as the address that it leads to, beginning with this; empty: none.
std::string link_on(const std::string& body, const std::string& beginning);

}  // namespace throughgate::node::testing
