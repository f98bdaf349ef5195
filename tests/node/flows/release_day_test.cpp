// The day of release: the prison confirms it and the partner says how it went at the gate, each
// without having heard of the other. Whoever syncs first, the same facts stand at both.
#include <algorithm>
#include <catch_amalgamated.hpp>

#include "node/conflicts.h"
#include "node/handovers/events.h"
#include "node/handovers/offered_steps.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {
namespace {

using schema::Handover;

constexpr std::uint64_t day_ms = 24ull * 60 * 60 * 1000;

struct ReleaseDay : World {
  ReleaseDay() : id(shared_handover(*this)) {
    sync_all();
    Handovers at_partner(*partner.records);
    must(at_partner.accept(id, "", partner.by));
    must(at_partner.plan(id, {{"meeting-place", "Main gate"}, {"meeting-time", "08:30"}},
                         partner.by));
    sync_all();
    pass(74 * day_ms);  // to the day on which the release is expected, 4 December 2026
  }

  void release_at_prison(const std::string& on) {
    must(Handovers(*prison.records).release(id, on, "", prison.by, true));
  }
  void gate_at_partner(GateReport::Result result, const std::string& on = {}) {
    const bool met = result == GateReport::Result::met;
    must(Handovers(*partner.records)
             .gate(id, {result, met ? "" : "NO_COMMS", "Kim", on, "", ""}, partner.by));
  }
  // The prison's word or the partner's comes to the hub first.
  void bring_together(bool prison_first) {
    Site& first = prison_first ? prison : partner;
    sync(first);
    sync_all(3);
  }

  CaseFile file(const Site& site) const { return must(read_case(*site.records, id)); }
  std::vector<HandoverEvent> events(const Site& site) const {
    return must(events_of(*site.records, file(site)));
  }
  const sync::DossierId id;
};

const HandoverEvent* event_titled(const std::vector<HandoverEvent>& events,
                                  const std::string& title) {
  const auto found = std::find_if(events.begin(), events.end(),
                                  [&](const HandoverEvent& each) { return each.title == title; });
  return found == events.end() ? nullptr : &*found;
}

bool says_it_did_not_apply(const HandoverEvent& event) {
  return event.did_not_apply ||
         std::any_of(event.lines.begin(), event.lines.end(), [](const std::string& line) {
           return line.find("did not apply") != std::string::npos;
         });
}

}  // namespace

