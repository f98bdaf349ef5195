// The handover code, as both ends of a telephone see it.
#include <catch_amalgamated.hpp>
#include <regex>

#include "tests/node/web/pages/handovers/handover_world.h"

namespace throughgate::node::testing {

TEST_CASE("the partner reads the code from its page, and the prison types it into its own",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.shared();
  CHECK(says(world.at_partner.page(address), "Make a handover code"));
  CHECK(says(world.at_prison.page(address), "Enter the partner's code"));

  const auto spoken = text_of_page(world.at_partner.page(address + "/code"));
  std::smatch code;
  REQUIRE(std::regex_search(spoken, code, std::regex(R"( (\d{3} \d{3}) )")));
  CHECK(says(world.at_prison.fill_in(address + "/confirm-code", {{"code", "12345"}}),
             "A handover code has six figures."));
  const auto after = world.at_prison.done(address + "/confirm-code", {{"code", code[1].str()}});
  CHECK(says(after, "The code fits."));
  CHECK(says(after, "Confirmed by the partner's code"));
  CHECK(says(after, "The partner's code fitted on the telephone; their answer has to arrive"));
}

TEST_CASE("each end is offered its own side of the code only", "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.shared();
  CHECK(world.at_prison.get(address + "/code").status == 403);
  CHECK(world.at_partner.get(address + "/confirm-code").status == 403);
  CHECK_FALSE(says(world.at_prison.page(address), "Make a handover code"));
  CHECK_FALSE(says(world.at_partner.page(address), "Enter the partner's code"));
}

TEST_CASE("that a code fitted is typed nowhere else", "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.shared();
  for (const char* page : {"/change/sharing", "/change/notes", "/change/gate-plan"}) {
    const auto form = world.at_prison.get(address + page);
    CHECK(form.body.find("confirmed-by-code") == std::string::npos);
    CHECK(form.body.find("confirmed_by_code") == std::string::npos);
  }
}

}  // namespace throughgate::node::testing
