// A handover that others have stopped stays in sight until somebody has read that.
#include <catch_amalgamated.hpp>

#include "node/handovers/delivery.h"
#include "node/handovers/handover_list.h"
#include "node/handovers/stop.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {
namespace {

using schema::Handover;
using sync::ErrorKind;

constexpr std::uint64_t day_ms = 24ull * 60 * 60 * 1000;

struct StopWorld : World {
  sync::DossierId id;

  StopWorld() {
    id = shared_handover(*this);
    sync_all();
    read_all(partner);
  }

  void accept() {
    must(Handovers(*partner.records).accept(id, "Kim", partner.by));
    sync_all();
  }
  void plan() {
    must(Handovers(*partner.records)
             .plan(id, {{"meeting-place", "Main gate"}, {"meeting-time", "8:30"}}, partner.by));
  }
  void stop(Site& site, const std::string& stage) {
    must(Handovers(*site.records).stop(id, stage, "told by telephone", site.by));
  }
  std::vector<Unread> unread(Site& site) {
    return must(Acknowledgements(*site.records).awaiting(id));
  }
  void read_all(Site& site) {
    std::vector<sync::OpId> changes;
    for (const auto& each : unread(site)) changes.push_back(each.change.id);
    if (!changes.empty()) must(Acknowledgements(*site.records).acknowledge(id, changes, site.by));
  }
  CaseFile file(Site& site) { return must(read_case(*site.records, id)); }
  // What its list says is to be done; empty: it is not in the list.
  std::string listed(Site& site) {
    const auto page = must(list_handovers(*site.records, {}, ""));
    if (page.rows.empty() || page.rows.front().next.empty()) return {};
    return page.rows.front().next.front().words;
  }
};

}  // namespace

TEST_CASE("a handover that the prison stopped waits at the partner until it is read there",
          "[handover][stop]") {
  for (const char* stage : {"Recalled to prison", "Died", "Withdrawn", "Sharing has ended",
                            "Ran out of time", "Replaced by another handover", "On hold"}) {
    INFO(stage);
    StopWorld world;
    world.accept();
    REQUIRE(must(handover_work(*world.partner.records)).stopped == 0);
    world.stop(world.prison, stage);
    world.sync_all();

    REQUIRE(stop_among(world.unread(world.partner)));
    const auto work = must(handover_work(*world.partner.records));
    CHECK(work.stopped == 1);
    CHECK(work.needs_us == 1);
    const std::string words = "Stopped on 21 September 2026: " + std::string(stage) +
                              ". Tell whoever was to go to the "
                              "gate, then mark it as read";
    CHECK(world.listed(world.partner) == words);
    HandoverFilter by_name;
    by_name.words = "Example";
    CHECK(must(list_handovers(*world.partner.records, by_name, "")).rows.size() == 1);

    world.read_all(world.partner);
    const auto after = must(handover_work(*world.partner.records));
    CHECK(after.stopped == 0);
    CHECK(world.unread(world.partner).empty());
    const bool is_held = stage == std::string("On hold");
    CHECK(must(list_handovers(*world.partner.records, {}, "")).rows.size() == (is_held ? 1 : 0));
  }
}

TEST_CASE("whoever stopped it sees that the other end has read it, and is told to ring until then",
          "[handover][stop]") {
  StopWorld world;
  world.accept();
  world.stop(world.prison, "Died");
  world.sync_all();
  const auto steps = [&] {
    return next_steps(world.file(world.prison), world.codes, world.unread(world.prison),
                      world.now_ms);
  };
  const std::string wait =
      "The partner has to read that this has stopped; ring them if they do not";
  const std::string ring =
      "The partner has not said yet that it has read this: ring them, so that nobody comes for "
      "nothing";
  const auto needs_prison = [&] { return must(handover_work(*world.prison.records)).needs_us; };
  REQUIRE(steps().size() == 1);
  CHECK(steps().front().words == wait);
  CHECK(steps().front().due_on == "2026-09-22");
  CHECK_FALSE(stop_among(world.unread(world.prison)));  // it was theirs
  CHECK(world.listed(world.prison) == wait);
  CHECK(needs_prison() == 0);
  world.pass(day_ms);  // it is due that day
  CHECK(world.listed(world.prison) == wait);
  CHECK(needs_prison() == 0);
  world.pass(day_ms);
  CHECK(world.listed(world.prison) == ring);
  CHECK(needs_prison() == 1);
  CHECK(steps().front().action == "ring");
  CHECK(steps().front().is_late);
  HandoverFilter by_name;
  by_name.words = "Example";
  CHECK(must(list_handovers(*world.prison.records, by_name, "")).rows.size() == 1);

  world.read_all(world.partner);
  world.sync_all();
  CHECK(steps().empty());
  CHECK(world.listed(world.prison).empty());
  CHECK(needs_prison() == 0);
  const auto file = world.file(world.prison);
  const auto facts = must(facts_of(*world.prison.records, file, {*stop_of(file)})).front();
  CHECK(in_words(facts).find("Read by Sam at Bridge Trust, Bridge Trust, on 23 September 2026") !=
        std::string::npos);
}