TEST_CASE("what has not happened yet is not recorded as having happened",
          "[handover][release-day]") {
  ReleaseDay day;
  Handovers at_prison(*day.prison.records);
  Handovers at_partner(*day.partner.records);
  const auto time_in = [&](std::uint64_t hours) {
    const auto minute = (day.prison.node->now_ms() / 60'000 + hours * 60) % (24 * 60);
    const auto two_digits = [](std::uint64_t number) {
      return (number < 10 ? "0" : "") + std::to_string(number);
    };
    return two_digits(minute / 60) + ":" + two_digits(minute % 60);
  };
  const auto later = refusal(at_prison.release(day.id, "", time_in(2), day.prison.by));
  CHECK(later.kind == sync::ErrorKind::invalid);
  CHECK(later.message.starts_with("Released at: This time has not come yet."));
  must(at_prison.release(day.id, "", time_in(0), day.prison.by));
  day.sync_all();

  const auto gate = [&](GateReport::Result result, const std::string& on, const std::string& at) {
    const bool met = result == GateReport::Result::met;
    return at_partner.gate(day.id, {result, met ? "" : "NO_COMMS", "Kim", on, at, ""},
                           day.partner.by);
  };
  CHECK(refusal(gate(GateReport::Result::met, "", time_in(2))).message.starts_with("Time: "));
  const auto before = refusal(gate(GateReport::Result::met, "2026-12-03", ""));
  CHECK(before.kind == sync::ErrorKind::invalid);
  CHECK(before.message.starts_with("Date: The release is recorded for "));
  const auto both = at_partner.gate(
      day.id, {GateReport::Result::met, "NO_COMMS", "Kim", "", "", ""}, day.partner.by);
  CHECK(refusal(both).message.starts_with("Why they were not met: You say that they were met"));
  // Somebody may have waited in vain on a day before it.
  must(gate(GateReport::Result::missed, "2026-12-03", "08:30"));
}

TEST_CASE("a gate result stands as what happened, whoever brought the release first",
          "[handover][release-day]") {
  const bool prison_first = GENERATE(true, false);
  INFO("prison first: " << prison_first);
  ReleaseDay day;
  day.release_at_prison("");
  day.gate_at_partner(GateReport::Result::missed);
  day.bring_together(prison_first);
  for (const Site* site : {&day.prison, &day.partner}) {
    INFO(site->name);
    CHECK(day.file(*site).state == Handover::GATE_MISSED);
    const auto events = day.events(*site);
    const auto* gate = event_titled(events, "Not met at the gate");
    REQUIRE(gate);
    CHECK_FALSE(says_it_did_not_apply(*gate));
    const auto* release = event_titled(events, "Released");
    REQUIRE(release);
    CHECK_FALSE(says_it_did_not_apply(*release));
  }
}

TEST_CASE("the prison's day of release is not replaced by the day on which the partner stood there",
          "[handover][release-day]") {
  const bool prison_first = GENERATE(true, false);
  INFO("prison first: " << prison_first);
  ReleaseDay day;
  day.release_at_prison("2026-12-03");
  day.pass(1000);
  day.gate_at_partner(GateReport::Result::missed);
  day.bring_together(prison_first);
  for (const Site* site : {&day.prison, &day.partner}) {
    INFO(site->name);
    CHECK(day.file(*site).text(Handover::kReleasedOnFieldNumber) == "2026-12-03");
    CHECK(must(Conflicts(*site->records).list()).conflicts.empty());
  }
}

TEST_CASE("two days of release that differ are shown as changed in two places, the prison's first",
          "[handover][release-day][conflict]") {
  const bool prison_first = GENERATE(true, false);
  INFO("prison first: " << prison_first);
  ReleaseDay day;
  day.release_at_prison("2026-12-03");
  day.pass(1000);
  day.gate_at_partner(GateReport::Result::met, "2026-12-04");
  day.bring_together(prison_first);
  for (const Site* site : {&day.prison, &day.partner}) {
    INFO(site->name);
    CHECK(day.file(*site).state == Handover::GATE_MET);
    CHECK(day.file(*site).text(Handover::kReleasedOnFieldNumber) == "2026-12-03");
    const auto conflicts = must(Conflicts(*site->records).list()).conflicts;
    REQUIRE(conflicts.size() == 1);
    CHECK(conflicts[0].siblings.size() == 2);
  }
}

TEST_CASE("who was met was released that day, where nobody has said so before",
          "[handover][release-day]") {
  ReleaseDay day;
  day.gate_at_partner(GateReport::Result::met);
  CHECK(day.file(day.partner).text(Handover::kReleasedOnFieldNumber) == "2026-12-04");
}

TEST_CASE("a release before the day on which it is expected is asked about once more",
          "[handover][release-day]") {
  ReleaseDay day;
  day.pass(0 - 10 * day_ms);  // 24 November 2026
  Handovers prison(*day.prison.records);
  CHECK(refusal(prison.release(day.id, "", "", day.prison.by)).message.find("4 December 2026") !=
        std::string::npos);
  CHECK(refusal(prison.release(day.id, "23/11/2026", "", day.prison.by)).kind ==
        sync::ErrorKind::invalid);
  const auto future = refusal(prison.release(day.id, "25/12/2027", "", day.prison.by, true));
  CHECK(future.message.starts_with("Released on: This day has not come yet."));
  CHECK(day.file(day.prison).state == Handover::PLANNED);
  must(prison.release(day.id, "23/11/2026", "", day.prison.by, true));
  CHECK(day.file(day.prison).text(Handover::kReleasedOnFieldNumber) == "2026-11-23");
}

TEST_CASE("the partner is offered to confirm the release from the day on which it is expected",
          "[handover][release-day]") {
  ReleaseDay day;
  const auto offered = [&](const Site& site) {
    return is_offered(Step::release, day.file(site), *site.node);
  };
  CHECK(offered(day.partner));
  day.pass(0 - 1 * day_ms);
  CHECK_FALSE(offered(day.partner));
  CHECK(offered(day.prison));
}

TEST_CASE("a step that came too late says so at that step, and which one",
          "[handover][release-day]") {
  ReleaseDay day;
  must(Handovers(*day.prison.records).stop(day.id, "RECALLED", "recalled", day.prison.by));
  day.gate_at_partner(GateReport::Result::met);
  day.bring_together(true);
  const auto events = day.events(day.partner);
  const auto* gate = event_titled(events, "\"Met at the gate\" did not apply");
  REQUIRE(gate);
  CHECK(gate->did_not_apply);
  CHECK(std::count(gate->lines.begin(), gate->lines.end(),
                   "This step did not apply, because the handover had come to \"Recalled to "
                   "prison\" before it arrived.") == 1);
}

}  // namespace throughgate::node::testing
