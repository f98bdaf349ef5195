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
  CHECK(shipped().rules.size() == 5);
  CHECK(parse_retention("")->rules.empty());
  const std::string good = one_rule;
  REQUIRE(parse_retention(good)->rules.size() == 1);
  const auto without = [&](const std::string& part, const std::string& instead) {
    std::string text = good;
    return text.replace(text.find(part), part.size(), instead);
  };
  for (const auto& bad :
       {without("72", "0"), without("72", "1201"), without("72", "\"72\""), without("left", "gone"),
        without("Left", ""), without("usual practice", ""), without("source", "origin"),
        good + good, without("[[rule]]", "[rule]"), std::string("x = 1\n"), std::string("[[rule"),
        std::string(70'000, '#')}) {
    CAPTURE(bad.substr(0, 100));
    const auto read = refusal(parse_retention(bad));
    CHECK(read.kind == ErrorKind::invalid);
    CHECK(read.message.find("retention.toml") != std::string::npos);
  }
  CHECK(refusal(read_retention("/there/is/no/such/file")).kind == ErrorKind::not_found);
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
  CHECK(refusal(confirm_due(*world.prison.records, world.schedule, world.left, "2027-01-01",
                            world.prison.by))
            .kind == ErrorKind::invalid);
  world.sync_all();
  CHECK(must(DeskErasures(*world.desk.records).sign_scheduled(world.schedule, today)) == 0);
  const auto hold =
      must(Holds(*world.prison.records).set({world.left}, "an inquest", world.prison.by));
  CHECK_FALSE(world.due_on(today, world.prison)[1].held.empty());
  CHECK(refusal(
            confirm_due(*world.prison.records, world.schedule, world.left, today, world.prison.by))
            .kind == ErrorKind::denied);
  must(Holds(*world.prison.records).lift(hold.record.dossier, "over", world.prison.by));
  must(confirm_due(*world.prison.records, world.schedule, world.left, today, world.prison.by));
  CHECK(world.due_on(today, world.prison)[1].asked);
}

TEST_CASE("the desk signs at once what was confirmed, where its own rules say the same",
          "[retention]") {
  Kept world;
  const auto today = world.in_years(7);
  must(confirm_due(*world.prison.records, world.schedule, world.left, today, world.prison.by));
  must(confirm_due(*world.prison.records, world.schedule, world.notes, today, world.prison.by));
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
