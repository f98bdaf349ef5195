// Routes, tokens, faults and assets: what is answered to whom.
#include "tests/node/web/two_people_site.h"

using namespace throughgate;
using namespace throughgate::node::web;
using namespace throughgate::node::web::testing;

namespace {

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
