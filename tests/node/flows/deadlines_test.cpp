// By when each step before the gate is due: no later than the release leaves time for.
#include <algorithm>
#include <catch_amalgamated.hpp>

#include "node/days.h"
#include "node/handovers/next_steps.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {
namespace {

using schema::Handover;

constexpr std::uint64_t day_ms = 24ull * 60 * 60 * 1000;

// It is Monday, 21 September 2026; the release is expected on Friday, 4 December.
struct Deadline : World {
  std::vector<NextStep> steps(const Site& site, const sync::DossierId& id) const {
    return next_steps(must(read_case(*site.records, id)), codes, {}, now_ms);
  }
  NextStep last_step(const Site& site, const sync::DossierId& id) const {
    const auto all = steps(site, id);
    REQUIRE_FALSE(all.empty());
    return all.back();
  }
  void move_release(const sync::DossierId& id, const std::string& to,
                    const std::string& latest = {}) {
    const auto form = must(prison.records->open({id, {}, 110}));
    must(prison.records->set_fields(form, {{"release-date", to}, {"release-date-latest", latest}},
                                    prison.by));
    sync_all();
  }
  // The stages before the gate, one after the other.
  std::vector<std::function<void()>> ways(const sync::DossierId& id) {
    return {
        [] {},
        [this, id] {
          must(Handovers(*prison.records).record_basis(id, example_basis(*this), prison.by));
        },
        [this, id] {
          must(Handovers(*prison.records).share(id, partner.organisation, prison.by));
          sync_all();
        },
        [this, id] { must(Handovers(*partner.records).more_info(id, "Which bus?", partner.by)); },
        [this, id] {
          const auto form = must(prison.records->open({id, {}, 110}));
          must(prison.records->set_fields(form, {{"notes", "The number 5."}}, prison.by));
        },
        [this, id] { must(Handovers(*partner.records).accept(id, "", partner.by)); }};
  }
};

}  // namespace

TEST_CASE("the working day before a day is never at the weekend", "[days]") {
  CHECK(working_day_before("2026-12-04") == "2026-12-03");
  CHECK(working_day_before("2026-12-07") == "2026-12-04");  // from Monday to Friday
  CHECK(working_day_before("2026-12-06") == "2026-12-04");
  CHECK_FALSE(working_day_before("soon"));
}

TEST_CASE("an answer is due in five working days, and before the release", "[handover][deadline]") {
  Deadline at;
  const auto id = shared_handover(at);
  at.sync_all();
  const auto due = [&] {
    const auto prison = at.last_step(at.prison, id);
    const auto partner = at.last_step(at.partner, id);
    CHECK(partner.action == "accept");
    CHECK(prison.due_on == partner.due_on);
    CHECK(prison.is_late == partner.is_late);
    return prison;
  };
  CHECK(due().due_on == "2026-09-28");
  CHECK(due().action == "wait");
  at.move_release(id, "2026-09-25");
  CHECK(due().due_on == "2026-09-24");
  CHECK(due().action == "wait");
  at.pass(3 * day_ms);  // the last working day before the release: somebody has to ring
  CHECK(due().due_on == "2026-09-24");
  CHECK(due().action == "ring");
  CHECK_FALSE(due().is_late);
  at.pass(day_ms);
  CHECK(due().due_on == "2026-09-24");
  CHECK(due().is_late);
}

TEST_CASE("what comes up when there is no time left is due that day", "[handover][deadline]") {
  Deadline at;
  const auto id = shared_handover(at);
  at.sync_all();
  const std::string release = GENERATE("2026-09-21", "2026-09-22");  // today, tomorrow
  at.move_release(id, release);
  const auto step = at.last_step(at.prison, id);
  CHECK(step.due_on == "2026-09-21");
  CHECK(step.action == "ring");
  CHECK(step.words == "The partner has not answered: ring them now");
  CHECK_FALSE(step.is_late);
  must(Handovers(*at.partner.records).more_info(id, "Which bus?", at.partner.by));
  at.sync_all();
  const auto answer = at.last_step(at.prison, id);
  CHECK(answer.words == "Answer what the partner asked");
  CHECK(answer.due_on == "2026-09-21");
  CHECK(at.last_step(at.partner, id).action == "ring");
}

TEST_CASE("what the partner asked is to be answered in five working days", "[handover][deadline]") {
  Deadline at;
  const auto id = shared_handover(at);
  at.sync_all();
  must(Handovers(*at.partner.records).more_info(id, "Which bus?", at.partner.by));
  at.sync_all();
  CHECK(at.last_step(at.prison, id).due_on == "2026-09-28");
  CHECK(at.last_step(at.partner, id).due_on == "2026-09-28");
  at.pass(8 * day_ms);
  CHECK(at.last_step(at.prison, id).is_late);
}

TEST_CASE("a draft is to be complete three weeks before the release", "[handover][deadline]") {
  Deadline at;
  const auto begun = must(Handovers(*at.prison.records).begin(complete_inputs(), at.prison.by));
  CHECK(at.last_step(at.prison, begun.record.dossier).action == "complete");
  CHECK(at.last_step(at.prison, begun.record.dossier).due_on == "2026-11-13");
}

