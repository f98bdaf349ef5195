// Handovers that the partner has not confirmed though the release is near.
#include <catch_amalgamated.hpp>

#include "tests/node/web/pages/handovers/handover_world.h"

namespace throughgate::node::testing {
namespace {

constexpr char list[] = "/handovers/not-confirmed";

struct Near {
  HandoverWorld world;
  Visitor prison_start{world.prison, world.codes, {web::add_home_page}};
  Visitor partner_start{world.partner, world.codes, {web::add_home_page}};

  explicit Near(const std::string& released) { world.release_on = released; }
};

}  // namespace

TEST_CASE("a handover that the partner has not confirmed near the release is on the prison's pages",
          "[pages][handover][unconfirmed]") {
  Near near("2027-01-25");  // in ten days
  auto& world = near.world;
  CHECK(says(world.at_prison.page(list), "Every partner has confirmed what is due"));
  CHECK_FALSE(says(near.prison_start.page("/"), "not confirmed"));
  const auto address = world.shared();
  const auto page = world.at_prison.page(list);
  CHECK(says(
      page,
      "Alex Example Has not answered 25 January 2027 Bridge Trust Nobody else has an agreement"));
  CHECK(page.find("href=\"" + address + "\"") != std::string::npos);
  const auto start = near.prison_start.page("/");
  CHECK(says(start, "1 handover is not confirmed by the partner"));
  CHECK(start.find("href=\"/handovers/not-confirmed\"") != std::string::npos);
  CHECK(world.at_prison.page("/handovers").find("href=\"/handovers/not-confirmed\"") !=
        std::string::npos);

  world.at_partner.done(address + "/accept", {{"contact", "Kim, 07700 900111"}});
  world.sync_all();
  CHECK(says(world.at_prison.page(list), "not read there"));
  world.at_partner.done(address + "/read", {{"all", "1"}});
  world.sync_all();
  CHECK(says(world.at_prison.page(list), "Every partner has confirmed what is due"));
  CHECK_FALSE(says(near.prison_start.page("/"), "not confirmed"));
}

TEST_CASE("who else might be asked stands beside a handover that is not confirmed",
          "[pages][handover][unconfirmed]") {
  Near near("2027-01-25");
  must(near.world.desk.desk().agree({near.world.prison.node->identity().organisation,
                                     near.world.stranger.node->identity().organisation,
                                     {static_cast<std::uint32_t>(schema::CASE)},
                                     near.world.world.now_ms + 300 * day_ms,
                                     {}}));
  near.world.sync_all();
  near.world.shared();
  CHECK(says(near.world.at_prison.page(list), "25 January 2027 Bridge Trust Other Trust"));
}

TEST_CASE("a release that is not near asks nobody to ring", "[pages][handover][unconfirmed]") {
  Near near("2027-02-20");
  near.world.shared();
  CHECK(says(near.world.at_prison.page(list), "Every partner has confirmed what is due"));
  CHECK_FALSE(says(near.prison_start.page("/"), "not confirmed"));
}

TEST_CASE("it is the prison's to ring: a partner's pages list nothing as not confirmed",
          "[pages][handover][unconfirmed]") {
  Near near("2027-01-25");
  auto& world = near.world;
  world.shared();
  CHECK(says(world.at_prison.page(list), "Has not answered"));
  CHECK(says(world.at_partner.page(list), "Every partner has confirmed what is due"));
  CHECK_FALSE(says(near.partner_start.page("/"), "not confirmed"));
  CHECK(world.at_partner.page("/handovers").find("not-confirmed") == std::string::npos);
}

}  // namespace throughgate::node::testing
