#include "node/older_records.h"
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
  const auto sealed = must(closed_records(*at.spare->node));
  REQUIRE(sealed > 0);
  CHECK(must(older_records(*at.spare->node)).for_sheet == sealed);
  CHECK(must(open_older_records(*at.spare->node, *at.prison.sheet, {})) == sealed);
  CHECK(must(closed_records(*at.spare->node)) == 0);
  CHECK(names_of(*at.spare->node) == at.names);
  must(at.spare->sync(at.hub));
  CHECK(digests_of(*at.spare->node) == at.before);
}

TEST_CASE("another organisation's sheet opens nothing", "[lost]") {
  LostWorld at;
  const auto other = crypto::BoxKey::generate(at.world.random);
  at.spare->node->use_recovery_sheet(crypto::BoxKey(other.secret().duplicate()));
  must(at.spare->sync(at.hub));
  const auto refused = refusal(open_older_records(*at.spare->node, other, {}));
  CHECK(refused.kind == sync::ErrorKind::denied);
  CHECK(says(refused, "not that of your organisation"));
  CHECK(digests_of(*at.spare->node).empty());
}
