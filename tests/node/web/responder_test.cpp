#include "node/web/responder.h"

#include <catch_amalgamated.hpp>
#include <stdexcept>

#include "node/web/components/button.h"
#include "node/web/sign_in.h"
#include "tests/node/web/gallery_pages.h"

using namespace throughgate;
using namespace throughgate::node::web;

namespace {

class OnePerson final : public Authenticator {
 public:
  std::string canonical_name(std::string_view typed) const override { return std::string(typed); }
  SignInAnswer check(const std::string& name, const crypto::SecretText& password) override {
    ++checks;
    if (password.view() != "correct horse") return {};
    if (name == "sam") return {Person{"2", "sam", "Sam Made-Up"}, {}};
    if (name != "alex") return {};
    return {Person{"1", "alex", "Alex Hughes"}, {}};
  }
  int checks = 0;
};

// As they stand on the page, the token among them.
std::vector<std::pair<std::string, std::string>> hidden_fields(const std::string& body) {
  const std::string begin = "<input type=\"hidden\" name=\"";
  const std::string between = "\" value=\"";
  std::vector<std::pair<std::string, std::string>> out;
  for (auto at = body.find(begin); at != std::string::npos; at = body.find(begin, at + 1)) {
    const auto name = at + begin.size();
    const auto name_end = body.find(between, name);
    const auto value = name_end + between.size();
    out.emplace_back(body.substr(name, name_end - name),
                     body.substr(value, body.find('"', value) - value));
  }
  return out;
}

// Of the last form on it.
std::string token_on(const std::string& body) {
  std::string out;
  for (const auto& [name, value] : hidden_fields(body)) {
    if (name == "csrf") out = value;
  }
  return out;
}

// A node's pages with two people who may sign in, a clock set by hand, and no socket.
struct Site {
  crypto::SystemRandom random;
  SessionTable sessions{random};
  OnePerson people;
  SignInThrottle throttle;
  std::int64_t now_ms = 0;
  bool may_stay = true, is_store_open = true;
  std::string fault, kept;
  std::vector<std::string> saved;  // of the form at /note: by whom, and what
  SignIn sign_in{people,
                 sessions,
                 throttle,
                 {[this] { return now_ms; }, [this](const std::string& state) { kept = state; },
                  [this] { return is_store_open; }}};
  std::string cookie;
  Responder responder{routes(),
                      sessions,
                      {.guards = {.hosts = {"127.0.0.1:8080"}},
                       .frame = gallery::frame,
                       .monotonic_ms = [this] { return now_ms; },
                       .locked_page = [this](const Visit& v) { return sign_in.locked_page(v); },
                       .may_stay = [this](const Person&) { return may_stay; },
                       .is_store_open = [this] { return is_store_open; },
                       .on_fault = [this](const std::string& pattern) { fault = pattern; }}};

  Routes routes() {
    Routes made;
    sign_in.add_to(made);
    gallery::add_pages(made);
    made.get("/note", Access::signed_in, [](const Visit& v) {
      return html_response(form({.action = Url("/note"), .csrf_token = v.csrf_token}, Html{}));
    });
    made.post("/note", Access::signed_in, [this](const Visit& v) {
      if (closes_under_us) return is_store_open = false, failed_for_a_closed_store();
      saved.push_back(v.person->shown_name + ": " + v.form.fields.get("text"));
      return see_other(Url("/note"));
    });
    return made;
  }

  bool closes_under_us = false;  // the store, between the look at the session and the form's own
  static Response failed_for_a_closed_store() {
    Response out;
    out.status = 503;
    return out;
  }