TEST_CASE("a draft is to be shared three weeks before the release", "[handover][deadline]") {
  Deadline at;
  const auto id = ready_handover(at);
  CHECK(at.last_step(at.prison, id).action == "share");
  CHECK(at.last_step(at.prison, id).due_on == "2026-11-13");
  at.move_release(id, "2026-09-30");  // less than that is left: on the day on which it was begun
  CHECK(at.last_step(at.prison, id).due_on == "2026-09-21");
  CHECK_FALSE(at.last_step(at.prison, id).is_late);
  at.pass(day_ms);
  CHECK(at.last_step(at.prison, id).due_on == "2026-09-21");
  CHECK(at.last_step(at.prison, id).is_late);
}

TEST_CASE("at every stage before the gate a release that has passed is late, and says what to do",
          "[handover][deadline]") {
  Deadline at;
  const auto begun = must(Handovers(*at.prison.records).begin(complete_inputs(), at.prison.by));
  const auto id = begun.record.dossier;
  must(at.prison.records->new_record_in(
      id, *record_type("need"), {{"pathway", "Accommodation"}, {"need", "somewhere to live"}},
      at.prison.by));
  const auto ways = at.ways(id);
  const auto count = static_cast<std::size_t>(GENERATE(1, 2, 3, 4, 5, 6));
  for (std::size_t i = 0; i < count; ++i) {
    at.pass(1000);
    ways[i]();
    at.sync_all();
  }
  at.pass(74 * day_ms);  // the day of the release
  const bool is_shared = count > 2;
  const auto told = [&](const Site& site) {
    const auto steps = at.steps(site, id);
    return !steps.empty() && steps.front().words.starts_with("The release date has passed: ") &&
           std::all_of(steps.begin(), steps.end(), [](const auto& step) { return step.is_late; });
  };
  CHECK_FALSE(told(at.prison));
  at.pass(6 * day_ms);
  INFO(at.steps(at.prison, id).front().words);
  CHECK(told(at.prison));
  if (is_shared) CHECK(told(at.partner));
  at.move_release(id, "2026-12-01", "2026-12-20");  // it may still come
  CHECK_FALSE(told(at.prison));
  if (is_shared) CHECK_FALSE(told(at.partner));
}

TEST_CASE("a release that nobody confirmed says so once its day has passed",
          "[handover][deadline]") {
  Deadline at;
  const auto id = shared_handover(at);
  at.sync_all();
  must(Handovers(*at.partner.records).accept(id, "", at.partner.by));
  must(Handovers(*at.partner.records)
           .plan(id, {{"meeting-place", "Main gate"}, {"meeting-time", "08:30"}}, at.partner.by));
  at.sync_all();
  at.pass(74 * day_ms);
  CHECK(at.last_step(at.prison, id).words == "Confirm that the person was released");
  at.pass(day_ms);
  CHECK(at.last_step(at.prison, id).words ==
        "The release date has passed: confirm the release, or change it");
  CHECK(at.last_step(at.prison, id).is_late);
}

TEST_CASE("whoever was declined goes on with another partner before the release",
          "[handover][deadline]") {
  Deadline at;
  const auto id = shared_handover(at);
  at.sync_all();
  must(Handovers(*at.partner.records).decline(id, "No capacity", "", at.partner.by));
  at.sync_all();
  CHECK(at.last_step(at.prison, id).due_on == "2026-12-03");
  at.pass(74 * day_ms);
  CHECK(at.last_step(at.prison, id).is_late);
}

TEST_CASE("the meeting and the final check are never due before the day on which they came up",
          "[handover][deadline]") {
  Deadline at;
  const auto id = shared_handover(at);
  at.sync_all();
  const bool in_time = GENERATE(true, false);
  if (!in_time) at.move_release(id, "2026-09-22");  // tomorrow
  must(Handovers(*at.partner.records).accept(id, "", at.partner.by));
  at.sync_all();
  const auto step = [&](const Site& site) {
    const auto all = at.steps(site, id);
    REQUIRE_FALSE(all.empty());
    return all.front();
  };
  for (const auto* site : {&at.prison, &at.partner}) {
    CHECK(step(*site).action == "plan");
    CHECK(step(*site).due_on == (in_time ? "2026-11-20" : "2026-09-21"));
    CHECK_FALSE(step(*site).is_late);
  }
  must(Handovers(*at.partner.records)
           .plan(id, {{"meeting-place", "Main gate"}, {"meeting-time", "08:30"}}, at.partner.by));
  at.sync_all();
  for (const auto* site : {&at.prison, &at.partner}) {
    CHECK(step(*site).words == "Do the final check of date, time and place");
    CHECK(step(*site).due_on == (in_time ? "2026-12-02" : "2026-09-21"));
    CHECK_FALSE(step(*site).is_late);
  }
  at.pass((in_time ? 73 : 1) * day_ms);
  CHECK(step(at.prison).is_late);
}

}  // namespace throughgate::node::testing
