// Two programs of one desk, a page and a command, that change the central list at once.
#include <catch_amalgamated.hpp>
#include <thread>

#include "node/hub_visit.h"
#include "schema/options.pb.h"
#include "sync/store/connection.h"
#include "tests/node/test_sites.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
using sync::ErrorKind;
using sync::OrganisationKind;

namespace {

template <class T>
T must(sync::Result<T> result) {
  if (!result) FAIL(result.error().message);
  return std::move(*result);
}

struct TwoPrograms {
  World world;
  TestHub hub{world};
  TestDesk desk{world, hub};
  sync::testing::SeededRandom random{7};
  std::function<void()> meanwhile;  // before the second program has read its clock to sign
  std::unique_ptr<OpenNode> second;

  TwoPrograms() {
    const auto key = must(desk.accounts.sign_in("jo", good_password, world.clock));
    second = must(
        OpenNode::open(desk.folder.store(), key, sync::store::Access::existing, random, [this] {
          if (meanwhile) meanwhile();
          return world.now_ms + 1;  // two that sign the same at the same moment sign one thing
        }));
  }
  sync::DossierId id() { return sync::DossierId::random(random); }
};

}  // namespace

TEST_CASE("of two programs of a desk that sign at once neither's change is lost", "[desk]") {
  TwoPrograms at;
  const auto first = at.id(), second = at.id();
  const auto before = at.desk.node->directory().version();
  at.meanwhile = [&] {
    at.meanwhile = {};
    must(at.desk.desk().erase({first}));
  };
  must(Desk(*at.second).erase({second}));
  for (auto* node : {at.second.get(), at.desk.node.get()}) {
    must(node->refresh_directory());
    CHECK(node->directory().version() == before + 2);
  }
  at.desk.reopen();
  CHECK(at.desk.node->directory().is_erased(first));
  CHECK(at.desk.node->directory().is_erased(second));
  CHECK(at.desk.sync(at.hub));
}

TEST_CASE("what is signed second follows from what was signed first", "[desk]") {
  TwoPrograms at;
  TestSite prison(at.world, "HMP Made Up", OrganisationKind::prison, "LEI");
  TestSite partner(at.world, "Made-Up Partner", OrganisationKind::partner);
  at.desk.enrol(prison, at.hub);
  at.desk.enrol(partner, at.hub);
  const AgreementTerms terms{prison.node->identity().organisation,
                             partner.node->identity().organisation,
                             {schema::CASE},
                             at.world.now_ms + day_ms,
                             "made up"};
  int asked = 0;
  at.meanwhile = [&] {  // once it has looked for an agreement of the two, and found none
    if (++asked == 2) must(at.desk.desk().agree(terms));
  };
  must(Desk(*at.second).agree(terms));
  at.meanwhile = {};
  CHECK(at.second->directory().agreements().size() == 1);  // the one, replaced
}

TEST_CASE("who finds others signing each time is told to try again, and has changed nothing",
          "[desk]") {
  TwoPrograms at;
  const auto lost = at.id();
  const auto before = at.desk.node->directory().version();
  at.meanwhile = [&] {  // nobody else signs while it is within its own transaction
    if (!at.second->database().connection().in_transaction()) must(at.desk.desk().renew());
  };
  const auto refused = Desk(*at.second).erase({lost});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::unavailable);
  CHECK(refused.error().message.find("Try again in a minute") != std::string::npos);
  at.meanwhile = {};
  at.desk.reopen();
  CHECK_FALSE(at.desk.node->directory().is_erased(lost));
  CHECK(at.desk.node->directory().version() == before + signing_tries_max);
  must(Desk(*at.second).erase({lost}));
}

TEST_CASE("each of forty signatures by two programs at once stands", "[desk]") {
  TwoPrograms at;
  const auto before = at.desk.node->directory().version();
  constexpr std::uint64_t each = 20;
  int failed = 0;
  {
    const auto sign = [](OpenNode& node) {
      int refused = 0;
      for (std::uint64_t i = 0; i < each; ++i) {
        while (refused < 10'000 && !Desk(node).renew()) ++refused;  // told to try again
      }
      return refused;
    };
    std::thread other([&] { sign(*at.second); });
    failed = sign(*at.desk.node);
    other.join();
  }
  CAPTURE(failed);
  at.desk.reopen();
  CHECK(at.desk.node->directory().version() == before + 2 * each);
}

TEST_CASE("an agreement ends by the exchange's time, whatever the desk's clock says", "[desk]") {
  World world;
  TestHub hub(world);
  TestDesk desk(world, hub);
  TestSite prison(world, "HMP Made Up", OrganisationKind::prison, "LEI");
  TestSite partner(world, "Made-Up Partner", OrganisationKind::partner);
  desk.enrol(prison, hub);
  desk.enrol(partner, hub);
  const auto from = prison.node->identity().organisation;
  const auto to = partner.node->identity().organisation;
  must(desk.desk().agree({from, to, {schema::CASE}, world.now_ms + 3000 * day_ms, "made up"}));
  LinkMemory link;
  must(visit_hub(*desk.node, hub, desk.folder, link));
  const auto right_ms = world.now_ms;
  const auto wrong_by = GENERATE(-20 * 365, -1, 90, 5 * 365);
  CAPTURE(wrong_by);
  world.now_ms += static_cast<std::uint64_t>(wrong_by) * day_ms;  // two's complement
  must(desk.desk().end_agreement(from, to));
  const auto& directory = desk.node->directory();
  CHECK_FALSE(directory.may_share(from, to, schema::CASE, right_ms));
  CHECK(directory.may_share(from, to, schema::CASE, right_ms - 1));  // what was shared counts on
  CHECK(desk.desk().end_agreement(from, to).error().kind == ErrorKind::not_found);
}
