// What was typed goes along to the sign-in.
#include "node/web/carried_form.h"

#include "tests/node/web/two_people_site.h"

using namespace throughgate;
using namespace throughgate::node::web;
using namespace throughgate::node::web::testing;

TEST_CASE("a form sent after the page locked is saved once its person has signed in",
          "[sign_in][carried]") {
  Site site;
  site.be_signed_in();
  const auto token = site.open_note();
  site.now_ms += site.sessions.limits().idle_ms;
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

TEST_CASE("a form that nobody signed in has opened, or that is too large, is not carried",
          "[sign_in][carried]") {
  Site site;
  site.be_signed_in();
  const auto token = site.open_note();
  CHECK(site.send_note(std::string(64, '0'), "x").body.find("Save") == std::string::npos);
  site.now_ms += site.sessions.limits().idle_ms;
  const auto large = site.send_note(token, std::string((1 << 20) + 1, 'x'));
  CHECK(large.status == 423);
  CHECK(large.body.find("was not saved") != std::string::npos);
  CHECK(large.body.size() < 100'000);
  CHECK(site.sign_in_on(large, "alex").location == "/");
}

TEST_CASE("a form that holds a secret is not carried, and the secret stands in no page",
          "[sign_in][carried]") {
  for (const char* secret : {"new-password", "invitation-code", "sheet-words"}) {
    Site site;
    site.be_signed_in();
    const auto token = site.open_note();
    const auto sent = [&] {
      Parameters fields;
      fields.add("csrf", token);
      fields.add("text", "met");
      fields.add(secret, "made-up-secret");
      return site.post("/note", std::move(fields), false);
    };
    site.now_ms += site.sessions.limits().idle_ms;
    const auto locked = sent();
    INFO(secret);
    CHECK(locked.status == 423);
    CHECK(locked.body.find("was not saved") != std::string::npos);
    CHECK(locked.body.find("made-up-secret") == std::string::npos);
    site.sign_in_on(locked, "alex");
    CHECK(sent().body.find("made-up-secret") == std::string::npos);  // in another session
    CHECK(site.saved.empty());
  }
}

TEST_CASE("a sign-in that went out of date asks again and keeps what it carries",
          "[sign_in][carried]") {
  Site site;
  site.be_signed_in();
  const auto token = site.open_note();
  site.now_ms += site.sessions.limits().idle_ms;
  const auto locked = site.send_note(token, "met");
  site.cookie.clear();  // as after the program was started again
  const auto again = site.sign_in_on(locked, "alex");
  CHECK(again.status == 403);
  CHECK(again.body.find("Enter your password again") != std::string::npos);
  CHECK(again.body.find("met") != std::string::npos);
  CHECK(site.sign_in_on(again, "alex").body.find("Save what you typed?") != std::string::npos);
}
