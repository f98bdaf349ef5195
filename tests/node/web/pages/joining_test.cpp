// A computer is let in by its own pages: over the exchange, and wholly by files.
#include <catch_amalgamated.hpp>

#include "node/hub_visit.h"
#include "node/known_hub.h"
#include "node/status.h"
#include "node/web/pages/joining/joining_pages.h"
#include "node/web/pages/pages.h"
#include "node/web/site.h"
#include "sync/enrolment_files.h"
#include "tests/node/web/pages/page_world.h"
#include "tests/node/web/xss_payloads.h"

namespace throughgate::node::testing {
namespace {

using sync::OrganisationKind;

const std::string joining = "/joining";
const std::string by_network = "/joining/by-network";
const std::string by_file = "/joining/by-file";
const std::string answer = "/joining/answer";
const std::string look = "/joining/look";
const std::string exchange = "https://exchange.example.org";
constexpr std::chrono::seconds patience{60};

class Lent final : public HubClient {
 public:
  explicit Lent(TestHub& hub) : hub_(hub) {}
  sync::Result<crypto::Bytes> call(Endpoint endpoint, crypto::ByteView request) override {
    return hub_.call(endpoint, request);
  }

 private:
  TestHub& hub_;
};

// A desk, and a prison that is set up and has asked nobody yet.
struct Joining {
  World world;
  TestHub hub{world};
  TestDesk desk{world, hub};
  TestSite site{world, "HMP Newcomer", OrganisationKind::prison, "LEI"};
  CodeLists codes;
  Settings settings;
  crypto::SystemRandom random;
  StorePool stores{site.folder.store(), random, world.clock};
  SyncLoop loop{stores, way(), site.folder, std::chrono::seconds(0)};

  // As known_hub() does, where an address is known.
  SyncLoop::HubSource way() {
    return [this](OpenNode& node) -> sync::Result<std::unique_ptr<HubClient>> {
      auto known = known_hub(node, settings);
      if (!known) return known.error();
      return std::unique_ptr<HubClient>(std::make_unique<Lent>(hub));
    };
  }
  Visitor visitor(const std::string& who = "jo",
                  const Permissions& permissions = Permissions::shipped()) {
    return {site,
            codes,
            {[this](web::SitePages& pages) {
               web::add_joining_pages(pages, {site.folder, way(), settings});
               web::add_sync_pages(pages, loop);
             },
             web::add_home_page},
            who,
            permissions};
  }

