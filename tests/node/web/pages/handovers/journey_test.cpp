// A handover from the prison to the partner and back, by pages only.
#include <catch_amalgamated.hpp>

#include "tests/node/web/pages/handovers/handover_world.h"

namespace throughgate::node::testing {

TEST_CASE("a handover goes from prison to partner, to the gate and to its end by pages alone",
          "[pages][handover]") {
  HandoverWorld at;
  const auto address = at.complete_draft();
  CHECK(says(at.prison->page("/handovers"), "Alex Example"));
  CHECK(says(at.prison->page("/handovers"), "Not sent yet"));
  CHECK(says(at.prison->page(address), "Record the ground for sharing"));

  CHECK(
      says(at.prison->done(address + "/basis", at.ground()), "The ground for sharing is recorded"));
  CHECK(says(at.prison->done(address + "/share", {{"partner", at.partner_id().hex()}}),
             "The handover is shared"));
  CHECK(at.partner->get(address).status == 404);
  at.sync();

  const auto arrived = at.partner->page(address);
  CHECK(says(arrived, "Alex Example, release 4 December 2026"));
  CHECK(says(arrived, "from HMP Example"));
  CHECK(says(at.partner->page("/handovers"), "to read"));
  const auto sent = at.prison->page(address);
  CHECK(says(sent, "Arrived at Bridge Trust (A PC)"));
  CHECK_FALSE(says(sent, "Read by"));

  CHECK(says(at.partner->done(address + "/read", {{"all", "1"}}), "You have said that you read"));
  CHECK(says(at.partner->page(address + "/read"), "Nothing waits for you here"));
  CHECK(says(at.partner->done(address + "/accept", {{"contact", "Kim, 07700 900111"}}),
             "You have accepted this handover"));
  at.sync();
  const auto read = at.prison->page(address);
  CHECK(says(read, "Read by Jo Made-Up, Bridge Trust, on 15 January 2027"));
  CHECK(says(read, "Accepted by Jo Made-Up, Bridge Trust"));
  CHECK(says(read, "Who takes it at the partner: Kim, 07700 900111"));
}

}  // namespace throughgate::node::testing
