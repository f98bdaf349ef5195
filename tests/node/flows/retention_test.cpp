// How long records are kept: what is due, what somebody confirms, and what the desk signs at once.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <fstream>

#include "node/days.h"
#include "node/desk/erasures.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {
namespace {

using sync::DossierId;
using sync::ErrorKind;

constexpr std::uint64_t day_ms = 24ull * 60 * 60 * 1000;

RetentionSchedule shipped() { return must(read_retention(RETENTION_FILE)); }

// A volunteer who left, and vetting notes on somebody else, decided long ago.
struct Kept : World {
  DossierId left, notes;
  RetentionSchedule schedule = shipped();

  Kept() {
    give_desk_the_key();
    left = recorded("volunteer", {{"family-name", "Left"}, {"status", "LEFT"}});
    const auto other = recorded("volunteer", {{"family-name", "Stays"}, {"status", "ACTIVE"}});
    notes = recorded("vetting-notes", {{"volunteer", other.hex()}, {"decided-on", "2026-01-31"}});
    sync_all();
  }
  DossierId recorded(const std::string& type, const std::vector<FieldInput>& inputs) {
    return must(prison.records->new_record(*record_type(type), inputs, prison.by)).record.dossier;
  }
  std::vector<Due> due_on(const std::string& today, Site& site) {
    return must(due_records(*site.records, schedule, today));
  }
  std::string in_years(int years) {
    return iso_day(now_ms + static_cast<std::uint64_t>(years) * 366 * day_ms);
  }
};

constexpr const char* one_rule =
    "[[rule]]\nname = \"Left\"\nfrom = \"left\"\nmonths = 72\nsource = \"usual practice\"\n";

}  // namespace

TEST_CASE("months are counted to the same day, or the last one of a shorter month", "[retention]") {
  CHECK(months_after("2026-01-31", 1) == "2026-02-28");
  CHECK(months_after("2026-01-31", 6) == "2026-07-31");
  CHECK(months_after("2024-02-29", 12) == "2025-02-28");
  CHECK(months_after("2026-11-26", 72) == "2032-11-26");
  CHECK_FALSE(months_after("", 1));
  CHECK_FALSE(months_after("2026-13-01", 1));
}

