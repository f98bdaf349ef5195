// Inviting and letting in by pages, over the exchange and by files.
#include <catch_amalgamated.hpp>

#include "node/enrolment/by_file.h"
#include "tests/node/web/pages/desk/desk_world.h"

namespace throughgate::node::testing {
namespace {

const std::string requests = "/central-team/requests";

// The code on the page that shows it: the first text in bold.
std::string code_on(const web::Response& page) {
  static const std::string begin = "<strong class=\"break-anywhere\">";
  const auto at = page.body.find(begin);
  if (at == std::string::npos) return {};
  const auto from = at + begin.size();
  return page.body.substr(from, page.body.find('<', from) - from);
}

struct Inviting : DeskWorld {
  TestSite newcomer{world, "HMP Newcomer", sync::OrganisationKind::prison, "HLI"};
  std::string code, request;

  void invite() {
    const auto made =
        at_desk.fill_in("/central-team/invite",
                        {{"name", "HMP Newcomer"}, {"kind", "prison"}, {"establishment", "HLI"}});
    REQUIRE(made.status == 200);
    code = code_on(made);
    REQUIRE_FALSE(code.empty());
    const auto list = at_desk.page(requests);
    const auto link = list.rfind("href=", list.find("HMP Newcomer</a>"));
    request = link_on(list.substr(link), requests);
  }
  std::string asked_over_the_exchange() {
    return must(Enrolment(*newcomer.node, hub).ask(code, newcomer.facts("Reception PC")));
  }
  bool is_listed() { return list().node(newcomer.node->identity().node) != nullptr; }
};

}  // namespace

TEST_CASE("an organisation is invited and let in by pages, and the code is shown once",
          "[pages][desk]") {
  Inviting at;
  at.invite();
  CHECK(at.at_desk.page(at.request).find(at.code) == std::string::npos);
  CHECK(says(at.at_desk.page(at.request), "Has not asked yet"));
  const auto words = at.asked_over_the_exchange();
  CHECK(says(at.at_desk.page(requests), "Has not asked yet"));  // until the exchange is asked
  const auto asked = at.at_desk.send(at.at_desk.get(requests), requests + "/ask", {});
  REQUIRE(asked.status == 303);
  CHECK(says(at.at_desk.page(asked.location), "Asks to be let in"));
  CHECK(says(at.at_desk.page("/"), "1 computer asks to be let in"));

  const auto page = at.at_desk.get(at.request);
  CHECK(says(page, "Reception PC"));
  CHECK(page.body.find(words) == std::string::npos);  // nobody reads them out from here
  const auto let_in =
      at.at_desk.send(page, at.request + "/approve", {{"words", words}, {"how", "exchange"}});
  REQUIRE(let_in.status == 303);
  CHECK(says(at.at_desk.page(let_in.location), "The computer is let in"));
  CHECK(at.is_listed());
  must(at.desk.sync(at.hub));
  CHECK(must(Enrolment(*at.newcomer.node, at.hub).take_answer()));
  CHECK_FALSE(says(at.at_desk.page("/"), "to be let in"));
}

TEST_CASE("who cannot read the eight words is not let in by a page", "[pages][desk]") {
  Inviting at;
  at.invite();
  const auto words = at.asked_over_the_exchange();
  at.at_desk.send(at.at_desk.get(requests), requests + "/ask", {});
  const auto version = at.list().version();
  std::string wrong = words;
  wrong.replace(0, wrong.find(' '), "zebra");
  for (const std::string& typed : {std::string(), std::string("three words only"), wrong}) {
    for (const char* how : {"exchange", "file"}) {
      const auto refused = at.at_desk.send(at.at_desk.get(at.request), at.request + "/approve",
                                           {{"words", typed}, {"how", how}});
      CHECK(refused.status == 422);
      CHECK(says(refused, "There is a problem"));
    }
  }
  // Nor by asking for the file at once.
  CHECK(at.at_desk.post(at.request + "/answer", {}).content_type.starts_with("text/html"));
  CHECK(at.list().version() == version);
  CHECK_FALSE(at.is_listed());
}

TEST_CASE("a computer without a network is let in wholly by files that the pages give and take",
          "[pages][desk]") {
  Inviting at;
  at.invite();
  at.hub.is_down = true;
  const auto invitation = at.at_desk.get(at.request + "/invitation");
  CHECK(invitation.file_name.starts_with("throughgate-invitation-"));
  CHECK(invitation.body.find(at.code) == std::string::npos);
  const auto made =
      must(ask_by_file(*at.newcomer.node, at.code, at.newcomer.facts("Reception PC"),
                       crypto::Bytes(invitation.body.begin(), invitation.body.end())));
  const std::string bring = requests + "/bring";
  CHECK(at.at_desk.upload(bring, {}, "no request").status == 422);
  CHECK(at.at_desk.post(bring, {}).status == 422);
  const auto brought =
      at.at_desk.upload(bring, {}, std::string(made.file.begin(), made.file.end()));
  REQUIRE(brought.status == 303);
  CHECK(brought.location.starts_with(at.request));
  const auto let_in = at.at_desk.send(at.at_desk.get(brought.location), at.request + "/approve",
                                      {{"words", made.words}, {"how", "file"}});
  REQUIRE(let_in.status == 303);
  const auto answer = at.at_desk.send(at.at_desk.get(let_in.location), at.request + "/answer", {});
  CHECK(answer.file_name.starts_with("throughgate-answer-"));
  must(take_approval(*at.newcomer.node, crypto::Bytes(answer.body.begin(), answer.body.end())));
  CHECK(at.newcomer.node->is_enrolled());
}

TEST_CASE("where the exchange is out of reach the page says so, and the answer is left later",
          "[pages][desk]") {
  Inviting at;
  at.invite();
  const auto words = at.asked_over_the_exchange();
  at.hub.is_down = true;
  const auto asked = at.at_desk.send(at.at_desk.get(requests), requests + "/ask", {});
  CHECK(asked.status == 200);
  CHECK(says(asked, "HMP Newcomer"));
  at.hub.is_down = false;
  at.at_desk.send(at.at_desk.get(requests), requests + "/ask", {});
  at.hub.is_down = true;
  const auto let_in = at.at_desk.send(at.at_desk.get(at.request), at.request + "/approve",
                                      {{"words", words}, {"how", "exchange"}});
  REQUIRE(let_in.status == 303);
  CHECK(says(at.at_desk.page(let_in.location), "could not be left at the exchange"));
  CHECK(at.is_listed());
  at.hub.is_down = false;
  at.at_desk.send(at.at_desk.get(requests), requests + "/ask", {});
  must(at.desk.sync(at.hub));
  CHECK(must(Enrolment(*at.newcomer.node, at.hub).take_answer()));
}

TEST_CASE("an invitation that is taken back by a page lets nobody in", "[pages][desk]") {
  Inviting at;
  at.invite();
  const auto words = at.asked_over_the_exchange();
  at.at_desk.send(at.at_desk.get(requests), requests + "/ask", {});
  const auto page = at.at_desk.get(at.request);
  const std::string take_back = at.request + "/take-back";
  CHECK(page.body.find("action=\"" + take_back) == std::string::npos);  // asks first
  REQUIRE(page.body.find("href=\"" + take_back) != std::string::npos);
  const auto asked = at.at_desk.get(take_back);
  CHECK(says(asked, "The code lets nobody in from then on"));
  CHECK(says(asked, "\"Reception PC\" of HMP Newcomer has asked with it, and is not told"));
  CHECK(says(at.at_desk.page(requests), "Asks to be let in"));  // nothing is done yet
  const auto back = at.at_desk.send(asked, take_back, {});
  REQUIRE(back.status == 303);
  CHECK(says(at.at_desk.page(back.location), "taken back"));
  CHECK(at.at_desk.get(at.request).status == 404);
  CHECK(at.at_desk.post(at.request + "/approve", {{"words", words}, {"how", "exchange"}}).status ==
        404);
  CHECK_FALSE(at.is_listed());
}

TEST_CASE("an invitation whose computer is let in is not taken back", "[pages][desk]") {
  Inviting at;
  at.invite();
  const auto words = at.asked_over_the_exchange();
  at.at_desk.send(at.at_desk.get(requests), requests + "/ask", {});
  at.at_desk.send(at.at_desk.get(at.request), at.request + "/approve",
                  {{"words", words}, {"how", "exchange"}});
  CHECK_FALSE(says(at.at_desk.page(at.request), "Take it back"));
  CHECK_FALSE(says(at.at_desk.page(at.request + "/take-back"), "for good"));
  const auto refused = at.at_desk.post(at.request + "/take-back", {});
  CHECK(says(refused, "has been let in already"));
  CHECK(at.is_listed());
}

TEST_CASE("what cannot be invited is said beside the question, and nothing typed is lost",
          "[pages][desk]") {
  DeskWorld at;
  const auto tried = [&](const Typed& typed) {
    return at.at_desk.fill_in("/central-team/invite", typed);
  };
  CHECK(says(tried({{"kind", "partner"}}), "Enter the name"));
  CHECK(says(tried({{"name", "New Trust"}}), "Select what it is"));
  const auto no_prison = tried({{"name", "HMP New"}, {"kind", "prison"}, {"establishment", "??"}});
  CHECK(no_prison.status == 422);
  CHECK(says(no_prison, "Select which prison it is"));
  CHECK(tag_with(no_prison, "name=\"name\"").find("HMP New") != std::string::npos);
  CHECK(says(tried({{"name", "bridge trust"}, {"kind", "partner"}}),
             "stands in the central list already"));
  CHECK(tried({{"name", "New Trust"}, {"kind", "partner"}}).status == 200);
  CHECK(says(tried({{"name", "NEW TRUST"}, {"kind", "partner"}}), "has been invited already"));
}

TEST_CASE("another computer of an organisation is invited from its page", "[pages][desk]") {
  DeskWorld at;
  const auto organisation = at.prison.node->identity().organisation.hex();
  const auto page = at.at_desk.page("/central-team/organisations/" + organisation);
  const auto invite = link_on(page, "/central-team/invite/");
  REQUIRE_FALSE(invite.empty());
  const auto made = at.at_desk.fill_in(invite, {});
  REQUIRE(made.status == 200);
  TestSite second(at.world, "second", at.prison);
  const auto words =
      must(Enrolment(*second.node, at.hub).ask(code_on(made), second.facts("Second PC")));
  const auto known = must(at.desk.desk().requests(&at.hub));
  CHECK(std::any_of(known.invited.begin(), known.invited.end(),
                    [&](const Invited& each) { return each.words == words; }));
  CHECK(at.at_desk.get("/central-team/invite/" + std::string(32, '0')).status == 404);
}

}  // namespace throughgate::node::testing
