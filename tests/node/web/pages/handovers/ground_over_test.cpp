// A ground for sharing runs out: the next visit to the hub ends sharing, if nobody knows better.
#include <catch_amalgamated.hpp>
#include <functional>

#include "node/days.h"
#include "node/handovers/next_steps.h"
#include "node/hub_visit.h"
#include "tests/node/web/pages/page_world.h"

namespace throughgate::node::testing {
namespace {

using sync::DossierId;

// By the hub's clock it is so much earlier than by this computer's.
class HubOnTime final : public HubClient {
 public:
  HubOnTime(TestHub& hub, World& world, std::uint64_t ahead_ms)
      : hub_(hub), world_(world), ahead_ms_(ahead_ms) {}
  sync::Result<crypto::Bytes> call(Endpoint endpoint, crypto::ByteView request) override {
    world_.now_ms -= ahead_ms_;
    auto answer = hub_.call(endpoint, request);
    world_.now_ms += ahead_ms_;
    return answer;
  }

 private:
  TestHub& hub_;
  World& world_;
  std::uint64_t ahead_ms_;
};

struct SharedForAWhile : PageWorld {
  DossierId id = complete_draft();

  SharedForAWhile() {
    auto here = records(prison);
    record_ground(prison, 40);
    must(Handovers(here).share(id, partner.node->identity().organisation, by(prison)));
    sync_all();
  }
  void record_ground(TestSite& site, int days) { record_ground(site, id, days); }
  void record_ground(TestSite& site, const DossierId& handover, int days) {
    BasisInput basis{partner.node->identity().organisation,
                     "UK GDPR",
                     "Public task",
                     "support after release",
                     {},
                     "",
                     ""};
    basis.classes = {"IDENTITY",    "CONTACT", "RELEASE", "RISK_FLAGS",
                     "RISK_LEVELS", "LICENCE", "NEEDS",   "HEALTH"};
    basis.expires_on = *day_after(iso_day(world.now_ms), days);
    auto here = records(site);
    must(Handovers(here).record_basis(handover, basis, by(site)));
  }
  VisitReport visit(TestSite& site, HubClient& by_way_of) {
    LinkMemory link;
    return must(visit_hub(*site.node, by_way_of, site.folder, link));
  }
  bool is_shared(TestSite& site) { return is_shared(site, id); }
  bool is_shared(TestSite& site, const DossierId& handover) {
    const auto held = must(records(site).whole().dossier(handover));
    const auto& to = partner.node->identity().organisation;
    return std::any_of(held.members.begin(), held.members.end(),
                       [&](const auto& each) { return each.organisation == to; });
  }
};

}  // namespace

TEST_CASE("a visit ends sharing once its ground has run out, before anything more is sent",
          "[grounds]") {
  SharedForAWhile at;
  at.world.now_ms += 40 * day_ms;
  at.visit(at.prison, at.hub);
  CHECK(at.is_shared(at.prison));  // its last day
  at.set(at.prison, at.id, "contact-route", "Rosemary hostel");
  at.world.now_ms += day_ms;
  at.visit(at.prison, at.hub);
  CHECK_FALSE(at.is_shared(at.prison));
  at.visit(at.partner, at.hub);
  CHECK_FALSE(read_case(at.records(at.partner), at.id));  // it went before it was told more
}

TEST_CASE("a ground that another computer has recorded is heard of before sharing is ended",
          "[grounds]") {
  SharedForAWhile at;
  TestSite spare(at.world, "spare", at.prison);
  at.desk.enrol(spare, at.hub);
  must(at.prison.sync(at.hub));  // gives it the keys
  must(spare.sync(at.hub));
  at.record_ground(spare, 100);
  must(spare.sync(at.hub));
  at.world.now_ms += 50 * day_ms;
  at.visit(at.prison, at.hub);
  CHECK(at.is_shared(at.prison));
  at.world.now_ms += 60 * day_ms;
  at.visit(at.prison, at.hub);
  CHECK_FALSE(at.is_shared(at.prison));
}

TEST_CASE("a clock that is ahead by years ends no sharing", "[grounds]") {
  SharedForAWhile at;
  const auto ahead = 72 * 365 * day_ms;
  at.world.now_ms += ahead;
  HubOnTime hub(at.hub, at.world, ahead);
  at.visit(at.prison, hub);
  at.visit(at.prison, hub);
  CHECK(at.is_shared(at.prison));
}

TEST_CASE("an exchange whose clock is ahead by years ends no sharing", "[grounds]") {
  SharedForAWhile at;
  const auto behind = 72 * 365 * day_ms;
  HubOnTime hub(at.hub, at.world, 0 - behind);
  for (int i = 0; i < 3; ++i) at.visit(at.prison, hub);
  CHECK(at.is_shared(at.prison));
}

// As where its key has not come yet.
void without_key(TestSite& site, const DossierId& id, const std::function<void()>& act) {
  const auto run = [&](const char* sql) {
    sync::store::UnitOfWork work(site.node->database());
    work.run(sql, id.view());
    must(work.commit());
  };
  run("CREATE TEMP TABLE kept AS SELECT * FROM dossier_key WHERE dossier = "
      "(SELECT id FROM dossier WHERE dossier.dossier = ?)");
  run("DELETE FROM dossier_key WHERE dossier = "
      "(SELECT id FROM dossier WHERE dossier.dossier = ?)");
  act();
  run("INSERT OR IGNORE INTO dossier_key SELECT * FROM kept WHERE ? IS NOT NULL");
}

TEST_CASE("a handover that the program cannot stop sharing holds up neither others nor the visit",
          "[grounds]") {
  SharedForAWhile at;
  const auto stuck = at.complete_draft();  // and nothing of it is sent yet
  auto here = at.records(at.prison);
  at.record_ground(at.prison, stuck, 40);
  must(Handovers(here).share(stuck, at.partner.node->identity().organisation, at.by(at.prison)));
  at.world.now_ms += 41 * day_ms;
  without_key(at.prison, stuck, [&] {
    const auto report = at.visit(at.prison, at.hub);
    CHECK(report.still_shared == 1);
    CHECK_THAT(warning_of(report), Catch::Matchers::ContainsSubstring("could not be stopped here"));
    CHECK_FALSE(at.is_shared(at.prison, at.id));
    CHECK(at.is_shared(at.prison, stuck));
    const auto file = must(read_case(here, stuck, Look::judged));
    const auto steps = next_steps(file, here.codes(), {}, at.world.now_ms);
    CHECK(std::any_of(steps.begin(), steps.end(),
                      [](const auto& step) { return step.action == "remove-partner"; }));
  });
  const auto again = at.visit(at.prison, at.hub);
  CHECK(again.still_shared == 0);
  CHECK(warning_of(again).empty());
  CHECK_FALSE(at.is_shared(at.prison, stuck));
}

}  // namespace throughgate::node::testing
