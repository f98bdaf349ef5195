#include "node/web/html.h"

#include <catch_amalgamated.hpp>
#include <string>
#include <vector>

#include "tests/node/web/xss_payloads.h"

using namespace throughgate::node::web;

namespace {

std::string between(const std::string& text, const std::string& before, const std::string& after) {
  const auto from = text.find(before) + before.size();
  return text.substr(from, text.rfind(after) - from);
}

std::string unescaped(std::string text) {
  const std::vector<std::pair<std::string, std::string>> names = {{"&lt;", "<"},    {"&gt;", ">"},
                                                                  {"&quot;", "\""}, {"&#39;", "'"},
                                                                  {"&#96;", "`"},   {"&amp;", "&"}};
  for (const auto& [name, letter] : names) {
    for (std::size_t at = 0; (at = text.find(name, at)) != std::string::npos; ++at) {
      text.replace(at, name.size(), letter);
    }
  }
  return text;
}

bool has_control_character(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c == '\x01'; });
}

}  // namespace

TEST_CASE("text is escaped between tags and in attributes, and markup passes through", "[html]") {
  const std::string text = "Quinn & Sons <\"O'Brien\">";
  CHECK(h(R"(<p title="{}">{}</p>)", text, text).str() ==
        "<p title=\"Quinn &amp; Sons &lt;&quot;O&#39;Brien&quot;&gt;\">"
        "Quinn &amp; Sons &lt;&quot;O&#39;Brien&quot;&gt;</p>");
  CHECK(h("<p>{}</p>", h("<b>{}</b>", 12)).str() == "<p><b>12</b></p>");
}

TEST_CASE("an attribute that is off leaves nothing behind", "[html]") {
  CHECK(h(R"(<option value="1"{}{}>)", flag("selected", true), flag("disabled", false)).str() ==
        R"(<option value="1" selected>)");
  CHECK(h(R"(<p{}>)", attr_unless_empty("id", "")).str() == "<p>");
  CHECK(h(R"(<p{}>)", attr("title", "a\"b")).str() == R"(<p title="a&quot;b">)");
}

TEST_CASE("control characters, which HTML forbids, are shown as replacement characters", "[html]") {
  CHECK(h("{}", std::string("a\0b\x1b\tc\n", 7)).str() ==
        "a\xEF\xBF\xBD"
        "b\xEF\xBF\xBD\tc\n");
}

TEST_CASE("signs that would turn a text around, unseen, are left out", "[html]") {
  const std::string text = "Ev\u202Eil <\u2067b\u200F> \u05E9\u05DD\u2069";
  CHECK(h(R"(<p title="{}">{}</p>)", text, text).str() ==
        "<p title=\"Evil &lt;b&gt; \u05E9\u05DD\">Evil &lt;b&gt; \u05E9\u05DD</p>");
  CHECK(h("<p>{}</p>", "Main\u2028gate\u0085here").str() == "<p>Main\ngate\nhere</p>");
}

TEST_CASE("no attack gets out of a text place", "[html][xss]") {
  for (const char* payload : xss_payloads) {
    const auto inside = between(h("<p>{}</p>", payload).str(), "<p>", "</p>");
    INFO(payload);
    CHECK(inside.find_first_of("<>\"'`") == std::string::npos);
    if (!has_control_character(payload)) CHECK(unescaped(inside) == payload);
  }
}

TEST_CASE("no attack gets out of an attribute", "[html][xss]") {
  for (const char* payload : xss_payloads) {
    INFO(payload);
    const auto quoted = between(h(R"(<p title="{}">x</p>)", payload).str(), "title=\"", "\">x");
    CHECK(quoted.find_first_of("<>\"'`") == std::string::npos);
    const auto whole =
        between(h(R"(<p{}>x</p>)", attr("title", payload)).str(), "title=\"", "\">x");
    CHECK(whole == quoted);
  }
}

TEST_CASE("no attack becomes an address that runs script or leads elsewhere unseen",
          "[html][xss]") {
  for (const char* payload : xss_payloads) {
    INFO(payload);
    CHECK(h(R"(<a href="{}">x</a>)", Url(payload)).str() == R"(<a href="#">x</a>)");
  }
}

TEST_CASE("local paths, queries, fragments, web and mail addresses are links", "[html]") {
  for (const char* good : {"/volunteers/1?a=b#c", "?sort=name", "#main", "https://example.org/a",
                           "http://example.org", "mailto:a@example.org", "/"}) {
    CHECK(Url(good).str() == good);
  }
  for (const char* bad : {"", "volunteers", "//example.org", "ftp://example.org", "/a b",
                          "/a\r\nX: y", "https:example.org", "about:blank", "/\\example.org"}) {
    INFO(bad);
    CHECK(Url(bad).str() == "#");
  }
}
