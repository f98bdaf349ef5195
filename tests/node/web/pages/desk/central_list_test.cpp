// The central list itself, by pages.
#include <catch_amalgamated.hpp>

#include "node/dossier_kinds.h"
#include "sync/program_number.h"
#include "tests/node/web/pages/desk/desk_world.h"

namespace throughgate::node::testing {
namespace {

const std::string list_page = "/central-team/list";

}  // namespace

TEST_CASE("the page of the list says its version, who signed it and until when it is good",
          "[pages][desk]") {
  DeskWorld at;
  const auto page = at.at_desk.page(list_page);
  CHECK(says(page, "Version " + std::to_string(at.list().version())));
  CHECK(says(page, "This computer, with the key of these words"));
  CHECK(says(page, "One, on this computer: a trial"));
  CHECK(says(page, "Good until 16 March 2027"));
  CHECK_FALSE(says(page, "runs out within 14 days"));
  at.world.now_ms += 50 * day_ms;
  CHECK(says(at.at_desk.page(list_page), "runs out within 14 days"));
  const auto renewed = at.at_desk.send(at.at_desk.get(list_page), list_page + "/renew", {});
  REQUIRE(renewed.status == 303);
  CHECK(says(at.at_desk.page(renewed.location), "good for 60 days from now"));
  CHECK(at.list().expires_at_ms() == at.world.now_ms + directory_ms_max);
}

TEST_CASE("a snapshot is made by a page", "[pages][desk]") {
  DeskWorld at;
  CHECK(says(at.at_desk.page(list_page), "None: they read every version"));
  const auto made = at.at_desk.send(at.at_desk.get(list_page), list_page + "/snapshot", {});
  REQUIRE(made.status == 303);
  CHECK(says(at.at_desk.page(made.location), "Of version " + std::to_string(at.list().version())));
}

TEST_CASE("the oldest program and way of exchanging are asked for by a page, never newer than here",
          "[pages][desk]") {
  DeskWorld at;
  const std::string oldest = list_page + "/oldest";
  const auto version = at.list().version();
  const auto newer = std::to_string(sync::program_number + 1);
  for (const char* wrong : {"", "x", "-1", "1e3", "9999999999", newer.c_str()}) {
    CHECK(at.at_desk.fill_in(oldest, {{"program", wrong}, {"protocol", "1"}}).status == 422);
    CHECK(at.at_desk.fill_in(oldest, {{"program", "1"}, {"protocol", wrong}}).status == 422);
  }
  CHECK(at.list().version() == version);
  at.at_desk.done(oldest, {{"program", "1"}, {"protocol", "0"}});
  CHECK(at.list().minimum_program() == 1);
  CHECK(at.list().minimum_protocol() == 0);
  CHECK(at.list().volunteers_shared_with_desk());  // what was not asked about stays
}

TEST_CASE(
    "the oldest way of exchanging that is asked for is one that the central team's own computer "
    "has",
    "[desk]") {
  DeskWorld at;
  must(at.desk.desk().require_at_least({.protocol = sync::protocol_number}));
  must(at.desk.sync(at.hub));
  must(at.prison.sync(at.hub));
  CHECK(at.prison.node->directory().minimum_protocol() == sync::protocol_number);
  CHECK_FALSE(sync::needs_update(at.prison.node->directory()));
  const auto shut_out = at.desk.desk().require_at_least({.protocol = sync::protocol_number + 1});
  REQUIRE_FALSE(shut_out);
  CHECK(shut_out.error().kind == sync::ErrorKind::invalid);
  CHECK_FALSE(at.desk.desk().require_at_least({}));
}

TEST_CASE("whether new volunteers are shared with the central team is decided by a page",
          "[pages][desk]") {
  DeskWorld at;
  const std::string volunteers = list_page + "/volunteers";
  const auto shared_with_desk = [&] {
    must(at.desk.sync(at.hub));
    must(at.prison.sync(at.hub));
    const auto members = must(members_of_new(schema::VOLUNTEER, *at.prison.node));
    return members.size() == 2;
  };
  CHECK(shared_with_desk());
  CHECK(at.at_desk.fill_in(volunteers, {{"shared", "maybe"}}).status == 422);
  CHECK(at.at_desk.fill_in(volunteers, {{"shared", "yes"}}).status == 422);  // it is so already
  CHECK(says(at.at_desk.done(volunteers, {{"shared", "no"}}),
             "Stay with the site that records them"));
  CHECK_FALSE(shared_with_desk());
  CHECK(at.list().minimum_protocol() == 1);  // what was not asked about stays
  at.at_desk.done(volunteers, {{"shared", "yes"}});
  CHECK(shared_with_desk());
}

TEST_CASE("the wait of an exchange that has begun anew is ended for all records by a page",
          "[pages][desk]") {
  DeskWorld world;
  const auto before = world.list().version();
  CHECK(world.at_desk.post("/central-team/waiting-at-exchange", {}).status == 422);
  CHECK(world.at_desk.post("/central-team/waiting-at-exchange", {{"which", "all"}}).status == 303);
  CHECK(world.list().version() == before + 1);
}

}  // namespace throughgate::node::testing
