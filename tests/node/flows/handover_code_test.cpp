// The code that a partner reads to a prison on the telephone while neither has a network.
#include <catch_amalgamated.hpp>

#include "node/handovers/code_tries.h"
#include "node/handovers/handover_code.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {
namespace {

using schema::Handover;
using sync::ErrorKind;

constexpr std::uint64_t minute_ms = 60'000;

CaseFile file_at(const Site& site, const sync::DossierId& handover) {
  return must(read_case(*site.records, handover));
}

// Shared and arrived; from then on nobody syncs.
struct Telephone {
  World world;
  sync::DossierId handover = arrived();

  sync::DossierId arrived() {
    const auto id = shared_handover(world);
    world.sync_all();
    return id;
  }
  std::string made() {
    return must(HandoverCodes(*world.partner.records).make(file_at(world.partner, handover)))
        .digits;
  }
  sync::Result<Saved> typed(const std::string& code) {
    return HandoverCodes(*world.prison.records)
        .confirm(file_at(world.prison, handover), code, world.prison.by);
  }
  void plan(Site& site, const std::string& place, const std::string& time) {
    const auto form = must(site.records->open({handover, {}, 110}));
    must(site.records->set_fields(form, {{"meeting-place", place}, {"meeting-time", time}},
                                  site.by));
  }
  std::vector<std::string> confirmed(const Site& site) {
    return file_at(site, handover).texts(Handover::kConfirmedByCodeFieldNumber);
  }
  // Another than `code`, of six figures.
  static std::string other_than(const std::string& code) {
    return (code.front() == '9' ? "0" : "9") + code.substr(1);
  }
};

}  // namespace

TEST_CASE("a code that the partner reads out fits at the prison, without a network", "[code]") {
  Telephone line;
  const auto code = line.made();
  REQUIRE(code.size() == 6);
  must(line.typed(code.substr(0, 3) + " " + code.substr(3)));
  CHECK(line.confirmed(line.world.prison) ==
        std::vector<std::string>{
            "Release 4 December 2026, no meeting place yet, no meeting time yet"});
  // It accepts nothing, and everybody hears of it later.
  CHECK(file_at(line.world.prison, line.handover).state == Handover::SENT);
  line.world.sync_all();
  CHECK(line.confirmed(line.world.partner).size() == 1);
}

TEST_CASE("a code is of one handover, one partner and what both have before them", "[code]") {
  Telephone line;
  const auto code = line.made();
  SECTION("not of another handover") {
    const auto other = shared_handover(line.world);
    line.world.sync_all();
    line.handover = other;
    CHECK(line.made() != code);
    CHECK(refusal(line.typed(code)).kind == ErrorKind::invalid);
  }
  SECTION("nobody but a member can make it") {
    CHECK(refusal(
              HandoverCodes(*line.world.desk.records).make(file_at(line.world.desk, line.handover)))
              .kind == ErrorKind::denied);
    CHECK(refusal(HandoverCodes(*line.world.prison.records)
                      .make(file_at(line.world.prison, line.handover)))
              .kind == ErrorKind::denied);
  }
  SECTION("it does not fit where the prison has another place") {
    line.plan(line.world.prison, "Main gate", "09:30");
    CHECK(refusal(line.typed(code)).kind == ErrorKind::invalid);
    line.plan(line.world.partner, "Side gate", "09:30");
    CHECK(refusal(line.typed(line.made())).kind == ErrorKind::invalid);
    // Typed at the other end too, as it is heard, a new one fits.
    line.plan(line.world.partner, "MAIN  gate", "09:30");
    must(line.typed(line.made()));
    CHECK(line.confirmed(line.world.prison) ==
          std::vector<std::string>{"Release 4 December 2026, Main gate, 09:30"});
  }
  SECTION("nor where it has another time or day") {
    line.plan(line.world.prison, "Main gate", "09:30");
    line.plan(line.world.partner, "Main gate", "09:45");
    CHECK(refusal(line.typed(line.made())).kind == ErrorKind::invalid);
    const auto form = must(line.world.prison.records->open({line.handover, {}, 110}));
    must(line.world.prison.records->set_fields(
        form, {{"meeting-time", "09:45"}, {"release-date", "2026-12-05"}}, line.world.prison.by));
    CHECK(refusal(line.typed(line.made())).kind == ErrorKind::invalid);
  }
}

