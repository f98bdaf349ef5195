// A change that stands beside another is never told as what holds.
#include <catch_amalgamated.hpp>

#include "tests/node/web/pages/handovers/handover_world.h"

namespace throughgate::node::testing {
namespace {

Typed date(const std::string& day, const std::string& month) {
  return {{"release-date-day", day}, {"release-date-month", month}, {"release-date-year", "2027"}};
}

struct Lowered {
  HandoverWorld world;
  std::string address = world.accepted();
  Visitor at_desk{world.desk, world.codes, {web::add_handover_pages}};

  Lowered() {
    world.at_prison.done(address + "/change/risk", {{"risk-to-staff", "RISK_HIGH"}});
    world.at_prison.done(address + "/change/release", date("3", "2"));
    world.sync_all();
    world.at_partner.done(address + "/read", {{"all", "1"}});
    world.at_partner.done(address + "/change/risk", {{"risk-to-staff", "RISK_LOW"}});
    world.sync_all();
  }
};

}  // namespace

TEST_CASE("a risk that was lowered where it may not be is told with the one that stays in force",
          "[pages][handover]") {
  Lowered lowered;
  const auto& world = lowered.world;
  const std::string told = "Risk to staff and volunteers It said High Bridge Trust says Low";
  const auto at_prison = world.at_prison.page(lowered.address + "/read");
  CHECK(says(at_prison, told));
  CHECK(says(at_prison, "High stays in force until it is decided. Decide which holds"));
  CHECK_FALSE(says(at_prison, "Now says Low"));
  CHECK(at_prison.find("href=\"/changed-in-two-places/") != std::string::npos);

  // The central team has read neither.
  const auto at_desk = lowered.at_desk.page(lowered.address + "/read");
  CHECK(says(at_desk, told));
  CHECK(says(at_desk, "Risk to staff and volunteers It said Medium Now says High"));
  CHECK(says(at_desk, "Bridge Trust says Low. High stays in force until it is decided. See both"));
  CHECK_FALSE(says(at_desk, "Now says Low"));

  for (const Visitor* site : {&world.at_prison, &world.at_partner}) {
    const auto page = site->page(lowered.address);
    CHECK(says(page,
               "Risk to staff and volunteers: Low Changed in two places: High stays in "
               "force until it is decided See both"));
    CHECK_FALSE(says(page, "Risk to staff and volunteers: High Changed in two places"));
  }
}

TEST_CASE("the way to decide is offered to who may decide, and to others the way to see both",
          "[pages][handover]") {
  Lowered lowered;
  const auto& world = lowered.world;
  const std::string marked = "High Changed in two places ";
  CHECK(says(world.at_prison.page(lowered.address), marked + "Decide which holds"));
  CHECK(says(lowered.at_desk.page(lowered.address), marked + "Decide which holds"));
  CHECK(says(world.at_partner.page(lowered.address), marked + "See both"));
  CHECK_FALSE(says(world.at_partner.page(lowered.address), "Decide which holds"));
}

TEST_CASE("of two dates that stand, each says what its own author had before them",
          "[pages][handover]") {
  Lowered lowered;
  auto& world = lowered.world;
  world.at_prison.done(lowered.address + "/change/release", date("11", "2"));
  world.at_partner.done(lowered.address + "/change/release", date("15", "2"));
  world.sync_all();
  const auto at_desk = lowered.at_desk.page(lowered.address + "/read");
  CHECK(says(at_desk, "Expected release date It said 3 February 2027 Now says 11 February 2027"));
  CHECK(says(at_desk,
             "Bridge Trust says 15 February 2027. 11 February 2027 is shown until it is "
             "decided."));
  CHECK(says(at_desk,
             "Expected release date It said 3 February 2027 Bridge Trust says 15 February 2027"));
  CHECK_FALSE(says(at_desk, "It said 11 February"));
  CHECK(says(world.at_prison.page(lowered.address),
             "Expected release date: 15 February 2027 Changed in two places: 11 February 2027 is "
             "shown until it is decided"));
  const auto at_partner = world.at_partner.page(lowered.address + "/read");
  CHECK(says(at_partner, "Now says 11 February 2027"));
  CHECK(says(at_partner, "is decided. See both"));
}

TEST_CASE("a day that comes back to what was read says which day it was meanwhile",
          "[pages][handover]") {
  Lowered lowered;
  auto& world = lowered.world;
  world.at_prison.done(lowered.address + "/change/release", date("10", "2"));
  world.at_prison.done(lowered.address + "/change/release", date("3", "2"));
  world.sync_all();
  CHECK(says(world.at_partner.page(lowered.address + "/read"),
             "Expected release date It said 10 February 2027 Now says 3 February 2027"));
}

}  // namespace throughgate::node::testing
