// Signing in and out, and pages that lock.
#include "node/web/sign_in.h"

#include "tests/node/web/two_people_site.h"

using namespace throughgate;
using namespace throughgate::node::web;
using namespace throughgate::node::web::testing;

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

TEST_CASE("a password that could not be tried counts as no guess, and leaves others counted",
          "[sign_in]") {
  Site site;
  site.get("/sign-in");
  for (int i = 0; i < 4; ++i) CHECK(site.sign_in_as("alex", "wrong").status == 422);
  site.now_ms += 1'000;
  const auto before = site.throttle.save(site.now_ms);
  for (int i = 0; i < 20; ++i) {
    const auto untried = site.sign_in_as("alex", "no memory for this");
    CHECK(untried.status == 503);
    CHECK(untried.body.find("Close other programs") != std::string::npos);
  }
  CHECK(site.throttle.save(site.now_ms) == before);
  CHECK(site.kept == before);
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

TEST_CASE("whoever chose a new password is told that it is changed, and to sign in with it",
          "[sign_in]") {
  Site site;
  const std::string changed = "Your password is changed. Sign in with the new one.";
  CHECK(site.get("/sign-in?return_to=%2Fstaff%3Fdone%3Dpassword").body.find(changed) !=
        std::string::npos);
  CHECK(site.get("/sign-in?return_to=%2Fstaff").body.find(changed) == std::string::npos);
}

TEST_CASE("a page left alone locks, says what was lost, and opens again where it was",
          "[sign_in]") {
  Site site;
  site.be_signed_in();
  site.now_ms += site.sessions.limits().idle_ms;
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

TEST_CASE("a page left alone goes away by itself, one with a form stays with what is typed",
          "[sign_in]") {
  Site site;
  site.be_signed_in();
  const auto page = site.get("/handover");
  CHECK(page.refresh_after_s == 5 * 60);
  CHECK(page.refresh_to == "/hidden?return_to=%2Fhandover");
  CHECK(site.get("/note").refresh_after_s == 0);
  CHECK(site.get("/sign-in").refresh_after_s == 0);
  const auto fields = Responder::headers_of(page);
  CHECK(std::count(fields.begin(), fields.end(),
                   std::pair<std::string, std::string>(
                       "Refresh", "300; url=/hidden?return_to=%2Fhandover")) == 1);

  site.now_ms += std::int64_t{4} * 60'000;
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
  SECTION("while locked") { site.now_ms += site.sessions.limits().idle_ms; }
  site.may_stay = false;
  const auto sent_away = site.get("/");
  CHECK(sent_away.status == 303);
  CHECK(sent_away.location.starts_with("/sign-in"));
  site.may_stay = true;
  CHECK(site.get("/").status == 303);  // for good
}
