#include "sync/store/sheet_keys.h"
#include "tests/node/backup/backup_world.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;

namespace {

// The organisation's only computer is gone; another one joins in its place.
struct LostWorld : BackupWorld {
  Digests before;
  std::vector<std::string> names;
  std::unique_ptr<TestSite> spare;

  LostWorld() {
    must(prison.sync(hub));
    must(prison.sync(hub));
    before = digests_of(*prison.node);
    names = names_of(*prison.node);
    spare = std::make_unique<TestSite>(world, "Spare", prison);
    prison.node.reset();
    desk.enrol(*spare, hub);
  }
  void use_sheet() {
    spare->node->use_recovery_sheet(crypto::BoxKey(prison.sheet->secret().duplicate()));
  }
};

}  // namespace

TEST_CASE("the last computer of an organisation is rebuilt from the sheet and the exchange",
          "[lost]") {
  LostWorld at;
  at.use_sheet();
  must(at.spare->sync(at.hub));
  CHECK(digests_of(*at.spare->node) == at.before);
  CHECK(names_of(*at.spare->node) == at.names);
  at.spare->reopen();  // without the sheet from now on
  CHECK(digests_of(*at.spare->node) == at.before);
  must(Staff(*at.spare->node).add_missing());
  must(at.spare->sync(at.hub));
  CHECK(names_of(*at.spare->node).size() == at.names.size() + 1);
}

TEST_CASE("records that came before the sheet open with it, without another exchange", "[lost]") {
  LostWorld at;
  must(at.spare->sync(at.hub));
  CHECK(digests_of(*at.spare->node).empty());  // sealed: no sister is left to give access
  at.use_sheet();
  must(sync::store::open_all_envelopes(at.spare->node->database(), at.spare->node->context()));
  CHECK(names_of(*at.spare->node) == at.names);
  must(at.spare->sync(at.hub));
  CHECK(digests_of(*at.spare->node) == at.before);
}

TEST_CASE("another organisation's sheet opens nothing", "[lost]") {
  LostWorld at;
  at.spare->node->use_recovery_sheet(crypto::BoxKey::generate(at.world.random));
  must(at.spare->sync(at.hub));
  must(sync::store::open_all_envelopes(at.spare->node->database(), at.spare->node->context()));
  CHECK(digests_of(*at.spare->node).empty());
}
