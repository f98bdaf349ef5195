// How it went at the gate, whatever way it went, and what is offered then.
#include <catch_amalgamated.hpp>

#include "tests/node/web/pages/handovers/handover_world.h"

namespace throughgate::node::testing {
namespace {

Typed report(const char* result, const char* because) {
  return {{"result", result}, {"because", because},        {"reported-by", "Kim, by telephone"},
          {"on-day", "4"},    {"on-month", "12"},          {"on-year", "2026"},
          {"at", "9:15"},     {"notes", "Waited an hour."}};
}

bool offers(const std::string& page, const std::string& address, const char* step) {
  return page.find("href=\"" + address + "/" + step + "\"") != std::string::npos;
}

}  // namespace

TEST_CASE("who was not met is told to both sites the same day, with why, and is looked for",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.released();
  const auto missed =
      world.at_partner.done(address + "/gate", report("missed", "VOLUNTEER_ABSENT"));
  CHECK(says(missed, "The gate result is recorded"));
  CHECK(says(missed, "Look for the person today; then say found or lost"));
  CHECK(offers(missed, address, "found"));
  CHECK(offers(missed, address, "lost"));
  CHECK_FALSE(offers(missed, address, "support"));
  CHECK_FALSE(offers(missed, address, "close"));

  world.sync_all();
  const auto prison = world.at_prison.page(address);
  for (const char* words :
       {"Not met at the gate", "Why they were not met: The volunteer was not there",
        "Reported by: Kim, by telephone", "Notes: Waited an hour."}) {
    INFO(words << "\n" << text_of_page(prison));
    CHECK(says(prison, words));
  }
  CHECK_FALSE(offers(prison, address, "found"));
  CHECK_FALSE(offers(prison, address, "lost"));
  CHECK(world.at_prison.get(address + "/found").status == 403);
  CHECK(world.at_prison.get(address + "/lost").status == 403);
  CHECK(says(world.at_partner.page("/handovers?needs=us"), "Alex Example"));
}

TEST_CASE("who was not met is said with a reason, and what was typed is kept without one",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.released();
  for (const char* result : {"missed", "met-elsewhere"}) {
    const auto without = world.at_partner.fill_in(address + "/gate", report(result, ""));
    CHECK(without.status == 422);
    CHECK(without.body.find("href=\"#because\">Select why they were not met") != std::string::npos);
    CHECK(says(without, "Waited an hour."));
    CHECK(tag_with(without, std::string("value=\"") + result + "\"").find(" checked") !=
          std::string::npos);
  }
  auto unanswered = report("missed", "TRANSPORT");
  unanswered[0].second = "";
  const auto nothing = world.at_partner.fill_in(address + "/gate", unanswered);
  CHECK(nothing.status == 422);
  CHECK(says(nothing, "Select whether the person was met"));
  CHECK(says(world.at_partner.page(address), "Say how it went at the gate"));
}

TEST_CASE("who was met elsewhere the same day counts as found, and keeps why not at the gate",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.released();
  const auto met = world.at_partner.done(address + "/gate", report("met-elsewhere", "OTHER_EXIT"));
  CHECK(says(met, "Found afterwards"));
  CHECK(offers(met, address, "support"));
  CHECK_FALSE(offers(met, address, "lost"));
  world.sync_all();
  const auto prison = world.at_prison.page(address);
  CHECK(says(prison, "Found afterwards"));
  CHECK(says(prison, "Why they were not met: Left by another exit or from court"));
}

TEST_CASE("who was met at the gate has no reason for being missed, whatever was ticked before",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.released();
  const auto met = world.at_partner.done(address + "/gate", report("met", "TRANSPORT"));
  CHECK(says(met, "Met at the gate"));
  CHECK_FALSE(says(met, "Why they were not met"));
}

TEST_CASE("who was missed and then found is supported and the handover closed",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.released();
  world.at_partner.done(address + "/gate", report("missed", "NO_COMMS"));
  const auto found = world.at_partner.done(address + "/found", {});
  CHECK(says(found, "The person is recorded as found"));
  CHECK(says(found, "Make the first contact in the community"));
  CHECK_FALSE(offers(found, address, "lost"));
  world.sync_all();
  CHECK(says(world.at_prison.page(address), "Found afterwards by Jo Made-Up, Bridge Trust"));
  CHECK(says(world.at_partner.done(address + "/support", {}), "Being supported"));
  CHECK(says(world.at_partner.done(address + "/close", {{"reason", "COMPLETED"}}),
             "The handover is closed"));
}

TEST_CASE("a gate result that is missing is late at the prison too, and not before its day",
          "[pages][handover]") {
  HandoverWorld world;
  const auto soon = world.accepted();
  const std::string words = "The partner has not said how it went at the gate: ring them";
  world.at_prison.done(
      soon + "/change/release",
      {{"release-date-day", "15"}, {"release-date-month", "1"}, {"release-date-year", "2027"}});
  world.at_prison.done(soon + "/plan", {{"meeting-place", "Main gate"}, {"meeting-time", "8:30"}});
  world.at_prison.done(soon + "/release",
                       {{"on-day", "15"}, {"on-month", "1"}, {"on-year", "2027"}});
  world.sync_all();
  const auto today = world.at_prison.page(soon);
  CHECK(says(today, "The partner says how it went at the gate, by 16 January 2027"));
  CHECK_FALSE(says(today, words));
  CHECK_FALSE(says(world.at_prison.page("/handovers?needs=us"), "Alex Example"));
  world.world.now_ms += 2 * day_ms;
  CHECK(says(world.at_prison.page(soon), words + ", by 16 January 2027 Late"));
  CHECK(says(world.at_prison.page("/handovers?needs=late"), "Alex Example"));
  world.at_partner.done(soon + "/gate", {{"result", "met"},
                                         {"reported-by", "Kim, by telephone"},
                                         {"on-day", "15"},
                                         {"on-month", "1"},
                                         {"on-year", "2027"}});
  world.sync_all();
  CHECK_FALSE(says(world.at_prison.page("/handovers?needs=late"), "Alex Example"));
}

TEST_CASE("a review is done with a note of it, and the next one comes", "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.released();
  world.at_partner.done(address + "/gate", report("met", ""));
  const auto supported = world.at_partner.done(address + "/support", {});
  CHECK(says(supported, "Review how it goes, and write a note of it , by 15 January 2027"));
  CHECK(offers(supported, address, "change/notes"));
  world.world.now_ms += 2 * day_ms;
  CHECK(says(world.at_partner.page("/handovers?needs=late"), "Alex Example"));
  const auto reviewed =
      world.at_partner.done(address + "/change/notes", {{"notes", "Settled in."}});
  CHECK(says(reviewed, "Review how it goes, and write a note of it , by 4 June 2027"));
  CHECK_FALSE(says(world.at_partner.page("/handovers?needs=late"), "Alex Example"));
}

TEST_CASE("who was not found can be given up, or go on if they turn up", "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.released();
  world.at_partner.done(address + "/gate", report("missed", "RELEASED_EARLY"));
  const auto lost = world.at_partner.done(address + "/lost", {});
  CHECK(says(lost, "The person is recorded as not found"));
  CHECK(says(lost, "Close it, or go on if the person turns up"));
  CHECK_FALSE(offers(lost, address, "found"));
  world.sync_all();
  CHECK(says(world.at_prison.page(address), "Not found by Jo Made-Up, Bridge Trust"));
  SECTION("given up") {
    const auto closed = world.at_partner.done(address + "/close", {{"reason", "LOST_CONTACT"}});
    CHECK(says(closed, "The handover is closed"));
  }
  SECTION("turned up") {
    CHECK(offers(lost, address, "support"));
    CHECK(says(world.at_partner.done(address + "/support", {}), "Being supported"));
  }
}

TEST_CASE("a partner that hears of the release first says so with the gate result",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.accepted();
  world.at_partner.done(address + "/plan",
                        {{"meeting-place", "Main gate"}, {"meeting-time", "8:30"}});
  SECTION("met: released that day") {
    const auto met = world.at_partner.done(address + "/gate", report("met", ""));
    CHECK(says(met, "Alex Example, released 4 December 2026"));
    world.sync_all();
    CHECK(says(world.at_prison.page(address), "Alex Example, released 4 December 2026"));
  }
  SECTION("not met: nobody has said when") {
    const auto missed = world.at_partner.done(address + "/gate", report("missed", "WRONG_DAY"));
    CHECK(says(missed, "Alex Example, release 4 December 2026"));
    world.sync_all();
    const auto prison = world.at_prison.page(address);
    CHECK_FALSE(says(prison, "released 4 December 2026"));
    CHECK(says(prison, "Why they were not met: Wrong day"));
  }
}

}  // namespace throughgate::node::testing
