#include <catch_amalgamated.hpp>

#include "node/suspects.h"
#include "node/web/pages/pages.h"
#include "tests/node/web/pages/page_world.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
using namespace throughgate::node::web;

namespace {

// The partner's computer was stolen, and used, before the central team withdrew it.
struct Stolen : PageWorld {
  sync::DossierId id;
  Visitor visitor{prison, codes, {add_suspect_pages, add_handover_pages}};

  Stolen() {
    id = shared_handover();
    world.now_ms += day_ms;
    set(partner, id, "meeting-place", "Behind the old mill");
    sync_all();
    must(desk.desk().revoke(partner.node->identity().node, sync::RevocationReason::stolen,
                            world.now_ms - day_ms / 2));
    sites = {&desk, &prison};
    sync_all();
  }
  std::string change() const {
    const auto page = visitor.get("/stolen-computer").body;
    const std::string before = "name=\"change\" value=\"";
    return page.substr(page.find(before) + before.size(), 64);
  }
  Response settle(const std::string& verdict, const std::string& reason) const {
    const auto page = visitor.get("/stolen-computer");
    return visitor.send(page, "/stolen-computer",
                        {{"verdict", verdict}, {"reason-" + change().substr(0, 12), reason}});
  }
};

}  // namespace

TEST_CASE("while no computer was stolen the page says that nothing waits", "[pages][suspect]") {
  PageWorld world;
  const Visitor visitor(world.prison, world.codes, {add_suspect_pages});
  CHECK(says(visitor.get("/stolen-computer"), "Nothing waits to be looked at"));
}

TEST_CASE("a change of a stolen computer is shown with what it says, and marked where it stands",
          "[pages][suspect]") {
  Stolen at;
  const auto page = at.visitor.get("/stolen-computer");
  CHECK(page.status == 200);
  for (const char* words : {"Changes made on a stolen computer", "Behind the old mill",
                            "Meeting place", "Bridge Trust, A PC", "Handover of Alex Example"}) {
    CAPTURE(words);
    CHECK(says(page, words));
  }
  CHECK(says(at.visitor.get("/handovers/" + at.id.hex()), "Made on a computer that was stolen"));
}

TEST_CASE("whoever settles it says why, and then nothing waits", "[pages][suspect]") {
  Stolen at;
  const auto asked = at.settle("keep", "");
  CHECK(asked.status == 422);
  CHECK(says(asked, "Enter why"));
  const auto kept = at.settle("looked-at", "we rang them");
  CHECK(kept.status == 303);
  const auto after = at.visitor.get(kept.location);
  CHECK(says(after, "Marked as looked at"));
  CHECK(says(after, "Nothing waits to be looked at"));
  CHECK_FALSE(
      says(at.visitor.get("/handovers/" + at.id.hex()), "Made on a computer that was stolen"));
}
