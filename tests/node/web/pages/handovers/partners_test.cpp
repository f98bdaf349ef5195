// Who takes part, as the prison's pages change it, and what was written too late.
#include <catch_amalgamated.hpp>

#include "node/sharing/no_longer_shared.h"
#include "tests/node/web/pages/handovers/handover_world.h"

namespace throughgate::node::testing {

TEST_CASE("the prison stops sharing on a page that says what that means, and sees who has deleted",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.shared();
  const auto before = world.at_prison.page(address);
  CHECK(says(before, "Stop sharing with somebody"));
  CHECK_FALSE(says(before, "Who could see this before"));
  CHECK(says(world.at_prison.page(address + "/remove-partner"), "cannot be called back"));
  CHECK(says(world.at_prison.fill_in(address + "/remove-partner",
                                     {{"organisation", world.partner_id().hex()}}),
             "Enter why"));
  world.at_prison.done(address + "/remove-partner", {{"organisation", world.partner_id().hex()},
                                                     {"reason", "They have closed"}});
  world.sync_all();
  CHECK(must(delete_what_is_no_longer_shared(*world.partner.node)) == 1);
  CHECK(says(world.at_prison.page(address), "has not said yet that it has deleted its copy"));
  world.sync_all();
  const sync::DossierId id =
      *sync::DossierId::from(*crypto::from_hex(address.substr(address.rfind('/') + 1)));
  world.set(world.prison, id, "meeting-place", "Side gate");
  world.sync_all();
  const auto after = world.at_prison.page(address);
  CHECK(says(after, "Bridge Trust could see this from"));
  // What left is named, and not what came later.
  const auto at = after.find("What could reach them by then:");
  REQUIRE(at != std::string::npos);
  const auto reached = after.substr(at, after.find('.', at) - at);
  CHECK(says(reached, "Name, date of birth, numbers"));
  CHECK_FALSE(says(reached, "Plan for the gate"));
  CHECK(says(after, "They have closed"));
  CHECK(says(after, "says that it deleted its copy on"));
  CHECK(says(after, "Ready to send"));
  CHECK(world.at_partner.get(address).status == 404);
}

TEST_CASE("whom to ring at a partner is not shown once another has the handover, or nobody has",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.shared();
  world.sync_all();
  world.at_partner.done(address + "/accept", {{"contact", "Robin Inventedson, 07700 900321"}});
  world.sync_all();
  REQUIRE(says(world.at_prison.page(address), "Robin Inventedson"));
  world.at_prison.done(address + "/remove-partner", {{"organisation", world.partner_id().hex()},
                                                     {"reason", "They have closed"}});
  const auto page = world.at_prison.page(address);
  const auto history = page.find("What happened<");
  REQUIRE(history != std::string::npos);
  CHECK_FALSE(says(page.substr(0, history), "Robin Inventedson"));
}

TEST_CASE("the partner may not say who takes part", "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.shared();
  for (const char* page :
       {"/remove-partner", "/add-partner", "/backup", "/use-backup", "/move-to"}) {
    CAPTURE(page);
    CHECK(world.at_partner.get(address + page).status == 403);
  }
  CHECK_FALSE(says(world.at_partner.page(address), "Stop sharing with somebody"));
}

TEST_CASE("somebody more is let take part, and a backup partner named and handed it to, by pages",
          "[pages][handover]") {
  HandoverWorld world;
  const auto stranger = world.stranger.node->identity().organisation;
  must(world.desk.desk().agree({world.prison.node->identity().organisation,
                                stranger,
                                {static_cast<std::uint32_t>(schema::CASE)},
                                world.world.now_ms + 300 * day_ms,
                                {}}));
  world.sync_all();
  auto ground = world.ground();
  ground.front().second = stranger.hex();
  const auto address = world.shared();
  world.at_prison.done(address + "/basis", ground);
  const auto added = world.at_prison.done(
      address + "/add-partner",
      {{"organisation", stranger.hex()}, {"part", "reader"}, {"reason", "They asked"}});
  CHECK(says(added, "Other Trust"));
  world.sync_all();
  CHECK(world.at_stranger.get(address).status == 200);

  const auto another = world.shared();
  world.at_prison.done(another + "/basis", ground);
  CHECK(says(world.at_prison.done(another + "/backup", {{"organisation", stranger.hex()}}),
             "Other Trust"));
  world.at_prison.done(another + "/use-backup", {{"reason", "No answer"}});
  world.sync_all();
  CHECK(world.at_stranger.get(another).status == 200);
}

TEST_CASE("what the partner wrote too late is taken over on a page, or put aside with a reason",
          "[pages][handover]") {
  HandoverWorld world;
  Visitor prison{world.prison, world.codes, {web::add_handover_pages, web::add_late_pages}};
  Visitor partner{world.partner, world.codes, {web::add_late_pages}};
  CHECK(says(prison.page("/late"), "Nothing waits."));
  const auto id = world.shared_handover();
  world.set(world.partner, id, "contact-route", "Rosemary hostel");
  world.set(world.partner, id, "communication-needs", "Speaks slowly");
  const std::string address = "/handovers/" + id.hex();
  prison.done(address + "/remove-partner",
              {{"organisation", world.partner_id().hex()}, {"reason", "They have closed"}});
  must(world.prison.sync(world.hub));
  world.sync_all();
  must(delete_what_is_no_longer_shared(*world.partner.node));
  CHECK(says(partner.page("/late"), "Rosemary hostel"));
  CHECK_FALSE(says(partner.page("/late"), "Take it over"));
  const auto list = prison.get("/late");
  CHECK(says(list, "Bridge Trust wrote this, and it could not be added"));
  CHECK(says(list, "Bridge Trust was no longer part of this handover"));
  const auto action = [](const std::string& body, const std::string& what) {
    const auto end = body.find("/" + what + "\"");
    return body.substr(body.rfind('"', end) + 1, end + 1 + what.size() - body.rfind('"', end) - 1);
  };
  const auto taken = prison.send(list, action(list.body, "take"), {});
  CHECK(taken.status == 303);
  CHECK(says(prison.page(address), "Rosemary hostel"));
  const auto rest = prison.get("/late");
  CHECK(says(rest, "Speaks slowly"));
  CHECK_FALSE(says(rest, "Rosemary hostel"));
  const auto aside = action(rest.body, "aside");
  CHECK(says(prison.fill_in(aside, {{"reason", " "}}), "Enter why it is put aside"));
  CHECK(says(prison.done(aside, {{"reason", "known already"}}), "Nothing waits."));
}

}  // namespace throughgate::node::testing
