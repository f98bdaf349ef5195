#include "node/web/responder.h"

#include <catch_amalgamated.hpp>
#include <stdexcept>

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
    if (name != "alex" || password.view() != "correct horse") return {};
    return {Person{"1", "alex", "Alex Hughes"}, {}};
  }
  int checks = 0;
};

// A node's pages with one person who may sign in, a clock set by hand, and no socket.
struct Site {
  crypto::SystemRandom random;
  SessionTable sessions{random};
  OnePerson people;
  SignInThrottle throttle;
  std::int64_t now_ms = 0;
  bool may_stay = true;
  std::string fault, kept;
  SignIn sign_in{people,
                 sessions,
                 throttle,
                 {[this] { return now_ms; }, [this](const std::string& state) { kept = state; }}};
  std::string cookie;
  Responder responder{routes(),
                      sessions,
                      {.guards = {.hosts = {"127.0.0.1:8080"}},
                       .frame = gallery::frame,
                       .monotonic_ms = [this] { return now_ms; },
                       .locked_page = [this](const Visit& v) { return sign_in.locked_page(v); },
                       .may_stay = [this](const Person&) { return may_stay; },
                       .on_fault = [this](const std::string& pattern) { fault = pattern; }}};

  Routes routes() {
    Routes made;
    sign_in.add_to(made);
    gallery::add_pages(made);
    return made;
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
    if (route.access == Access::anyone || route.is_mutating()) continue;
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
