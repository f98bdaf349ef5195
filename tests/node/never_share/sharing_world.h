// A prison with something of every kind that a form or a command may be about, and a look into
// everything that is shared for codes that never leave a prison.
#pragma once

#include <string>
#include <vector>

#include "node/web/site.h"
#include "tests/node/web/pages/page_world.h"

namespace throughgate::node::testing {

struct SharingWorld : PageWorld {
  SharingWorld();

  // Whoever may see and do all there is, on every page that a site has.
  std::vector<Visitor::AddPages> every_page();
  web::Routes routes();

  sync::DossierId person;  // with alerts of each class
  sync::DossierId draft, handover;
  sync::store::RecordName flag;  // in the handover, "RST"
  sync::DossierId volunteer;

  StorePool stores{prison.folder.store(), world.random, world.clock};
  SyncLoop syncing{stores,
                   [](OpenNode&) -> sync::Result<std::unique_ptr<HubClient>> {
                     return sync::Error{sync::ErrorKind::unavailable, "There is no network."};
                   },
                   prison.folder, std::chrono::seconds(0)};
};

// Alert codes that stand, or stood, in records of this kind of dossier or another; by whether they
// may leave a prison. What is in a person's own record is not counted.
struct AlertsShared {
  std::size_t may_leave = 0;
  std::vector<std::string> never;
};
AlertsShared alerts_shared(TestSite& site, const CodeLists& codes);

// As people may type it, as programs may send it, and one that only a newer program knows.
extern const std::vector<std::string> never_shared_codes;

}  // namespace throughgate::node::testing
