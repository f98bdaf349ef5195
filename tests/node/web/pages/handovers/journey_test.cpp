// A handover from the prison to the partner and back, by pages only.
#include <catch_amalgamated.hpp>

#include "tests/node/web/pages/handovers/handover_world.h"

namespace throughgate::node::testing {

namespace {

Typed on_day(const std::string& day, const std::string& month, const std::string& year) {
  return {{"on-day", day}, {"on-month", month}, {"on-year", year}};
}

}  // namespace

TEST_CASE("a handover goes from prison to partner, to the gate and to its end by pages alone",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.draft();
  CHECK(says(world.at_prison.page("/handovers"), "Alex Example"));
  CHECK(says(world.at_prison.page("/handovers"), "Not sent yet"));
  CHECK(says(world.at_prison.page(address), "Record the ground for sharing"));

  CHECK(says(world.at_prison.done(address + "/basis", world.ground()),
             "The ground for sharing is recorded"));
  CHECK(says(world.at_prison.done(address + "/share", {{"partner", world.partner_id().hex()}}),
             "The handover is shared"));
  CHECK(world.at_partner.get(address).status == 404);
  world.sync_all();

  const auto arrived = world.at_partner.page(address);
  CHECK(says(arrived, "Alex Example, release 4 December 2026"));
  CHECK(says(arrived, "From HMP Example"));
  CHECK(says(world.at_partner.page("/handovers"), "to read"));
  const auto sent = world.at_prison.page(address);
  CHECK(says(sent, "Arrived at Bridge Trust (A PC)"));
  CHECK_FALSE(says(sent, "Read by"));

  CHECK(says(world.at_partner.done(address + "/read", {{"all", "1"}}),
             "You have said that you read"));
  CHECK(says(world.at_partner.page(address + "/read"), "Nothing waits for you here"));
  CHECK(says(world.at_partner.done(address + "/accept", {{"contact", "Kim, 07700 900111"}}),
             "You have accepted this handover"));
  world.sync_all();
  const auto read = world.at_prison.page(address);
  CHECK(says(read, "Read by Jo Made-Up, Bridge Trust, on 15 January 2027"));
  CHECK(says(read, "Accepted by Jo Made-Up, Bridge Trust"));
  CHECK(says(read, "Who takes it at the partner: Kim, 07700 900111"));

  CHECK(says(world.at_partner.done(address + "/plan",
                                   {{"meeting-place", "Main gate"}, {"meeting-time", "8:30"}}),
             "The plan is saved"));
  world.sync_all();
  const auto planned = world.at_prison.page(address);
  CHECK(says(planned, "Planned"));
  CHECK(says(planned, "Meeting place: Main gate"));
  CHECK(says(world.at_prison.done(address + "/release", on_day("4", "12", "2026")), "Released"));
  world.sync_all();
  CHECK(says(world.at_partner.page(address), "Say how it went at the gate"));
  auto report = on_day("4", "12", "2026");
  report.insert(report.end(), {{"result", "met"}, {"reported-by", "Kim, by telephone"}});
  CHECK(says(world.at_partner.done(address + "/gate", report), "The gate result is recorded"));
  CHECK(says(world.at_partner.done(address + "/support", {}), "Support is recorded as begun"));
  CHECK(says(world.at_partner.done(address + "/close", {{"reason", "COMPLETED"}}),
             "The handover is closed"));
  world.sync_all();
  const auto closed = world.at_prison.page(address);
  CHECK(says(closed, "Reported by: Kim, by telephone"));
  CHECK(says(closed, "Why it was closed: Support completed"));
  CHECK_FALSE(says(closed, "What to do next"));
  CHECK(says(world.at_prison.page("/handovers"), "There are no handovers here"));
  CHECK(says(world.at_prison.page("/handovers?stage=over"), "Alex Example"));
}

}  // namespace throughgate::node::testing