  RequestHead head(Method method, const std::string& target) const {
    RequestHead made;
    made.method = method;
    made.target = target;
    made.headers.add("Host", "127.0.0.1:8080");
    if (method == Method::post) made.headers.add("Content-Length", "0");
    if (!cookie.empty()) made.headers.add("Cookie", "__Host-sid=" + cookie);
    return made;
  }
  Response get(const std::string& target) {
    return keep(responder.answer({head(Method::get, target), {}}));
  }
  Response post(const std::string& target, Parameters fields, bool with_token = true) {
    if (with_token) fields.add("csrf", sessions.csrf_token(cookie));
    return keep(responder.answer({head(Method::post, target), {std::move(fields), {}}}));
  }
  Response sign_in_as(const std::string& name, const std::string& password) {
    Parameters fields;
    fields.add("name", name);
    fields.add("password", password);
    return post("/sign-in", fields);
  }
  Response keep(Response response) {  // as a browser keeps cookies
    if (response.set_cookie.starts_with("__Host-sid=")) cookie = response.set_cookie.substr(11, 64);
    return response;
  }
  // The form at /note as a page that was opened earlier sends it.
  Response send_note(const std::string& token, const std::string& text) {
    Parameters fields;
    fields.add("csrf", token);
    fields.add("text", text);
    return post("/note", std::move(fields), false);
  }
  // The sign-in form of this page, with all that it carries.
  Response sign_in_on(const Response& page, const std::string& name) {
    Parameters fields;
    for (const auto& [field, value] : hidden_fields(page.body)) fields.add(field, value);
    fields.add("name", name);
    fields.add("password", "correct horse");
    return post("/sign-in", std::move(fields), false);
  }
  std::string open_note() { return token_on(get("/note").body); }
  void be_signed_in() {
    get("/sign-in");
    REQUIRE(sign_in_as("alex", "correct horse").status == 303);
  }
};

std::string address(const Route& route) {
  std::string path = route.pattern;
  for (auto at = path.find(':'); at != std::string::npos; at = path.find(':')) {
    path.replace(at, path.find('/', at) - at, "1");
  }
  return path;
}

}  // namespace

TEST_CASE("nothing but what anyone may see is shown before signing in", "[responder]") {
  Site site;
  for (const Route& route : site.responder.routes().all()) {
    if (route.access != Access::signed_in || route.is_mutating()) continue;
    INFO(route.pattern);
    const auto response = site.get(address(route));
    CHECK(response.status == 303);
    CHECK(response.location.starts_with("/sign-in"));
  }
}

TEST_CASE("no route that changes anything works without its token", "[responder][csrf]") {
  Site site;
  site.be_signed_in();
  int mutating = 0;
  for (const Route& route : site.responder.routes().all()) {
    if (!route.is_mutating()) continue;
    ++mutating;
    INFO(route.pattern);
    CHECK(site.post(address(route), {}, false).status == 403);
    Parameters wrong;
    wrong.add("csrf", std::string(64, '0'));
    CHECK(site.post(address(route), wrong, false).status == 403);
    CHECK(site.post(address(route) + "?csrf=" + site.sessions.csrf_token(site.cookie), {}, false)
              .status == 403);
    Parameters anothers;
    anothers.add("csrf", site.sessions.csrf_token(site.sessions.new_visitor_id()));
    CHECK(site.post(address(route), anothers, false).status == 403);
  }
  CHECK(mutating >= 6);
  CHECK(site.post("/sync", {}).status == 303);
}

TEST_CASE("no route that changes anything takes a form of another origin", "[responder][csrf]") {
  Site site;
  site.be_signed_in();
  for (const Route& route : site.responder.routes().all()) {
    if (!route.is_mutating()) continue;
    INFO(route.pattern);
    for (const auto& [name, value] :
         std::vector<std::pair<std::string, std::string>>{{"Origin", "http://evil.example"},
                                                          {"Origin", "http://127.0.0.1:8081"},
                                                          {"Sec-Fetch-Site", "same-site"}}) {
      auto head = site.head(Method::post, address(route));
      CHECK_FALSE(site.responder.refuse(head));
      head.headers.add(name, value);
      REQUIRE(site.responder.refuse(head));
      CHECK(site.responder.refuse(head)->status == 403);
    }
  }
}

TEST_CASE("signing in changes the session's id and signing out ends it", "[sign_in]") {
  Site site;
  site.get("/sign-in");
  const auto before = site.cookie;
  REQUIRE(site.sign_in_as("alex", "correct horse").status == 303);
  const auto signed_in = site.cookie;
  CHECK(signed_in != before);
  CHECK(site.get("/volunteers").status == 200);
  CHECK(site.sign_in_as("alex", "correct horse").status == 303);
  CHECK(site.cookie != signed_in);
  CHECK(site.sessions.size() == 1);
  CHECK(site.post("/sign-out", {}).set_cookie.find("Max-Age=0") != std::string::npos);
  CHECK(site.sessions.size() == 0);
}

TEST_CASE("a wrong name and a wrong password get the same answer", "[sign_in]") {
  Site site;
  site.get("/sign-in");
  const auto wrong_name = site.sign_in_as("alix", "correct horse");
  const auto wrong_password = site.sign_in_as("alex", "wrong");
  CHECK(wrong_name.status == 422);
  CHECK(wrong_password.status == 422);
  auto body = wrong_name.body;
  body.replace(body.find("alix"), 4, "alex");
  CHECK(body == wrong_password.body);
  CHECK(wrong_password.body.find("wrong\"") == std::string::npos);  // never shows what was typed
}

