// The list of who takes part, and withdrawing a computer by page.
#include <catch_amalgamated.hpp>

#include "node/hub_visit.h"
#include "tests/node/web/pages/desk/desk_world.h"

namespace throughgate::node::testing {
namespace {

struct Withdrawing : DeskWorld {
  std::string organisation =
      "/central-team/organisations/" + partner.node->identity().organisation.hex();
  std::string computer = "/central-team/computers/" + partner.node->identity().node.hex();
  std::string withdraw = computer + "/withdraw";

  const sync::EnrolledNode& listed() { return *list().node(partner.node->identity().node); }
};

}  // namespace

TEST_CASE("the central team's pages list organisations and computers, and when each was heard of",
          "[pages][desk]") {
  Withdrawing at;
  at.shared_handover();
  const auto all = at.at_desk.page("/central-team/organisations");
  CHECK(says(all, "HMP Example"));
  CHECK(says(all, "Bridge Trust"));
  CHECK_FALSE(link_on(all, at.organisation).empty());
  const auto one = at.at_desk.page(at.organisation);
  CHECK(says(one, "In use") == false);
  CHECK(says(one, "in use"));
  CHECK(says(one, "January 2027"));  // last heard of
  CHECK_FALSE(link_on(one, at.computer).empty());
  CHECK(says(at.at_desk.page(at.computer), "Bridge Trust"));
  CHECK(at.at_desk.get("/central-team/organisations/" + std::string(32, '0')).status == 404);
  CHECK(at.at_desk.get("/central-team/computers/" + std::string(32, '0')).status == 404);
  CHECK(at.at_desk.get("/central-team/computers/zz").status == 404);
}

TEST_CASE("a computer is withdrawn by a page, which shows the new keys until all are made",
          "[pages][desk][revoke]") {
  Withdrawing at;
  at.shared_handover();
  CHECK(says(at.at_desk.page(at.withdraw), "There is no way back"));
  CHECK_FALSE(at.listed().revoked_in);
  const auto gone = at.at_desk.done(
      at.withdraw,
      {{"reason", "stolen"}, {"since-day", "4"}, {"since-month", "1"}, {"since-year", "2027"}});
  CHECK(says(gone, "The computer is withdrawn"));
  CHECK(says(gone, "withdrawn: stolen"));
  CHECK(at.listed().reason == sync::RevocationReason::stolen);
  CHECK(at.listed().suspect_since_ms / day_ms == 20'821);  // late on 3 January: an hour before it
  CHECK(says(at.at_desk.page("/central-team"), "0 of 1 record"));
  CHECK(at.partner.sync(at.hub).has_value());  // the exchange has not heard yet
  must(at.desk.sync(at.hub));
  CHECK_FALSE(at.partner.sync(at.hub));
  for (TestSite* site : {&at.prison, static_cast<TestSite*>(&at.desk), &at.prison}) {
    LinkMemory link;
    must(visit_hub(*site->node, at.hub, site->folder, link));
  }
  CHECK(says(at.at_desk.page("/central-team"), "1 of 1 record"));
}

TEST_CASE("a computer that is no longer used is withdrawn by a page only once somebody has looked",
          "[pages][desk][revoke]") {
  Withdrawing at;
  const auto refused = at.at_desk.fill_in(at.withdraw, {{"reason", "retired"}});
  CHECK(refused.status == 422);
  CHECK(says(refused, "Select what it has not sent"));
  CHECK_FALSE(at.listed().revoked_in);
  at.at_desk.done(at.withdraw, {{"reason", "retired"}, {"unsent", "none"}});
  CHECK(at.listed().reason == sync::RevocationReason::retired);
}

TEST_CASE("what cannot be withdrawn is said beside the question, and nothing is signed",
          "[pages][desk][revoke]") {
  Withdrawing at;
  const auto version = at.list().version();
  const auto tried = [&](const Typed& typed) { return at.at_desk.fill_in(at.withdraw, typed); };
  CHECK(says(tried({}), "Select why it is withdrawn"));
  CHECK(tried({{"reason", "because"}}).status == 422);
  CHECK(
      tried(
          {{"reason", "stolen"}, {"since-day", "31"}, {"since-month", "2"}, {"since-year", "2027"}})
          .status == 422);
  CHECK(says(tried({{"reason", "stolen"},
                    {"since-day", "4"},
                    {"since-month", "12"},
                    {"since-year", "2099"}}),
             "a time that has not come yet"));
  const auto own = "/central-team/computers/" + at.desk.node->identity().node.hex();
  CHECK(at.at_desk.page(own).find("/withdraw") == std::string::npos);
  CHECK(at.at_desk.post(own + "/withdraw", {{"reason", "stolen"}}).status == 403);
  CHECK(at.list().version() == version);
}

TEST_CASE("more is said of a withdrawn computer by the same page", "[pages][desk][revoke]") {
  Withdrawing at;
  at.at_desk.done(at.withdraw, {{"reason", "lost"}});
  const auto page = at.at_desk.page(at.withdraw);
  CHECK(says(page, "Say more about a withdrawn computer"));
  CHECK_FALSE(says(page, "There is no way back"));
  const auto said = at.at_desk.done(
      at.withdraw,
      {{"reason", "stolen"}, {"since-day", "4"}, {"since-month", "1"}, {"since-year", "2027"}});
  CHECK(says(said, "It is noted in the central list"));
  CHECK(at.listed().reason == sync::RevocationReason::stolen);
}

}  // namespace throughgate::node::testing
