// A handover that others have stopped: where it is said, and to whom.
#include <catch_amalgamated.hpp>

#include "tests/node/web/pages/handovers/handover_world.h"

namespace throughgate::node::testing {
namespace {

struct Recalled {
  HandoverWorld world;
  std::string address = world.accepted();
  Visitor partner_start{world.partner, world.codes, {web::add_home_page}};
  Visitor desk_start{world.desk, world.codes, {web::add_home_page, web::add_handover_pages}};

  Recalled() {
    world.at_partner.done(address + "/plan",
                          {{"meeting-place", "Main gate"}, {"meeting-time", "8:30"}});
    world.at_partner.done(address + "/read", {{"all", "1"}});
    world.sync_all();
    world.at_prison.done(address + "/read", {{"all", "1"}});
    world.at_prison.done(address + "/stop",
                         {{"state", "RECALLED"}, {"note", "back in custody in Leeds"}});
  }
};

constexpr char to_do[] =
    "Stopped on 15 January 2027: Recalled to prison. Tell whoever was to go to the gate, then mark "
    "it as read";

}  // namespace

TEST_CASE(
    "a partner is told of a stop on every page where work is looked for, until it has read it",
    "[pages][handover][stop]") {
  Recalled told;
  auto& partner = told.world.at_partner;
  CHECK_FALSE(says(told.partner_start.page("/"), "has stopped"));
  told.world.sync_all();
  CHECK(says(told.partner_start.page("/"),
             "Waiting for you 1 handover has stopped: read why 1 handover needs you 1 change to "
             "read in 1 handover"));
  CHECK(told.partner_start.page("/").find("href=\"/handovers?needs=stopped\"") !=
        std::string::npos);
  const auto other = told.world.accepted();  // goes on, with changes to read
  told.world.at_partner.done(other + "/read", {{"all", "1"}});
  told.world.sync_all();
  const auto listed = [&](const std::string& query) {
    const auto page = text_of_page(partner.page("/handovers" + query));
    std::size_t count = 0;
    for (auto at = page.find("Alex Example"); at != std::string::npos; ++count) {
      at = page.find("Alex Example", at + 1);
    }
    return count;
  };
  CHECK(listed("") == 2);
  CHECK(listed("?needs=stopped") == 1);
  CHECK(says(partner.page("/handovers?needs=stopped"), "Recalled to prison"));
  CHECK(listed("?needs=unread") == 1);

  CHECK(says(partner.page("/handovers"), to_do));
  CHECK(says(partner.page("/handovers?needs=us"), "Alex Example 1 to read"));
  CHECK(says(partner.page(told.address), std::string("What to do next ") + to_do));
  const auto page = partner.page(told.address + "/read");
  CHECK(says(page,
             "Stopped It stood at Planned Now stands at Recalled to prison More about why it "
             "stopped back in custody in Leeds Stopped by Jo Made-Up, HMP Example, "));
  CHECK(says(page, "What to do Tell whoever was to go to the gate I have read this : Stopped"));

  partner.done(told.address + "/read", {{"change", hidden_fields(page).at(0).second}});
  CHECK_FALSE(says(told.partner_start.page("/"), "stopped"));
  CHECK(listed("") == 1);
  CHECK(listed("?needs=stopped") == 0);
  CHECK(listed("?needs=unread") == 0);
  CHECK(says(partner.page("/handovers?stage=over"), "Alex Example"));
  CHECK(says(partner.page(told.address + "/read"), "Nothing waits for you here."));
}

TEST_CASE("the prison sees that its stop has been read, and until then that it has not",
          "[pages][handover][stop]") {
  Recalled told;
  told.world.sync_all();
  auto& prison = told.world.at_prison;
  const std::string not_read = "The partner has not said yet that it has read this: ring them";
  CHECK(says(prison.page(told.address), not_read));
  // The release has passed: there is nothing to wait for.
  CHECK(says(prison.page("/handovers?needs=us"), not_read));
  Visitor prison_start{told.world.prison, told.world.codes, {web::add_home_page}};
  CHECK(says(prison_start.page("/"), "1 handover needs you"));
  told.world.at_partner.done(told.address + "/read", {{"all", "1"}});
  told.world.sync_all();
  const auto page = prison.page(told.address);
  CHECK_FALSE(says(page, not_read));
  CHECK_FALSE(says(prison.page("/handovers"), "Alex Example"));
  CHECK_FALSE(says(prison_start.page("/"), "needs you"));
  CHECK(says(page,
             "Arrived at Bridge Trust (A PC) Read by Jo Made-Up, Bridge Trust, on 15 January "
             "2027"));
  CHECK(says(page, "Stage: Recalled to prison"));  // what was read, where the reading is told
  CHECK_FALSE(says(told.desk_start.page("/"), "stopped"));
}

TEST_CASE("a partner that planned before it heard of the stop is told what did not apply",
          "[pages][handover][stop]") {
  HandoverWorld world;
  const auto address = world.shared();
  world.at_prison.done(address + "/stop", {{"state", "DIED"}, {"note", "this morning"}});
  must(world.prison.sync(world.hub));
  world.at_partner.done(address + "/read", {{"all", "1"}});
  world.at_partner.done(address + "/accept", {{"contact", "Kim, 07700 900111"}});
  world.at_partner.done(address + "/plan",
                        {{"meeting-place", "Main gate"}, {"meeting-time", "8:30"}});
  world.sync_all();
  CHECK(says(world.at_partner.page("/handovers"),
             "Stopped on 15 January 2027: Died. Tell whoever "
             "was to go to the gate"));
  CHECK(says(world.at_partner.page(address + "/read"),
             "Now stands at Died More about why it stopped this morning Your steps that did not "
             "apply Accepted, Planned"));
}

}  // namespace throughgate::node::testing
