// A computer is let in by its own pages: over the exchange, and wholly by files.
#include <catch_amalgamated.hpp>

#include "node/hub_visit.h"
#include "sync/enrolment_files.h"
#include "tests/node/web/pages/joining_world.h"
#include "tests/node/web/xss_payloads.h"

namespace throughgate::node::testing {

TEST_CASE("a computer asks over the exchange by its pages, and has joined once it is let in",
          "[pages][joining]") {
  Joining at;
  const auto visitor = at.visitor();
  const auto code = at.invite();
  for (const char* page : {"/", "/sync"}) {
    CHECK(visitor.page(page).find("href=\"/joining\"") != std::string::npos);
  }
  CHECK(says(visitor.page(joining), "Ask to be let in"));
  const auto asked = visitor.done(by_network, asking(code));
  const auto words = at.words();
  REQUIRE_FALSE(words.empty());
  CHECK(says(asked, "The request is sent"));
  CHECK(says(asked, words));
  CHECK(says(asked, "Ring the central team on a number that you know"));
  CHECK(says(asked, "Reception PC"));
  CHECK(says(visitor.page("/"), "read your words to them"));
  CHECK(visitor.page("/sync").find("href=\"/joining\"") != std::string::npos);

  const auto not_yet = visitor.send(visitor.get(joining), look, {});
  REQUIRE(not_yet.status == 303);
  CHECK(says(visitor.page(not_yet.location), "has not answered yet"));
  CHECK(says(visitor.page(joining), words));
  CHECK_FALSE(at.is_let_in());

  at.let_in(code, words);
  const auto answered = visitor.send(visitor.get(joining), look, {});
  REQUIRE(answered.status == 303);
  CHECK(says(visitor.page(answered.location), "The central team has let this computer in"));
  CHECK(at.is_let_in());
  CHECK(at.words().empty());
  has_joined(visitor);
  CHECK(says(visitor.get(joining), "takes part from the next exchange on"));
  CHECK(says(visitor.get("/sync"), "takes part from the next exchange on"));
  must(at.site.sync(at.hub));
  has_joined(visitor);
  CHECK_FALSE(says(visitor.get(joining), "from the next exchange on"));
}

TEST_CASE("a computer that has no exchange is let in wholly by files at its pages",
          "[pages][joining]") {
  Joining at;
  const auto visitor = at.visitor();
  const auto code = at.invite();
  at.hub.is_down = true;
  const auto invitation = bytes_of(must(at.desk.desk().invitation_file(code.mailbox())));
  const auto made = visitor.upload(by_file, asking_by_file(code), invitation);
  REQUIRE(made.status == 303);
  const auto words = at.words();
  const auto page = visitor.page(made.location);
  CHECK(says(page, "The request is made"));
  CHECK(says(page, words));
  CHECK_FALSE(says(page, "See whether they have answered"));  // no exchange is known

  const auto request = visitor.get("/joining/request");
  CHECK(request.file_name == "throughgate-request-" + code.mailbox().hex().substr(0, 8) + ".tge");
  CHECK(request.body.find(text_of(code)) == std::string::npos);
  const auto taken = must(at.desk.desk().take_request(crypto::as_bytes(request.body)));
  CHECK(taken.words == words);
  const auto file = bytes_of(must(at.desk.desk().approve_by_file(code.mailbox())));
  const auto brought = visitor.upload(answer, {}, file);
  REQUIRE(brought.status == 303);
  CHECK(says(visitor.page(brought.location), "The central team has let this computer in"));
  CHECK(at.is_let_in());
  CHECK(at.site.node->directory().node(at.site.node->identity().node) != nullptr);
  has_joined(visitor);
  CHECK(says(visitor.get(joining), "exchanges what is new with the others"));
  at.work_in_background();
  REQUIRE(at.loop.visit_now(patience));
  const auto sending = visitor.page("/sync");
  CHECK(says(sending, "was let in by files"));
  CHECK_FALSE(says(sending, "ask to be let in"));
}

TEST_CASE("what was asked while the line is down is sent by itself, and the answer is taken",
          "[pages][joining][threads]") {
  Joining at;
  const auto visitor = at.visitor();
  const auto code = at.invite();
  at.hub.is_down = true;
  const auto asked = visitor.fill_in(by_network, asking(code));
  const auto words = at.words();
  CHECK(says(asked, "Your request is kept here and sent by itself"));
  CHECK(says(asked, words));
  CHECK(says(visitor.send(visitor.get(joining), look, {}), "The hub is down"));
  at.work_in_background();
  REQUIRE(at.loop.visit_now(patience));
  CHECK_FALSE(at.loop.state().is_online());
  CHECK(says(visitor.page(joining), words));

  at.hub.is_down = false;
  REQUIRE(at.loop.visit_now(patience));
  CHECK(at.loop.state().problem.find("has not let this computer in yet") != std::string::npos);
  at.let_in(code, words);
  REQUIRE(at.loop.visit_now(patience));
  CHECK(at.loop.state().is_online());
  CHECK(at.is_let_in());
  CHECK(must(status_of(*at.site.node)).enrolled);
  has_joined(visitor);
  const auto once_more = visitor.post(look, {});  // from a page that was left open
  CHECK(once_more.status == 303);
}

TEST_CASE("once a computer is let in, nothing on its page says still that it is not",
          "[pages][joining][threads]") {
  Joining at;
  const auto visitor = at.visitor();
  const auto code = at.invite();
  visitor.done(by_network, asking(code));
  at.work_in_background();
  REQUIRE(at.loop.visit_now(patience));
  const std::string not_yet = "has not let this computer in yet";
  CHECK(says(visitor.page("/sync"), not_yet));
  at.let_in(code, at.words());
  visitor.send(visitor.get(joining), look, {});
  const auto page = visitor.page("/sync");
  CHECK(says(page, "takes part from the next exchange on"));
  CHECK_FALSE(says(page, not_yet));
}

TEST_CASE("while another exchange of this computer is under way, the page says so",
          "[pages][joining]") {
  Joining at;
  const auto visitor = at.visitor();
  REQUIRE(visitor.post(by_network, asking(at.invite())).status == 303);
  const auto taken = FileLock::take(at.site.folder.sync_lock(), FileLock::Wait::no);
  REQUIRE(taken);
  CHECK(says(visitor.post(look, {}), "This computer is exchanging just now"));
}

TEST_CASE("an address in the settings is shown and not asked for; another is asked once",
          "[pages][joining]") {
  Joining at;
  SECTION("in the settings") {
    at.settings.hub_url = "https://set.example.org";
    const auto visitor = at.visitor();
    const auto page = visitor.get(by_network);
    CHECK(says(page, "https://set.example.org"));
    CHECK(tag_with(page, "name=\"exchange\"").empty());
    const auto asked = visitor.done(by_network, asking_by_file(at.invite()));
    CHECK(says(asked, "https://set.example.org"));
  }
  SECTION("given once") {
    const auto visitor = at.visitor();
    visitor.done(by_network, asking(at.invite()));
    const auto page = visitor.get(by_network);
    CHECK(value_of(page, "exchange") == exchange);
    CHECK(value_of(page, "label") == "Reception PC");
    CHECK(value_of(page, "invitation-code").empty());
  }
}

TEST_CASE("a computer that has joined takes no form of these pages", "[pages][joining]") {
  Joining at;
  at.desk.enrol(at.site, at.hub);
  must(at.site.sync(at.hub));
  const auto visitor = at.visitor();
  has_joined(visitor);
  const auto version = at.site.node->directory().version();
  for (const auto& address : {by_network, by_file, answer}) {
    INFO(address);
    const auto page = visitor.post(address, asking(at.invite(address == by_file ? "HLI" : "BAI")));
    CHECK(page.status == 403);
    CHECK(says(page, "This computer has joined already. Nothing was changed."));
    must(at.desk.desk().withdraw(must(at.desk.desk().requests(nullptr)).invited.back().mailbox));
  }
  CHECK(at.words().empty());
  CHECK(at.site.node->directory().version() == version);
}

// ---- who may

namespace {

std::vector<std::pair<web::Method, std::string>> addresses(Joining& at) {
  web::Routes routes;
  web::SitePages pages(routes, at.stores, at.codes);
  web::add_joining_pages(pages, {at.site.folder, at.way(), at.settings});
  std::vector<std::pair<web::Method, std::string>> out;
  for (const auto& route : routes.all()) out.emplace_back(route.method, route.pattern);
  return out;
}

std::vector<std::string> answered(const Visitor& visitor, Joining& at,
                                  const sync::InvitationCode& code) {
  std::vector<std::string> out;
  for (const auto& [method, address] : addresses(at)) {
    const auto response =
        method == web::Method::post ? visitor.post(address, asking(code)) : visitor.get(address);
    if (response.status != 403) out.push_back(address);
  }
  return out;
}

// Everything but the administrator's.
std::string colleague(TestSite& site) {
  const Account account{"sam",
                        sync::ActorId::random(site.world.random),
                        "Sam Made-Up",
                        {"coordinator", "supervisor", "handover_worker"}};
  const auto key = must(site.accounts.sign_in("jo", good_password, site.world.clock));
  must(site.accounts.set_password("sam", good_password, key));
  must(Staff(*site.node).set_account(account));
  must(Staff(*site.node).add(account, site.actor()));
  return "sam";
}

}  // namespace

TEST_CASE("whoever may not join this computer is answered by no page of it, and is told who may",
          "[pages][joining][permissions]") {
  Joining at;
  const auto visitor = at.visitor(colleague(at.site));
  CHECK(addresses(at).size() == 9);
  CHECK(answered(visitor, at, at.invite()).empty());
  CHECK(at.words().empty());
  CHECK(says(visitor.get(joining), "Ask somebody who looks after this computer"));
  for (const char* page : {"/", "/sync"}) {
    CHECK(visitor.page(page).find("href=\"/joining\"") == std::string::npos);
  }
  CHECK(says(visitor.page("/sync"), "Ask somebody who looks after this computer"));
}

TEST_CASE("twin: who may is answered by all of them", "[pages][joining][permissions]") {
  Joining at;
  CHECK(answered(at.visitor(), at, at.invite()).size() == 9);
  CHECK_FALSE(at.words().empty());
}

// ---- what is typed

TEST_CASE("what would be something else than text stays text on the pages of joining",
          "[pages][joining][xss]") {
  Joining at;
  const auto visitor = at.visitor();
  const auto code = at.invite();
  std::size_t asked_with = 0;
  for (const std::string payload : web::xss_payloads) {
    INFO(payload);
    const bool is_markup = payload.find('<') != std::string::npos;
    const auto is_text_on = [&](const web::Response& page) {
      return !is_markup || page.body.find(payload) == std::string::npos;
    };
    const auto refused = visitor.fill_in(
        by_network, {{"invitation-code", payload}, {"exchange", payload}, {"label", payload}});
    CHECK(refused.status == 422);
    CHECK(is_text_on(refused));
    for (const char* field : {"exchange", "label"}) {
      const auto tag = tag_with(refused, std::string("name=\"") + field + "\"");
      CHECK(tag.find('<', 1) == std::string::npos);
    }
    const auto asked =
        visitor.post(by_file, {{"invitation-code", text_of(code)}, {"label", payload}});
    if (asked.status != 303) continue;  // it is no line of text
    ++asked_with;
    CHECK(is_text_on(visitor.get(joining)));
    CHECK(is_text_on(visitor.get(by_file)));
  }
  CHECK(asked_with > 50);
}

}  // namespace throughgate::node::testing
