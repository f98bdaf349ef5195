// The prison's answer to what the partner asked; what is said of a release on the day itself.
#include <catch_amalgamated.hpp>

#include "node/handovers/acknowledgement.h"
#include "node/handovers/next_steps.h"
#include "node/handovers/question.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {
namespace {

using Catch::Matchers::ContainsSubstring;
using schema::Handover;

std::vector<std::uint32_t> unread(const Site& site, const sync::DossierId& id) {
  std::vector<std::uint32_t> out;
  for (const auto& each : must(Acknowledgements(*site.records).awaiting(id))) {
    out.push_back(each.change.field);
  }
  return out;
}

void read_all(Site& site, const sync::DossierId& id) {
  Acknowledgements reading(*site.records);
  std::vector<sync::OpId> changes;
  for (const auto& each : must(reading.awaiting(id))) changes.push_back(each.change.id);
  must(reading.acknowledge(id, changes, site.by));
}

// Planned at both ends.
sync::DossierId planned_handover(World& world) {
  const auto id = shared_handover(world);
  world.sync_all(3);
  Handovers partner(*world.partner.records);
  must(partner.accept(id, "Kim", world.partner.by));
  must(partner.plan(id, {{"meeting-place", "Main gate"}, {"meeting-time", "8:30"}},
                    world.partner.by));
  world.sync_all();
  return id;
}

}  // namespace

TEST_CASE("what the partner asked is answered by the prison, and by nobody else",
          "[handover][answer]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all(3);
  Handovers prison(*world.prison.records), partner(*world.partner.records);
  const auto early = prison.answer(id, "Number 5.", world.prison.by);
  REQUIRE_FALSE(early);
  CHECK_THAT(early.error().message, ContainsSubstring("Nothing is asked here"));
  must(partner.more_info(id, "Which bus?", world.partner.by));
  CHECK_FALSE(partner.answer(id, "Number 5.", world.partner.by));
  world.sync_all();
  CHECK_FALSE(prison.answer(id, " ", world.prison.by));
  must(prison.answer(id, "Number 5.", world.prison.by));
  world.sync_all();
  const auto question = question_of(must(partner.read(id)));
  REQUIRE(question);
  CHECK(question->answer == "Number 5.");
}

TEST_CASE("a release earlier than expected waits to be read at the partner",
          "[handover][release]") {
  World world;
  const auto id = planned_handover(world);
  Handovers prison(*world.prison.records), partner(*world.partner.records);
  read_all(world.partner, id);
  world.sync_all();
  must(prison.release(id, "", "", world.prison.by, true));
  world.sync_all();
  CHECK(unread(world.partner, id) == std::vector<std::uint32_t>{Handover::kReleaseDateFieldNumber});
  const auto held = must(partner.read(id));
  CHECK(held.text(Handover::kReleaseDateFieldNumber) == "2026-09-21");
  CHECK(held.text(Handover::kReleasedOnFieldNumber) == "2026-09-21");
}

TEST_CASE("a changed meeting time waits to be read, as the place does", "[handover][read]") {
  World world;
  const auto id = planned_handover(world);
  Handovers partner(*world.partner.records);
  read_all(world.prison, id);
  must(partner.plan(id, {{"meeting-time", "11:45"}}, world.partner.by));
  world.sync_all();
  CHECK(unread(world.prison, id) == std::vector<std::uint32_t>{Handover::kMeetingTimeFieldNumber});
}

TEST_CASE("a same-day release is today's where no date is given", "[handover][release]") {
  World world;
  Handovers prison(*world.prison.records);
  const std::string said = GENERATE("yes", "no");
  const auto id =
      must(prison.begin({{"family-name", "Example"}, {"same-day", said}}, world.prison.by))
          .record.dossier;
  const auto file = must(prison.read(id));
  CHECK(file.text(Handover::kReleaseDateFieldNumber) == (said == "yes" ? "2026-09-21" : ""));
  if (said == "no") return;
  const auto steps = next_steps(file, world.codes, {}, world.now_ms);
  REQUIRE_FALSE(steps.empty());
  CHECK(steps.back().due_on == "2026-09-21");
  const auto dated = must(prison.begin(
      {{"family-name", "Example"}, {"same-day", "yes"}, {"release-date", "2026-09-22"}},
      world.prison.by));
  CHECK(must(prison.read(dated.record.dossier)).text(Handover::kReleaseDateFieldNumber) ==
        "2026-09-22");
}

TEST_CASE("a meeting of last year is taken for a slip", "[handover][plan]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all(3);
  Handovers partner(*world.partner.records);
  must(partner.accept(id, "Kim", world.partner.by));
  const auto slip = partner.plan(id, {{"meeting-on", "2025-12-03"}, {"meeting-place", "Main gate"}},
                                 world.partner.by);
  REQUIRE_FALSE(slip);
  CHECK_THAT(slip.error().message, ContainsSubstring("Check the year"));
  must(partner.plan(id, {{"meeting-on", "2026-09-01"}, {"meeting-place", "Main gate"}},
                    world.partner.by));
}

}  // namespace throughgate::node::testing
