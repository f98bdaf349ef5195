// Pages over a store that was closed and whose keys were wiped, as with pages.wipe_on_lock.
#include <future>

#include "tests/node/web/two_people_site.h"

using namespace throughgate;
using namespace throughgate::node::web;
using namespace throughgate::node::web::testing;

TEST_CASE("from the look at a password until the session is open nobody closes the store",
          "[sign_in][closed]") {
  Site site;
  site.get("/sign-in");
  const auto may_close = [&] {  // as whoever watches: from a thread of its own
    return std::async(
               std::launch::async,
               [&] {
                 return std::unique_lock(site.sessions.arriving(), std::try_to_lock).owns_lock();
               })
        .get();
  };
  std::vector<bool> seen;
  site.people.while_looking = site.while_signing_in = [&] { seen.push_back(may_close()); };
  REQUIRE(site.sign_in_as("alex", "correct horse").status == 303);
  CHECK(seen == std::vector<bool>(4, false));  // counted, looked at, taken back, let in
  CHECK(may_close());
  CHECK(site.sign_in_as("alex", "wrong").status == 422);
  CHECK(may_close());
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
