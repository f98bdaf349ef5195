// A prison, a partner and the desk with a hub between them, all in one process. Made-up people.
#pragma once

#include <string>
#include <vector>

#include "node/handovers/handovers.h"
#include "tests/node/complete_handover.h"
#include "tests/node/web/pages/visitor.h"

namespace throughgate::node::testing {

// The value of a success; the test fails with the error's words otherwise.
[[noreturn]] void fail_with(const sync::Error& error);
template <class T>
T must(sync::Result<T> result) {
  if (!result) fail_with(result.error());
  return std::move(*result);
}

struct PageWorld {
  PageWorld();

  World world;  // on 15 January 2027
  TestHub hub{world};
  TestDesk desk{world, hub};
  TestSite prison{world, "HMP Example", sync::OrganisationKind::prison, "LEI"};
  TestSite partner{world, "Bridge Trust", sync::OrganisationKind::partner};
  CodeLists codes;
  std::string release_on = "2026-12-04";  // of the handovers made here; it has passed already

  RecordService records(TestSite& site) const { return {*site.node, codes}; }
  By by(TestSite& site, const std::string& reason = {}) const { return {site.actor(), reason}; }
  // Rounds of all sites, until each has what the others sent and knows that it has arrived.
  void sync_all(int rounds = 3);
  // Complete and not shared yet.
  sync::DossierId complete_draft();
  // Complete and shared with the partner; everybody has it.
  sync::DossierId shared_handover();
  void set(TestSite& site, const sync::DossierId& handover, const std::string& field,
           const std::string& value, const std::string& reason = {});

 protected:
  std::vector<TestSite*> sites{&desk, &prison, &partner};  // all that sync_all() goes through
};

}  // namespace throughgate::node::testing