TEST_CASE("what the partner stopped waits at the prison, and never with the central team",
          "[handover][stop]") {
  StopWorld world;
  world.accept();
  world.stop(world.partner, "Recalled to prison");
  world.sync_all();
  CHECK(world.listed(world.prison) ==
        "Stopped on 21 September 2026: Recalled to prison. Tell whoever works with this person, "
        "then mark it as read");
  CHECK(world.listed(world.partner) ==
        "The prison has to read that this has stopped; ring them if they do not");
  CHECK(must(handover_work(*world.partner.records)).needs_us == 0);
  CHECK(must(handover_work(*world.desk.records)).stopped == 0);
  CHECK(must(list_handovers(*world.desk.records, {}, "")).rows.empty());
  CHECK_FALSE(stop_among(world.unread(world.desk)));
  world.read_all(world.prison);
  CHECK(world.listed(world.prison).empty());
  world.sync_all();
  CHECK(world.listed(world.partner).empty());
}

TEST_CASE("near the release whoever stopped it rings at once", "[handover][stop]") {
  StopWorld world;
  world.accept();
  world.pass(73 * day_ms);  // Thursday; the release is on Friday
  world.stop(world.prison, "Died");
  world.sync_all();
  CHECK(world.listed(world.prison).starts_with("The partner has not said yet that it has read"));
  const auto work = must(handover_work(*world.prison.records));
  CHECK(work.needs_us == 1);
  CHECK(work.late == 0);
}

TEST_CASE("where nobody would come for nothing, whoever stopped it is not asked to ring",
          "[handover][stop]") {
  StopWorld world;
  SECTION("the partner had declined") {
    must(Handovers(*world.partner.records).decline(world.id, "No capacity", "", world.partner.by));
    world.sync_all();
    world.stop(world.prison, "Withdrawn");
  }
  SECTION("the gate has been reported") {
    world.accept();
    world.plan();
    must(Handovers(*world.partner.records)
             .gate(world.id, {GateReport::Result::missed, "Released early", "", "", "", ""},
                   world.partner.by));
    world.sync_all();
    world.stop(world.prison, "Recalled to prison");
  }
  world.sync_all();
  CHECK(world.listed(world.prison).empty());
  const auto steps =
      next_steps(world.file(world.prison), world.codes, {}, world.now_ms + 30 * day_ms);
  REQUIRE(steps.size() == 1);
  CHECK(steps.front().words == "The partner has not said yet that it has read this");
  CHECK(steps.front().action == "wait");
  CHECK(stop_among(world.unread(world.partner)));
}

TEST_CASE("what ended as it should is no stop to be read", "[handover][stop]") {
  StopWorld world;
  world.accept();
  world.plan();
  Handovers partner(*world.partner.records);
  must(partner.gate(world.id, {GateReport::Result::missed, "Released early", "", "", "", ""},
                    world.partner.by));
  must(partner.found(world.id, world.partner.by));
  must(partner.close(world.id, "Support completed", world.partner.by));
  world.sync_all();
  REQUIRE(world.file(world.prison).state == Handover::CLOSED);
  CHECK(must(handover_work(*world.prison.records)).stopped == 0);
  CHECK_FALSE(stop_among(world.unread(world.prison)));
}

TEST_CASE("steps that a partner took before it heard of the stop did not apply, and it is told",
          "[handover][stop]") {
  StopWorld world;
  world.stop(world.prison, "Died");
  world.sync(world.prison);
  must(Handovers(*world.partner.records).accept(world.id, "Kim", world.partner.by));
  world.plan();
  world.sync_all();
  const auto file = world.file(world.partner);
  REQUIRE(file.state == Handover::DIED);
  CHECK(steps_cut_off(file, world.partner.organisation) == "Accepted, Planned");
  CHECK(world.listed(world.partner).starts_with("Stopped on 21 September 2026: Died. "));
  CHECK(must(handover_work(*world.partner.records)).stopped == 1);
}

TEST_CASE("a stop that found the handover further on has to be said again, and its list says so",
          "[handover][stop]") {
  StopWorld world;
  world.accept();
  world.plan();
  world.stop(world.prison, "Died");  // not knowing of the plan, which is sent first
  world.sync(world.partner);
  world.sync_all();
  REQUIRE(world.file(world.prison).state == Handover::PLANNED);
  CHECK(world.listed(world.prison) ==
        "\"Died\" did not apply, as the others had gone on meanwhile: stop it again, and ring "
        "them");
  CHECK_FALSE(stop_that_missed(world.file(world.partner), sync::Role::receiver));
  world.stop(world.prison, "Died");
  world.sync_all();
  CHECK(world.listed(world.prison).starts_with("The partner has to read that this has stopped"));
  CHECK(must(handover_work(*world.partner.records)).stopped == 1);
}

TEST_CASE("a stop that missed and was given up does not come back when the others go on",
          "[handover][stop]") {
  StopWorld world;
  world.accept();
  world.plan();
  world.stop(world.prison, "Recalled to prison");  // not knowing of the plan, which is sent first
  world.sync(world.partner);
  world.sync_all();
  const auto missed = [&] { return stop_that_missed(world.file(world.prison), sync::Role::owner); };
  REQUIRE(missed() == "Recalled to prison");
  must(Handovers(*world.prison.records).release(world.id, "", "", world.prison.by, true));
  CHECK_FALSE(missed());
  world.sync_all();
  CHECK_FALSE(missed());
  must(Handovers(*world.partner.records)
           .gate(world.id, {GateReport::Result::met, "", "", "", "", ""}, world.partner.by));
  world.sync_all();
  REQUIRE(world.file(world.prison).state == Handover::GATE_MET);
  CHECK_FALSE(missed());
}

}  // namespace throughgate::node::testing