  sync::InvitationCode invite(const std::string& establishment = "LEI") {
    return must(desk.desk().invite(
        {"HMP Newcomer " + establishment, OrganisationKind::prison, establishment, {}, 0}));
  }
  // The words must be those that its page shows.
  void let_in(const sync::InvitationCode& code, const std::string& words) {
    const auto known = must(desk.desk().requests(&hub));
    REQUIRE(std::any_of(known.invited.begin(), known.invited.end(), [&](const Invited& each) {
      return each.mailbox == code.mailbox() && each.words == words;
    }));
    must(desk.desk().approve(code.mailbox(), hub));
    must(desk.sync(hub));
  }
  std::string words() { return must(awaited_words(*site.node)).value_or(""); }
  bool is_let_in() {
    must(site.node->refresh_directory());
    return site.node->is_enrolled();
  }
  void work_in_background() {
    must(stores.open(must(site.accounts.sign_in("jo", good_password, world.clock))));
    loop.start();
  }
};

std::string text_of(const sync::InvitationCode& code) { return std::string(code.text().view()); }

std::string bytes_of(const crypto::Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

Typed asking(const sync::InvitationCode& code) {
  return {{"invitation-code", text_of(code)}, {"exchange", exchange}, {"label", "Reception PC"}};
}

Typed asking_by_file(const sync::InvitationCode& code) {
  return {{"invitation-code", text_of(code)}, {"label", "Reception PC"}};
}

std::string value_of(const web::Response& page, const std::string& field) {
  const auto tag = tag_with(page, "name=\"" + field + "\"");
  const auto at = tag.find(" value=\"");
  return at == std::string::npos ? "" : tag.substr(at + 8, tag.find('"', at + 8) - at - 8);
}

bool has_form(const web::Response& page) {
  return page.body.find("action=\"/joining") != std::string::npos;
}

void has_joined(const Visitor& visitor) {
  const auto page = visitor.get(joining);
  CHECK(says(page, "This computer has joined"));
  CHECK_FALSE(has_form(page));
  CHECK_FALSE(says(visitor.get(joining + "?done=asked"), "Ring the central team"));  // left open
  CHECK_FALSE(says(visitor.get("/"), "let it in"));
  for (const auto& each : {by_network, by_file, answer, std::string("/joining/request")}) {
    INFO(each);
    CHECK(visitor.get(each).location == joining);
  }
}

}  // namespace

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
}

TEST_CASE("what cannot be asked over the exchange is said beside its question",
          "[pages][joining]") {
  Joining at;
  const auto visitor = at.visitor();
  const auto code = at.invite();
  const auto tried = [&](const std::string& field, const std::string& value) {
    auto typed = asking(code);
    for (auto& each : typed) {
      if (each.first == field) each.second = value;
    }
    auto page = visitor.fill_in(by_network, typed);
    CHECK(page.status == 422);
    CHECK(says(page, "There is a problem"));
    CHECK(page.body.find("href=\"#" + field + "\"") != std::string::npos);
    CHECK(value_of(page, "invitation-code").empty());
    CHECK(page.body.find(text_of(code)) == std::string::npos);
    if (field != "label") CHECK(value_of(page, "label") == "Reception PC");
    if (field != "exchange") CHECK(value_of(page, "exchange") == exchange);
    return page;
  };
  CHECK(says(tried("invitation-code", ""), "Enter the invitation code"));
  auto mistyped = text_of(code);
  std::swap(mistyped[0], mistyped[mistyped[1] == mistyped[0] ? 2 : 1]);
  const auto wrong = tried("invitation-code", mistyped);
  CHECK(says(wrong, "This code is mistyped"));
  CHECK(wrong.body.find(mistyped) == std::string::npos);
  CHECK(says(tried("exchange", " "), "Enter the address of the central exchange"));
  CHECK(says(tried("exchange", "exchange.example.org"), "must look like https://"));
  CHECK(says(tried("exchange", "http://exchange.example.org"), "Plain http"));
  CHECK(says(tried("label", ""), "Enter what this computer is called"));
  CHECK(says(tried("label", std::string(300, 'x')), "200 letters at most"));
  CHECK(at.words().empty());

  TestSite other(at.world, "HMP Other", OrganisationKind::prison, "LEI");
  must(Enrolment(*other.node, at.hub).ask(text_of(code), other.facts("PC")));
  CHECK(says(tried("invitation-code", text_of(code)), "Somebody has used this code already"));
}

TEST_CASE("what cannot be asked by a file is said beside its question", "[pages][joining]") {
  Joining at;
  const auto visitor = at.visitor();
  const auto code = at.invite();
  const auto invitation = bytes_of(must(at.desk.desk().invitation_file(code.mailbox())));
  const auto tried = [&](const std::string& field, const Typed& typed, const std::string& file) {
    auto page = visitor.upload(by_file, typed, file);
    CHECK(page.status == 422);
    CHECK(page.body.find("href=\"#" + field + "\"") != std::string::npos);
    CHECK(value_of(page, "invitation-code").empty());
    return page;
  };
  const auto typed = asking_by_file(code);
  CHECK(says(tried("invitation-code", {{"label", "PC"}}, ""), "Enter the invitation code"));
  CHECK(says(tried("invitation-code", {{"invitation-code", "ABCD"}, {"label", "PC"}}, ""),
             "This code is mistyped"));
  CHECK(says(tried("label", {typed[0]}, ""), "Enter what this computer is called"));
  CHECK(says(tried("file", typed, "nothing of the kind"), "no file of an enrolment"));
  CHECK(says(tried("file", typed, invitation.substr(1)), "no file of an enrolment"));
  CHECK(says(tried("file", typed, invitation.substr(0, invitation.size() - 1)),
             "copied only in part"));
  auto newer = invitation;
  newer[8] = static_cast<char>(0xFF);  // the number of its format
  CHECK(says(tried("file", typed, newer), "newer version"));
  const auto another = at.invite("HLI");
  const auto anothers = bytes_of(must(at.desk.desk().invitation_file(another.mailbox())));
  CHECK(says(tried("invitation-code", typed, anothers), "was made with another code"));
  CHECK(says(tried("file", asking_by_file(another), anothers),
             "set up for another kind of organisation, or another prison"));
  at.world.now_ms += 14 * day_ms;
  const auto late = tried("file", typed, invitation);
  CHECK(says(late, "too old"));
  CHECK(value_of(late, "label") == "Reception PC");
  CHECK(at.words().empty());
  for (int i = 0; i < 10; ++i) visitor.upload(by_file, typed, anothers);
  CHECK(says(tried("file", typed, invitation), "Wait an hour"));
  CHECK(at.words().empty());
}

TEST_CASE("a file that is not the answer says which it is, and lets nobody in",
          "[pages][joining]") {
  Joining at;
  const auto visitor = at.visitor();
  const auto tried = [&](const std::string& file) {
    auto page = visitor.upload(answer, {}, file);
    CHECK(page.status == 422);
    CHECK(page.body.find("href=\"#file\"") != std::string::npos);
    return page;
  };
  CHECK(says(tried(""), "Select the file"));
  CHECK(says(tried("anything"), "Nothing was asked of the central team yet"));
  CHECK(visitor.get("/joining/request").status == 404);
  const auto code = at.invite();
  REQUIRE(visitor.post(by_file, asking_by_file(code)).status == 303);
  const auto request = visitor.get("/joining/request").body;
  CHECK(says(tried("anything"), "no file of an enrolment"));
  CHECK(says(tried(request), "the central team's answer is needed"));
  must(at.desk.desk().take_request(crypto::as_bytes(request)));
  const auto file = bytes_of(must(at.desk.desk().approve_by_file(code.mailbox())));
  CHECK(says(tried(file.substr(0, file.size() / 2)), "copied only in part"));

  const auto second = at.invite("HLI");  // and so the first is answered in vain
  REQUIRE(visitor.post(by_file, asking_by_file(second)).status == 303);
  CHECK(says(tried(file), "which this computer did not make, or not last"));
  CHECK_FALSE(at.is_let_in());
  REQUIRE(visitor.post(by_file, asking_by_file(code)).status == 303);
  CHECK(visitor.upload(answer, {}, file).status == 303);
  CHECK(at.is_let_in());
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

TEST_CASE("while another exchange of this computer is under way, the page says so",
          "[pages][joining]") {
  Joining at;
  const auto visitor = at.visitor();
  REQUIRE(visitor.post(by_network, asking(at.invite())).status == 303);
  const auto taken = FileLock::take(at.site.folder.sync_lock(), FileLock::Wait::no);
  REQUIRE(taken);
  CHECK(says(visitor.post(look, {}), "This computer is exchanging just now"));
}

TEST_CASE("an answer that was not made with the code is refused on the page", "[pages][joining]") {
  Joining at;
  const auto visitor = at.visitor();
  const auto code = at.invite();
  REQUIRE(visitor.post(by_network, asking(code)).status == 303);
  const auto& identity = at.site.node->identity();
  const auto forged = sync::encode_reply({identity.organisation, identity.node,
                                          at.world.random.bytes<32>(), at.world.random.bytes<32>()},
                                         sync::InvitationCode::make(at.world.random));
  must(leave_letter(at.hub, code.mailbox(), Letter::reply, forged));
  const auto page = visitor.post(look, {});
  CHECK(page.status == 422);
  CHECK(says(page, "There is a problem"));
  CHECK_FALSE(at.is_let_in());
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
  CHECK(says(visitor.get(joining), "Ask somebody who is administrator"));
  for (const char* page : {"/", "/sync"}) {
    CHECK(visitor.page(page).find("href=\"/joining\"") == std::string::npos);
  }
  CHECK(says(visitor.page("/sync"), "Ask somebody who is administrator"));
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

TEST_CASE("the answer may be as long as the central list; no other file here may",
          "[pages][joining][uploads]") {
  Joining at;
  const web::Site site({at.site.folder, at.site.accounts, at.codes, at.stores, at.loop, at.random,
                        [] { return parse_retention(""); }},
                       8080, {});
  const auto refusal = [&](const std::string& address) {
    web::RequestHead head;
    head.method = web::Method::post;
    head.target = address;
    head.headers.add("Host", "127.0.0.1:8080");
    head.headers.add("Content-Length", std::to_string(sync::enrolment_file_bytes_max));
    const auto refused = site.responder().refuse(head);
    return refused ? refused->status : 0;
  };
  CHECK(refusal(answer) == 403);  // nobody has signed in
  CHECK(refusal(by_file) == 413);
}

}  // namespace throughgate::node::testing
