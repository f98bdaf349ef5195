// A do or don't is never told without saying which of the two it is.
#include <catch_amalgamated.hpp>

#include "tests/node/web/pages/handovers/handover_world.h"

namespace throughgate::node::testing {
namespace {

const char* const alone = "Be alone with children";

std::string flag_page(const std::string& page, const std::string& address) {
  const auto at = page.find("href=\"" + address + "/flags/") + 6;
  return page.substr(at, page.find('"', at) - at);
}

// Each time the page says `words`, it says so after one of the two.
bool says_which(const std::string& body, const std::string& words) {
  const auto page = text_of_page(body);
  INFO(page);
  bool out = page.find(words) != std::string::npos;
  for (auto at = page.find(words); at != std::string::npos; at = page.find(words, at + 1)) {
    const auto before = page.substr(0, at);
    const bool named = before.ends_with("Do not: ") || before.ends_with("Do: ") ||
                       before.ends_with("Do not ") || before.ends_with("Do ") ||
                       before.ends_with("Change ");  // the link beside the list
    CHECK(named);
    out = out && named;
  }
  return out;
}

struct Told {
  HandoverWorld world;
  std::string address = world.accepted();
  std::string flag;

  Told() {
    world.at_partner.done(address + "/read", {{"all", "1"}});
    world.at_prison.done(address + "/flags/new", {{"kind", "DO_NOT"}, {"instruction", alone}});
    flag = flag_page(world.at_prison.page(address), address);
    world.sync_all();
  }
};

}  // namespace

TEST_CASE("what not to do is told with its \"Do not\" wherever it is told", "[pages][handover]") {
  Told told;
  auto& partner = told.world.at_partner;
  const auto waiting = partner.page(told.address + "/read");
  CHECK(says(waiting, "What to do Now says Do not: Be alone with children"));
  CHECK_FALSE(says(waiting, "It said"));
  CHECK(says_which(waiting, alone));
  CHECK(says_which(partner.page(told.address), alone));
  partner.done(told.address + "/read", {{"all", "1"}});
  told.world.sync_all();
  for (const Visitor* site : {&partner, &told.world.at_prison}) {
    const auto page = site->page(told.address);
    CHECK(says_which(page, alone));
    CHECK(says(page, "What to do: Do not: Be alone with children"));
    CHECK(says(page, "Do or don't added"));
    CHECK_FALSE(says(page, "Do or don't changed"));
  }
}

TEST_CASE("a do not that becomes a do is told as plainly, and has to be read",
          "[pages][handover]") {
  Told told;
  auto& partner = told.world.at_partner;
  partner.done(told.address + "/read", {{"all", "1"}});
  told.world.sync_all();
  told.world.at_prison.done(told.flag, {{"kind", "DO"}});
  told.world.sync_all();
  const auto waiting = partner.page(told.address + "/read");
  CHECK(
      says(waiting, "It said Do not: Be alone with children Now says Do: Be alone with children"));
  CHECK(says_which(waiting, alone));
  const auto page = partner.page(told.address);
  CHECK(says_which(page, alone));
  CHECK(says(page, "What to do: Do: Be alone with children"));
  CHECK(says(page, "Do or don't changed"));
  // What was said and read before is told as it was then.
  CHECK(says(page, "What to do: Do not: Be alone with children"));
  partner.done(told.address + "/read", {{"all", "1"}});
  CHECK(says(partner.page(told.address + "/read"), "Nothing waits for you here."));
}

TEST_CASE("a do or don't that ends is told with all that it said", "[pages][handover]") {
  Told told;
  told.world.at_prison.done(told.flag, {{"standing", "ENDED"}});
  told.world.sync_all();
  const auto waiting = told.world.at_partner.page(told.address + "/read");
  CHECK(says(waiting, "Standing of \"Do not: Be alone with children\""));
}

TEST_CASE("a change that waits to be read says what it said before", "[pages][handover]") {
  Told told;
  const auto date = [&](const char* day) {
    told.world.at_prison.done(
        told.address + "/change/release",
        {{"release-date-day", day}, {"release-date-month", "12"}, {"release-date-year", "2026"}});
  };
  date("10");
  date("12");
  told.world.sync_all();
  // Before both of them: nobody at the partner has read the first.
  CHECK(says(told.world.at_partner.page(told.address + "/read"),
             "Expected release date It said 4 December 2026 Now says 12 December 2026"));
}

}  // namespace throughgate::node::testing
