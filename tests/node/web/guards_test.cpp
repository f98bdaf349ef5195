#include "node/web/guards.h"

#include <catch_amalgamated.hpp>

#include "node/web/components/page.h"

using namespace throughgate::node::web;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

// A head that passes, with some fields replaced (an empty value takes the field out).
RequestHead head(Method method, const Fields& changes = {}) {
  Fields fields = {{"Host", "127.0.0.1:8080"}};
  if (method == Method::post)
    fields.insert(fields.end(), {{"Content-Length", "7"},
                                 {"Origin", "http://127.0.0.1:8080"},
                                 {"Sec-Fetch-Site", "same-origin"}});
  for (const auto& change : changes) {
    std::erase_if(fields, [&](const auto& field) { return field.first == change.first; });
  }
  for (const auto& change : changes) {
    if (!change.second.empty()) fields.push_back(change);
  }
  RequestHead made;
  made.method = method;
  made.target = "/";
  for (auto& [name, value] : fields) made.headers.add(name, value);
  return made;
}

int status(const RequestHead& head) {
  const GuardSettings settings{.hosts = {"127.0.0.1:8080", "localhost:8080"}};
  const auto refusal = refuse(head, settings);
  return refusal ? refusal->status : 200;
}

}  // namespace

TEST_CASE("ordinary requests pass the guards", "[guards]") {
  CHECK(status(head(Method::get)) == 200);
  CHECK(status(head(Method::head)) == 200);
  CHECK(status(head(Method::post)) == 200);
  CHECK(status(head(Method::get, {{"Host", "localhost:8080"}})) == 200);
  CHECK(status(head(Method::post, {{"Origin", ""}, {"Sec-Fetch-Site", ""}})) ==
        200);  // old browsers
}

TEST_CASE("one address takes a long body, and no other", "[guards]") {
  const GuardSettings settings{.hosts = {"127.0.0.1:8080"},
                               .long_body_paths = {"/bring"},
                               .long_body_bytes_max = 30'000'000};
  const auto seen = [&](const std::string& target, const std::string& length) {
    auto asked = head(Method::post, {{"Content-Length", length}});
    asked.target = target;
    const auto refusal = refuse(asked, settings);
    return refusal ? refusal->status : 200;
  };
  CHECK(seen("/bring", "30000000") == 200);
  CHECK(seen("/bring", "30000001") == 413);
  for (const char* other : {"/", "/bring/", "/bring?a=1", "/bring2", "//bring"}) {
    CHECK(seen(other, "3000000") == 413);
  }
}

TEST_CASE("another name for this address is refused, against DNS rebinding", "[guards]") {
  for (const char* host :
       {"evil.example", "127.0.0.1", "127.0.0.1:8081", "127.0.0.1:8080.evil.example"}) {
    CHECK(status(head(Method::get, {{"Host", host}})) == 421);
  }
  CHECK(status(head(Method::get, {{"Host", ""}})) == 421);
  CHECK(status(head(Method::get, {{"Host", "127.0.0.1:8080"}, {"host", "evil.example"}})) == 421);
}

TEST_CASE("forms of other sites and of other ports are refused", "[guards]") {
  for (const char* site : {"cross-site", "same-site", "anything"}) {
    CHECK(status(head(Method::post, {{"Sec-Fetch-Site", site}})) == 403);
  }
  for (const char* origin : {"http://evil.example", "http://127.0.0.1:8081",
                             "https://127.0.0.1:8080", "null", "http://localhost:8080"}) {
    CHECK(status(head(Method::post, {{"Origin", origin}})) == 403);
  }
}

TEST_CASE("a link from elsewhere opens a page, but no other site can embed or fetch one",
          "[guards]") {
  const auto foreign_get = [](const char* mode) {
    return status(head(Method::get, {{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", mode}}));
  };
  CHECK(foreign_get("navigate") == 200);
  CHECK(foreign_get("no-cors") == 403);
  CHECK(foreign_get("cors") == 403);
}

TEST_CASE("a body must have one plain length within the limit", "[guards]") {
  CHECK(status(head(Method::post, {{"Content-Length", ""}})) == 411);
  CHECK(status(head(Method::post, {{"Transfer-Encoding", "chunked"}})) == 411);
  CHECK(status(head(Method::post, {{"Content-Encoding", "gzip"}})) == 415);
  CHECK(status(head(Method::post, {{"Content-Length", "2097152"}})) == 200);
  CHECK(status(head(Method::post, {{"Content-Length", "2097153"}})) == 413);
  CHECK(status(head(Method::post, {{"Content-Length", "7"}, {"content-length", "7"}})) == 400);
  for (const char* wrong : {"-1", "+1", "1e3", "0x10", "7 ", "99999999999999999999999"}) {
    CHECK(status(head(Method::post, {{"Content-Length", wrong}})) == 400);
  }
}

TEST_CASE("a page is asked for without a body", "[guards]") {
  CHECK(status(head(Method::get, {{"Content-Length", "0"}})) == 200);
  for (const char* wrong :
       {"5", "+43", "43 x", "-1", "+0", "00", "0x0", "99999999999999999999999"}) {
    INFO(wrong);
    CHECK(status(head(Method::get, {{"Content-Length", wrong}})) == 400);
    CHECK(status(head(Method::head, {{"Content-Length", wrong}})) == 400);
  }
  CHECK(status(head(Method::get, {{"Content-Length", "0"}, {"content-length", "0"}})) == 400);
  CHECK(status(head(Method::get, {{"Transfer-Encoding", "chunked"}})) == 400);
}

TEST_CASE("there are three methods", "[guards]") {
  CHECK(method_named("DELETE") == Method::other);
  CHECK(method_named("get") == Method::other);
  CHECK(status(head(Method::other)) == 405);
}

TEST_CASE("the policy names the inline script by the hash govuk-frontend publishes", "[guards]") {
  const auto policy = content_security_policy(inline_script);
  CHECK(policy.find("'sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw='") != std::string::npos);
  CHECK(policy.find("unsafe") == std::string::npos);
}

TEST_CASE("base64 pads as it should", "[guards]") {
  CHECK(base64("").empty());
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64("\xff\xfe") == "//4=");
}