TEST_CASE("the rules that are shipped read, and a wrong one is refused with what to change",
          "[retention]") {
  CHECK_FALSE(shipped().rules.empty());
  CHECK(parse_retention("")->rules.empty());
  const std::string good = one_rule;
  REQUIRE(parse_retention(good)->rules.size() == 1);
  const auto without = [&](const std::string& part, const std::string& instead) {
    std::string text = good;
    return text.replace(text.find(part), part.size(), instead);
  };
  for (const auto& bad :
       {without("72", "-1"), without("72", "1201"), without("72", "\"72\""),
        without("left", "gone"), without("Left", ""), without("usual practice", ""),
        without("source", "origin"), without("months = 72\n", ""),
        without("72", "72\nlongest = 80"), without("72", "72\ndays = 4000"),
        good + "[goes-with]\nhandovers = \"there is no such kind\"\n",
        good + "[goes-with]\nhandover = \"\"\n", good + good, without("[[rule]]", "[rule]"),
        std::string("x = 1\n"), std::string("[[rule"), std::string(70'000, '#')}) {
    CAPTURE(bad.substr(0, 100));
    const auto read = refusal(parse_retention(bad));
    CHECK(read.kind == ErrorKind::invalid);
    CHECK(read.message.find("retention.toml") != std::string::npos);
  }
  CHECK(parse_retention(without("72", "0")));  // at once
  CHECK(parse_retention(without("months = 72", "days = 90"))->rules[0].kept_until("2026-11-26") ==
        "2027-02-24");
  CHECK(refusal(read_retention("/there/is/no/such/file")).kind == ErrorKind::not_found);
}

TEST_CASE("each kind of record has a rule, or the schedule says with what it goes", "[retention]") {
  CHECK(shipped().silent_on().empty());
  for (const auto& [kind, words] : shipped().goes_with) {
    CAPTURE(kind, words);
    CHECK((words.starts_with("goes with ") || words.starts_with("kept: ")));
    auto without = shipped();
    without.goes_with.erase(kind);
    CHECK(without.silent_on() == std::vector<std::string>{kind});
  }
  auto without_rules = shipped();
  without_rules.rules.clear();
  for (const char* kind :
       {"volunteer", "vetting-notes", "handover", "incident", "person", "flag", "expense-claim"}) {
    const auto silent = without_rules.silent_on();
    CHECK(std::find(silent.begin(), silent.end(), kind) != silent.end());
  }
}

TEST_CASE("what is due at once is due on its day, anything else on the day after its last",
          "[retention]") {
  RetentionRule rule;
  CHECK(rule.is_over(*rule.kept_until("2026-11-26"), "2026-11-26"));
  CHECK_FALSE(rule.is_over(*rule.kept_until("2026-11-26"), "2026-11-25"));
  rule.days = 1;
  CHECK_FALSE(rule.is_over(*rule.kept_until("2026-11-26"), "2026-11-27"));
  CHECK(rule.is_over(*rule.kept_until("2026-11-26"), "2026-11-28"));
}

TEST_CASE("a prison's record of a person is due once no handover there is about them",
          "[retention]") {
  Kept world;
  const auto person =
      world.recorded("person", {{"given-name", "Alex"}, {"family-name", "Planted"}});
  const auto handover =
      must(Handovers(*world.prison.records).begin_from(person, complete_inputs(), world.prison.by))
          .record.dossier;
  world.sync_all();
  const auto today = world.in_years(7);
  const auto is_due = [&] {
    const auto due = world.due_on(today, world.prison);
    return std::any_of(due.begin(), due.end(),
                       [&](const Due& each) { return each.subject == person; });
  };
  CHECK_FALSE(is_due());
  must(Desk(*world.desk.node).erase({handover}));
  world.sync_all();
  CHECK(is_due());
  const auto last = *months_after(iso_day(world.now_ms), 24);
  CHECK(world.due_on(last, world.prison).size() + 1 ==
        world.due_on(*day_after(last, 1), world.prison).size());
}

TEST_CASE("a record that is due by two rules is confirmed by one of them", "[retention]") {
  Kept world;
  auto twice = must(parse_retention(
      "[[rule]]\nname = \"A\"\nfrom = \"handover-over\"\nmonths = 1\nsource = \"x\"\n"
      "[[rule]]\nname = \"B\"\nfrom = \"risk-at-close\"\nmonths = 0\nsource = \"x\"\n"));
  const auto id = ready_handover(world);
  must(Handovers(*world.prison.records).stop(id, "Withdrawn", "made up", world.prison.by));
  world.sync_all();
  world.pass(40 * day_ms);
  const auto today = iso_day(world.now_ms);
  auto& records = *world.prison.records;
  const auto which = refusal(confirm_due(records, twice, {id}, today, world.prison.by));
  CHECK(which.message.find("--by") != std::string::npos);
  must(confirm_due(records, twice, {id, KeptFrom::risk_at_close}, today, world.prison.by));
  CHECK(must(confirm_due(records, twice, {id}, today, world.prison.by)).request);
}

TEST_CASE("the desk signs nothing whole by a rule for parts or copies of a record", "[retention]") {
  Kept world;
  const auto today = world.in_years(7);
  // Of which the desk sees nothing itself.
  must(confirm_due(*world.prison.records, world.schedule, {world.notes}, today, world.prison.by));
  const auto asked = must(all_requests(*world.prison.records)).at(0).id;
  const sync::store::RecordName request{asked, {}, record_type("erasure-request")->number};
  auto& records = *world.prison.records;
  DeskErasures desk(*world.desk.records);
  for (const char* rule : {"Who looked at what", "Risk in handovers that are over", "Expenses",
                           "Partner's copy of a handover", "Sender's copy of a handover"}) {
    REQUIRE(world.schedule.rule(rule));
    must(records.set_fields(must(records.open(request)), {{"rule", rule}}, world.prison.by));
    world.sync_all();
    CHECK(must(desk.sign_scheduled(world.schedule, today)) == 0);
  }
}

TEST_CASE("what has been kept long enough is listed where it is kept, with the rule and the day",
          "[retention]") {
  Kept world;
  CHECK(world.due_on("2026-07-31", world.prison).empty());  // the last day is kept
  const auto due = world.due_on("2026-08-01", world.prison);
  REQUIRE(due.size() == 1);
  CHECK(due[0].subject == world.notes);
  CHECK(due[0].rule == "Vetting notes");
  CHECK(due[0].since == "2026-01-31");
  CHECK(due[0].kept_until == "2026-07-31");
  CHECK(due[0].held.empty());
  CHECK_FALSE(due[0].asked);
  const auto later = world.due_on(world.in_years(7), world.prison);
  REQUIRE(later.size() == 2);
  CHECK(later[1].subject == world.left);
  CHECK(later[1].name == "Left");
  CHECK(world.due_on(world.in_years(7), world.desk).empty());  // not the desk's to keep
}

TEST_CASE("nothing goes without a person, nor while a legal hold is in force", "[retention]") {
  Kept world;
  const auto today = world.in_years(7);
  CHECK(refusal(confirm_due(*world.prison.records, world.schedule, {world.left}, "2027-01-01",
                            world.prison.by))
            .kind == ErrorKind::invalid);
  world.sync_all();
  CHECK(must(DeskErasures(*world.desk.records).sign_scheduled(world.schedule, today)) == 0);
  const auto hold =
      must(Holds(*world.prison.records).set({world.left}, "an inquest", world.prison.by));
  CHECK_FALSE(world.due_on(today, world.prison)[1].held.empty());
  CHECK(refusal(confirm_due(*world.prison.records, world.schedule, {world.left}, today,
                            world.prison.by))
            .kind == ErrorKind::denied);
  must(Holds(*world.prison.records).lift(hold.record.dossier, "over", world.prison.by));
  must(confirm_due(*world.prison.records, world.schedule, {world.left}, today, world.prison.by));
  CHECK(world.due_on(today, world.prison)[1].asked);
}

TEST_CASE("the desk signs at once what was confirmed, where its own rules say the same",
          "[retention]") {
  Kept world;
  const auto today = world.in_years(7);
  must(confirm_due(*world.prison.records, world.schedule, {world.left}, today, world.prison.by));
  must(confirm_due(*world.prison.records, world.schedule, {world.notes}, today, world.prison.by));
  world.sync_all();
  DeskErasures desk(*world.desk.records);
  SECTION("the rule is another's, or there is none") {
    auto longer = world.schedule;
    for (auto& rule : longer.rules) rule.months = 1200;
    CHECK(must(desk.sign_scheduled(longer, today)) == 1);  // of the notes it sees nothing itself
    CHECK(must(desk.sign_scheduled({}, today)) == 0);
    CHECK(must(desk.requests()).size() == 1);
  }
  SECTION("the request names a rule for records of another kind") {
    const auto asked = must(all_requests(*world.prison.records));
    const auto named = std::find_if(asked.begin(), asked.end(), [&](const ErasureAsked& each) {
      return each.records.front().id == world.left;
    });
    const sync::store::RecordName request{named->id, {}, record_type("erasure-request")->number};
    auto& records = *world.prison.records;
    must(records.set_fields(must(records.open(request)), {{"rule", "Vetting notes"}},
                            world.prison.by));
    world.sync_all();
    CHECK(must(desk.sign_scheduled(world.schedule, today)) == 1);  // the notes alone
    CHECK(must(desk.requests()).size() == 1);
  }
  SECTION("its own day has not come") {
    CHECK(must(desk.sign_scheduled(world.schedule, "2027-01-01")) == 1);
  }
  SECTION("a hold came in") {
    must(Holds(*world.desk.records).set({world.left}, "a court", world.desk.by));
    CHECK(must(desk.sign_scheduled(world.schedule, today)) == 1);
  }
  SECTION("they agree") {
    CHECK(must(desk.sign_scheduled(world.schedule, today)) == 2);
    CHECK(must(desk.sign_scheduled(world.schedule, today)) == 0);
    world.sync_all();
    CHECK_FALSE(world.prison.reader().dossier(world.left));
    CHECK_FALSE(world.prison.reader().dossier(world.notes));
    CHECK(must(all_requests(*world.prison.records)).size() == 2);
    CHECK(state_in_words(must(all_requests(*world.prison.records))[0]) == "Erased");
  }
}

}  // namespace throughgate::node::testing
