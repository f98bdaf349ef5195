// Two sites that have an agreement, another partner that has none, the desk and a hub, with the
// pages of each site; and a handover taken so far as a test needs it. Made-up people.
#pragma once

#include "node/web/pages/pages.h"
#include "tests/node/web/pages/handovers/page_site.h"

namespace throughgate::node::testing {

struct HandoverWorld {
  HandoverWorld();

  World world;
  TestHub hub;
  TestDesk desk;
  TestSite prison_site, partner_site, stranger_site;
  std::unique_ptr<PageSite> prison, partner, stranger;

  // Rounds of all sites, until each has what the others sent and knows that it has arrived.
  void sync(int rounds = 3);
  const sync::OrganisationId& partner_id() { return partner_site.node->identity().organisation; }

  // The address of a draft with all that sharing needs.
  std::string complete_draft();
  // Of one that is shared, and has arrived.
  std::string shared();
  // Of one that the partner has accepted, and both know.
  std::string accepted();

  // What the forms are filled in with.
  Typed ground();
};

}  // namespace throughgate::node::testing