TEST_CASE("guessing is stopped before the password is looked at", "[sign_in]") {
  Site site;
  site.get("/sign-in");
  for (int i = 0; i < 4; ++i) CHECK(site.sign_in_as("alex", "wrong").status == 422);
  const auto stopped = site.sign_in_as("alex", "correct horse");
  CHECK(stopped.status == 429);
  CHECK(stopped.retry_after_s == 1);
  CHECK(site.people.checks == 4);
  CHECK(site.kept.find("all 4") == 0);
  site.now_ms += 1'000;
  CHECK(site.sign_in_as("alex", "correct horse").status == 303);
}

TEST_CASE("signing in leads back to the page that was asked for, never off this server",
          "[sign_in]") {
  const auto lands = [](const std::string& return_to) {
    Site site;
    site.get("/sign-in");
    Parameters fields;
    fields.add("name", "alex");
    fields.add("password", "correct horse");
    fields.add("return_to", return_to);
    return site.post("/sign-in", fields).location;
  };
  CHECK(lands("/volunteers?sort=name") == "/volunteers?sort=name");
  for (const char* bad : {"", "https://evil.example/", "//evil.example", "/\\evil.example",
                          "javascript:alert(1)", "/sign-out", "/a\r\nSet-Cookie: x=1"}) {
    CHECK(lands(bad) == "/");
  }
}

TEST_CASE("a page left alone locks, says what was lost, and opens again where it was",
          "[sign_in]") {
  Site site;
  site.be_signed_in();
  site.now_ms += std::int64_t{15} * 60'000;
  const auto locked = site.get("/handover");
  CHECK(locked.status == 423);
  CHECK(locked.body.find("D. Evans") == std::string::npos);
  CHECK(locked.body.find("/handover") != std::string::npos);
  CHECK(locked.body.find("was not saved") == std::string::npos);
  const auto lost = site.post("/sync", {});
  CHECK(lost.status == 423);
  CHECK(lost.body.find("was not saved") != std::string::npos);
  CHECK(site.sign_in_as("alex", "correct horse").status == 303);
  CHECK(site.get("/handover").status == 200);
}

TEST_CASE("a form sent after the page locked is saved once its person has signed in",
          "[sign_in][carried]") {
  Site site;
  site.be_signed_in();
  const auto token = site.open_note();
  site.now_ms += std::int64_t{15} * 60'000;
  const auto locked = site.send_note(token, "met at <the> gate");
  CHECK(locked.status == 423);
  CHECK(locked.body.find("was not saved") == std::string::npos);
  CHECK(locked.body.find("Sign in to save it") != std::string::npos);
  CHECK(site.saved.empty());

  SECTION("the same person") {
    CHECK(site.sign_in_on(locked, "alex").location == "/note");
    CHECK(site.saved == std::vector<std::string>{"Alex Hughes: met at &lt;the&gt; gate"});
    CHECK(site.get("/note").status == 200);  // in the new session
  }
  SECTION("not with a wrong password, and it is kept for the next attempt") {
    Parameters fields;
    for (const auto& [field, value] : hidden_fields(locked.body)) fields.add(field, value);
    fields.add("name", "alex");
    fields.add("password", "wrong");
    const auto again = site.post("/sign-in", fields, false);
    CHECK(again.status == 422);
    CHECK(site.saved.empty());
    CHECK(site.sign_in_on(again, "alex").status == 303);
    CHECK(site.saved.size() == 1);
  }
  SECTION("not by another person, who is not let in over it either") {
    const auto refused = site.sign_in_on(locked, "sam");
    CHECK(refused.status == 422);
    CHECK(refused.body.find("Somebody else filled in the form") != std::string::npos);
    CHECK(site.saved.empty());
    CHECK(site.get("/note").status == 423);
    CHECK(site.sign_in_on(refused, "alex").status == 303);
    CHECK(site.saved.size() == 1);
  }
  SECTION("nor where the form's token was another session's: its person sees it first") {
    auto forged = site.send_note(site.sessions.csrf_token(site.sessions.new_visitor_id()) + "1",
                                 "not typed by Alex");
    const auto shown = site.sign_in_on(forged, "alex");
    CHECK(shown.status == 403);
    CHECK(shown.body.find("not typed by Alex") != std::string::npos);
    CHECK(site.saved.empty());
  }
}