TEST_CASE(
    "a reason that should not be shared costs no try, and a place typed before is not asked about",
    "[code][free-text]") {
  Telephone line;
  for (Site* site : {&line.world.prison, &line.world.partner}) {
    line.plan(*site, "Opposite A9876XY", "09:30");
  }
  const auto code = line.made();
  auto records = seen_by_jo(line.world.prison, line.world.codes);
  const auto file = [&] { return file_at(line.world.prison, line.handover); };
  const By told{line.world.prison.by.actor, "told by A1111ZZ"};
  for (std::size_t i = 0; i <= code_tries_max; ++i) {
    const auto refused =
        refusal(HandoverCodes(records).confirm(file(), Telephone::other_than(code), told));
    CHECK(refused.kind == ErrorKind::invalid);
    REQUIRE(records.text_doubts().size() == 1);
    CHECK(records.text_doubts()[0].part == "A1111ZZ");
  }
  must(HandoverCodes(records).confirm(file(), code, {told.actor, ""}));
  CHECK(line.confirmed(line.world.prison).size() == 1);
}

TEST_CASE("a code is good for three quarters of an hour", "[code]") {
  Telephone line;
  line.world.now_ms = line.world.now_ms / code_step_ms * code_step_ms;
  const auto code = line.made();
  SECTION("so long") {
    line.world.pass(45 * minute_ms);
    must(line.typed(code));
  }
  SECTION("and no longer") {
    line.world.pass(60 * minute_ms);
    CHECK(refusal(line.typed(code)).kind == ErrorKind::invalid);
  }
  SECTION("a partner's clock that is a quarter of an hour fast is no matter") {
    line.world.now_ms -= 15 * minute_ms;
    must(line.typed(code));
  }
  SECTION("one that is half an hour fast is") {
    line.world.now_ms -= 30 * minute_ms;
    CHECK(refusal(line.typed(code)).kind == ErrorKind::invalid);
  }
}

TEST_CASE("after five wrong codes none is looked at for an hour, and a restart does not forget",
          "[code]") {
  Telephone line;
  const auto code = line.made();
  for (std::size_t left = code_tries_max; left-- > 0;) {
    const auto wrong = refusal(line.typed(Telephone::other_than(code)));
    CHECK(wrong.kind == ErrorKind::invalid);
    CHECK(wrong.message.find(left == 0   ? "no more tries"
                             : left == 1 ? "1 more try"
                                         : " more tries") != std::string::npos);
  }
  line.world.restart(line.world.prison);
  CHECK(refusal(line.typed(code)).kind == ErrorKind::denied);
  CHECK(line.confirmed(line.world.prison).empty());
  SECTION("another handover has its own five") {
    line.handover = shared_handover(line.world);
    line.world.sync_all();
    must(line.typed(line.made()));
  }
  SECTION("an hour later there are five more") {
    line.world.pass(code_wait_ms);
    must(line.typed(line.made()));
  }
  SECTION("a clock that was put back makes nobody wait longer") {
    line.world.now_ms -= 2 * code_wait_ms;
    must(line.typed(line.made()));
  }
}

TEST_CASE("a right code starts the count anew, and what is no code is not counted", "[code]") {
  Telephone line;
  const auto code = line.made();
  for (std::size_t i = 1; i < code_tries_max; ++i) {
    CHECK_FALSE(line.typed(Telephone::other_than(code)));
  }
  for (const char* none : {"", "12345", "1234567", "12345a", "1234 56 7", "١٢٣٤٥٦"}) {
    CHECK(refusal(line.typed(none)).message.find("six figures") != std::string::npos);
  }
  must(line.typed(code));
  for (std::size_t i = 1; i < code_tries_max; ++i) {
    CHECK_FALSE(line.typed(Telephone::other_than(code)));
  }
  must(line.typed(code));
}

TEST_CASE("there is nothing to confirm before a handover is shared, nor once the person is out",
          "[code]") {
  World world;
  const auto draft = ready_handover(world);
  CHECK(refusal(HandoverCodes(*world.prison.records)
                    .confirm(file_at(world.prison, draft), "123456", world.prison.by))
            .kind == ErrorKind::denied);
  Telephone line;
  Handovers at_partner(*line.world.partner.records);
  must(at_partner.decline(line.handover, "No capacity", "", line.world.partner.by));
  CHECK_FALSE(HandoverCodes::makes(file_at(line.world.partner, line.handover)));
}

}  // namespace throughgate::node::testing
