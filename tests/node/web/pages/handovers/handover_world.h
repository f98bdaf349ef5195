// A prison and a partner that have an agreement, another partner that has none, the desk and a hub,
// with the handover pages of each site; and a handover taken so far as a test needs it. Made-up
// people.
#pragma once

#include "node/web/pages/pages.h"
#include "tests/node/web/pages/page_world.h"

namespace throughgate::node::testing {

struct HandoverWorld : PageWorld {
  HandoverWorld();

  TestSite stranger{world, "Other Trust", sync::OrganisationKind::partner};
  Visitor at_prison{prison, codes, {web::add_handover_pages}};
  Visitor at_partner{partner, codes, {web::add_handover_pages}};
  Visitor at_stranger{stranger, codes, {web::add_handover_pages}};

  const sync::OrganisationId& partner_id() { return partner.node->identity().organisation; }

  // The address of a draft with all that sharing needs.
  std::string draft();
  // Of one that is shared, and has arrived.
  std::string shared();
  // Of one that the partner has accepted, and both know.
  std::string accepted();
  // Of one whose person was released on 4 December 2026, and both know.
  std::string released();

  // What the forms are filled in with.
  Typed ground();
};

}  // namespace throughgate::node::testing