TEST_CASE("a form of a session that is gone is shown to its person, who saves it",
          "[sign_in][carried]") {
  Site site;
  site.be_signed_in();
  const auto token = site.open_note();
  Response asked;
  SECTION("signed out in another tab") {
    site.post("/sign-out", {});
    site.cookie.clear();
    asked = site.send_note(token, "met");
    CHECK(asked.status == 403);
    CHECK(asked.body.find("name=\"password\"") != std::string::npos);
    CHECK(site.sign_in_on(asked, "sam").status == 422);
    asked = site.sign_in_on(asked, "alex");
  }
  SECTION("signed out and in again in another tab") {
    site.post("/sign-out", {});
    site.be_signed_in();
    asked = site.send_note(token, "met");
  }
  CHECK(asked.status == 403);
  CHECK(asked.body.find("Save what you typed?") != std::string::npos);
  CHECK(asked.body.find("met") != std::string::npos);
  CHECK(site.saved.empty());
  site.send_note(token_on(asked.body), "met");
  CHECK(site.saved == std::vector<std::string>{"Alex Hughes: met"});
}

TEST_CASE("what a form carries by itself is carried, and not shown as typed",
          "[sign_in][carried]") {
  Site site;
  site.be_signed_in();
  const auto token = site.open_note();
  site.post("/sign-out", {});
  site.be_signed_in();
  Parameters fields;
  fields.add("csrf", token);
  fields.add("text", "met");
  fields.add("free_text", "as-it-stands");
  const auto asked = site.post("/note", std::move(fields), false);
  REQUIRE(asked.body.find("Save what you typed?") != std::string::npos);
  CHECK(asked.body.find(R"(name="free_text" value="as-it-stands")") != std::string::npos);
  CHECK(asked.body.find("Free text") == std::string::npos);
}

TEST_CASE("what somebody else typed is not shown to who is signed in now", "[sign_in][carried]") {
  Site site;
  site.be_signed_in();
  const auto token = site.open_note();
  site.post("/sign-out", {});
  site.cookie.clear();
  site.get("/sign-in");
  REQUIRE(site.sign_in_as("sam", "correct horse").status == 303);
  const auto asked = site.send_note(token, "typed by Alex");
  CHECK(asked.status == 403);
  CHECK(asked.body.find("Save it now") == std::string::npos);
  CHECK(asked.body.find("name=\"password\"") != std::string::npos);
  CHECK(site.saved.empty());
  CHECK(site.sign_in_on(asked, "alex").status == 403);  // shown first, as always then
  CHECK(site.saved.empty());
}

TEST_CASE("over a store that was closed every page is locked, and says what waits",
          "[sign_in][closed]") {
  Site site;
  site.be_signed_in();
  site.is_store_open = false;
  for (const char* page : {"/handover", "/note", "/"}) {
    INFO(page);
    const auto locked = site.get(page);
    CHECK(locked.status == 423);
    CHECK(locked.body.find("D. Evans") == std::string::npos);
    CHECK(locked.body.find("Nothing is sent or received") != std::string::npos);
  }
  CHECK(site.get("/hidden?return_to=%2Fhandover").location == "/handover");
  site.is_store_open = true;  // somebody has signed in
  CHECK(site.get("/handover").status == 200);
  CHECK(site.get("/sign-in").body.find("Nothing is sent or received") == std::string::npos);
}

TEST_CASE("a form that meets a store that was closed is saved once its person has signed in",
          "[sign_in][carried][closed]") {
  Site site;
  site.be_signed_in();
  const auto token = site.open_note();
  SECTION("closed before") { site.is_store_open = false; }
  SECTION("closed while it is being answered") { site.closes_under_us = true; }
  const auto locked = site.send_note(token, "met at the gate");
  CHECK(locked.status == 423);
  CHECK(locked.body.find("Sign in to save it") != std::string::npos);
  CHECK(site.saved.empty());
  site.closes_under_us = false;
  site.is_store_open = true;  // by the sign-in
  CHECK(site.sign_in_on(locked, "alex").location == "/note");
  CHECK(site.saved == std::vector<std::string>{"Alex Hughes: met at the gate"});
}

