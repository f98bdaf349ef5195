// Which partners are offered to share with, and that no other can be chosen.
#include <catch_amalgamated.hpp>

#include "tests/node/web/pages/handovers/handover_world.h"

namespace throughgate::node::testing {
namespace {

// The choices that a page offers for the partner.
std::vector<std::string> partners_on(const std::string& page) {
  static const std::string begin = "name=\"partner\" type=\"radio\" value=\"";
  std::vector<std::string> out;
  for (auto at = page.find(begin); at != std::string::npos; at = page.find(begin, at + 1)) {
    const auto value = at + begin.size();
    out.push_back(page.substr(value, page.find('"', value) - value));
  }
  return out;
}

}  // namespace

TEST_CASE("only partners with an agreement in force are offered, for the ground and for sharing",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.draft();
  const std::vector<std::string> agreed{world.partner_id().hex()};
  for (const char* step : {"/basis", "/share"}) {
    const auto page = world.at_prison.page(address + step);
    INFO(text_of_page(page));
    CHECK(partners_on(page) == agreed);
    CHECK(says(page, "No current agreement here: Other Trust"));
  }
  // Agreements end.
  world.world.now_ms += 301 * day_ms;
  for (const char* step : {"/basis", "/share"}) {
    const auto page = world.at_prison.page(address + step);
    CHECK(partners_on(page).empty());
    CHECK(says(page, "There is no partner with a current sharing agreement"));
    CHECK(says(page, "No current agreement here: Bridge Trust, Other Trust"));
  }
}

TEST_CASE("a partner that is not offered cannot be chosen all the same", "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.draft();
  const auto stranger = world.stranger.node->identity().organisation.hex();
  auto ground = world.ground();
  ground[0].second = stranger;
  for (const auto& refused :
       {world.at_prison.fill_in(address + "/basis", ground),
        world.at_prison.fill_in(address + "/share", {{"partner", stranger}})}) {
    CHECK(refused.status == 422);
    CHECK(says(refused, "Select one of the answers that are offered now"));
  }
  world.sync_all();
  CHECK(world.at_stranger.get(address).status == 404);
}

TEST_CASE("each partner is offered with what still stands in the way", "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.draft();
  CHECK(says(world.at_prison.page(address + "/share"),
             "Bridge Trust No ground for sharing with Bridge Trust is recorded"));
  world.at_prison.done(address + "/basis", world.ground());
  const auto page = world.at_prison.page(address + "/share");
  CHECK(says(page, "Bridge Trust The ground for sharing is recorded."));
  CHECK_FALSE(says(page, "No ground for sharing"));
}

TEST_CASE("consent is no ground where the person has said no, and nothing is said to be shared yet",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.draft();
  CHECK_FALSE(says(world.at_prison.page(address + "/share"), "Nothing was shared"));
  CHECK(says(world.at_prison.page(address + "/basis"), "What will be shared"));
  const auto asked = world.at_prison.page(address + "/change/sharing");
  CHECK(asked.find("CONSENT_NOT_RECORDED") == std::string::npos);  // the empty answer says that
  const auto person = world.at_prison.page(address + "/change/person");  // prisons go by name
  CHECK(person.find(">Ashfield (HMP)<") < person.find(">Askham Grange (HMP &amp; YOI)<"));
  world.at_prison.done(address + "/change/sharing", {{"consent", "CONSENT_REFUSED"}});
  auto by_consent = world.ground();
  for (auto& [name, value] : by_consent) {
    if (name == "ground") value = "CONSENT";
  }
  const auto refused = world.at_prison.fill_in(address + "/basis", by_consent);
  CHECK(refused.status == 422);
  CHECK(says(refused,
             "consent is not recorded as given. Record it at \"Consent, sender and partner\""));
  CHECK(refused.body.find("href=\"#ground\"") != std::string::npos);
  world.at_prison.done(address + "/change/sharing", {{"consent", "CONSENT_GIVEN"}});
  world.at_prison.done(address + "/basis", by_consent);
}

TEST_CASE("a ground for sharing can be corrected and ended, and then nothing is shared on it",
          "[pages][handover]") {
  HandoverWorld world;
  const auto address = world.draft();
  const auto recorded = world.at_prison.done(address + "/basis", world.ground());
  CHECK(says(recorded, "Bridge Trust: Public task, support after release. In force."));
  CHECK(says(recorded, "Covers: How to reach the person;"));
  const std::string mark = "href=\"" + address + "/grounds/";
  const auto from = recorded.find(mark);
  REQUIRE(from != std::string::npos);
  const auto link = recorded.substr(from + 6, recorded.find('"', from + 6) - from - 6);
  CHECK(says(world.at_prison.done(link, {{"purpose", "finding a home"}}),
             "Bridge Trust: Public task, finding a home. In force."));
  CHECK(says(world.at_prison.done(link, {{"standing", "ENDED"}}), "finding a home. Ended."));
  const auto shared =
      world.at_prison.fill_in(address + "/share", {{"partner", world.partner_id().hex()}});
  CHECK(shared.status == 422);
  CHECK(says(shared, "Sharing with this partner has ended or is disputed. Nothing was shared."));
}

}  // namespace throughgate::node::testing
