// Another handover in the place of one that was declined, held or stopped.
#include <catch_amalgamated.hpp>

#include "tests/node/web/pages/handovers/handover_world.h"

namespace throughgate::node::testing {

TEST_CASE("a handover that was declined goes on with another partner, and nothing is typed twice",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.shared();
  world.at_prison.done(address + "/flags/new", {{"kind", "DO_NOT"},
                                                {"instruction", "Meet in a public place only"},
                                                {"standing", "IN_FORCE"}});
  world.sync_all();
  CHECK(world.at_prison.get(address + "/again").status == 403);  // it is still going on
  world.at_partner.done(address + "/decline", {{"reason", "NO_CAPACITY"}, {"note", ""}});
  world.sync_all();
  const auto declined = world.at_prison.page(address);
  CHECK(says(declined, "Begin another handover for another partner"));
  CHECK(declined.find("href=\"" + address + "/again\"") != std::string::npos);
  CHECK(world.at_partner.get(address + "/again").status == 403);

  const auto begun = world.at_prison.fill_in(address + "/again", {});
  REQUIRE(begun.status == 303);
  const auto again = begun.location.substr(0, begun.location.find('?'));
  CHECK(again != address);
  const auto page = world.at_prison.page(begun.location);
  for (const char* words : {"The draft was begun", "Alex Example, release 4 December 2026",
                            "Meet in a public place only", "somewhere to live", "A1234BC",
                            "not near the old town", "This handover replaces an earlier one"}) {
    INFO(words << "\n" << text_of_page(page));
    CHECK(says(page, words));
  }
  CHECK(page.find("href=\"" + address + "\"") != std::string::npos);
  CHECK_FALSE(says(page, "123456"));  // the code is the other partner's
  CHECK_FALSE(says(page, "No capacity"));
  CHECK(says(world.at_prison.page(address), "Declined"));
}

TEST_CASE("on hold says that it is not taken up again, and another one can be begun",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.accepted();
  CHECK(says(world.at_prison.page(address + "/stop"), "It cannot be taken up again"));
  const auto held =
      world.at_prison.done(address + "/stop", {{"state", "HELD"}, {"note", "in hospital"}});
  CHECK(says(held, "It is on hold: begin another handover when it goes on"));
  CHECK(held.find("href=\"" + address + "/again\"") != std::string::npos);
  REQUIRE(world.at_prison.fill_in(address + "/again", {}).status == 303);
  world.sync_all();
  CHECK_FALSE(says(world.at_partner.page(address), "begin another"));

  const auto stopped =
      world.at_prison.done(address + "/stop", {{"state", "SUPERSEDED"}, {"note", "another"}});
  CHECK(says(stopped, "If it goes on after all, begin another handover"));
}

}  // namespace throughgate::node::testing