TEST_CASE("a form that nobody signed in has opened, or that is too large, is not carried",
          "[sign_in][carried]") {
  Site site;
  site.be_signed_in();
  const auto token = site.open_note();
  CHECK(site.send_note(std::string(64, '0'), "x").body.find("Save") == std::string::npos);
  site.now_ms += std::int64_t{15} * 60'000;
  const auto large = site.send_note(token, std::string((1 << 20) + 1, 'x'));
  CHECK(large.status == 423);
  CHECK(large.body.find("was not saved") != std::string::npos);
  CHECK(large.body.size() < 100'000);
  CHECK(site.sign_in_on(large, "alex").location == "/");
}

TEST_CASE("a sign-in that went out of date asks again and keeps what it carries",
          "[sign_in][carried]") {
  Site site;
  site.be_signed_in();
  const auto token = site.open_note();
  site.now_ms += std::int64_t{15} * 60'000;
  const auto locked = site.send_note(token, "met");
  site.cookie.clear();  // as after the program was started again
  const auto again = site.sign_in_on(locked, "alex");
  CHECK(again.status == 403);
  CHECK(again.body.find("Enter your password again") != std::string::npos);
  CHECK(again.body.find("met") != std::string::npos);
  CHECK(site.sign_in_on(again, "alex").body.find("Save what you typed?") != std::string::npos);
}

TEST_CASE("a page left alone goes away by itself, one with a form stays with what is typed",
          "[sign_in]") {
  Site site;
  site.be_signed_in();
  const auto page = site.get("/handover");
  CHECK(page.refresh_after_s == 15 * 60);
  CHECK(page.refresh_to == "/hidden?return_to=%2Fhandover");
  CHECK(site.get("/note").refresh_after_s == 0);
  CHECK(site.get("/sign-in").refresh_after_s == 0);
  const auto fields = Responder::headers_of(page);
  CHECK(std::count(fields.begin(), fields.end(),
                   std::pair<std::string, std::string>(
                       "Refresh", "900; url=/hidden?return_to=%2Fhandover")) == 1);

  site.now_ms += std::int64_t{14} * 60'000;
  const auto in_use = site.get("/hidden?return_to=%2Fhandover");
  CHECK(in_use.status == 200);
  CHECK(in_use.body.find("D. Evans") == std::string::npos);
  CHECK(in_use.body.find("href=\"/handover\"") != std::string::npos);
  site.now_ms += 60'000;  // asking for it was no use of the session
  const auto hidden = site.get("/hidden?return_to=%2Fhandover");
  CHECK(hidden.location == "/handover");
  CHECK(site.get("/handover").status == 423);
}

TEST_CASE("who may no longer stay is signed out at the next visit, from a locked page too",
          "[sign_in]") {
  Site site;
  site.be_signed_in();
  SECTION("at work") {}
  SECTION("while locked") { site.now_ms += 16 * 60'000; }
  site.may_stay = false;
  const auto sent_away = site.get("/");
  CHECK(sent_away.status == 303);
  CHECK(sent_away.location.starts_with("/sign-in"));
  site.may_stay = true;
  CHECK(site.get("/").status == 303);  // for good
}

TEST_CASE("a fault shows a page without detail, and tells only where it was", "[responder]") {
  Site site;
  site.be_signed_in();
  const auto response = site.post("/boom", {});
  CHECK(response.status == 500);
  CHECK(response.body.find("secret detail") == std::string::npos);
  CHECK(site.fault == "/boom");
}

TEST_CASE("an unknown address is 404, a known one with the wrong method 405", "[responder]") {
  Site site;
  site.be_signed_in();
  CHECK(site.get("/nothing").status == 404);
  CHECK(site.get("/%zz").status == 400);
  CHECK(site.get("/boom").status == 405);
  CHECK(site.get("/boom").allow == "POST");
  CHECK(site.responder.answer({site.head(Method::head, "/"), {}}).status == 200);
}

TEST_CASE("the style sheet has an address of its own bytes and may be kept for ever", "[assets]") {
  Site site;
  const auto url = embedded_assets().style.url;
  const auto sheet = site.get(url);
  CHECK(sheet.status == 200);
  CHECK(sheet.cache_control.find("immutable") != std::string::npos);
  CHECK(sheet.set_cookie.empty());
  CHECK(sheet.body.find("GDS") == std::string::npos);
  CHECK(sheet.body.find("@font-face") == std::string::npos);
  CHECK(site.get("/assets/0000000000000000/app.css").status == 404);
  auto head = site.head(Method::get, url);
  head.headers.add("Accept-Encoding", "gzip, br");
  const auto packed = site.responder.answer({head, {}});
  CHECK(packed.content_encoding == "gzip");
  CHECK(packed.body.starts_with("\x1f\x8b"));
}
