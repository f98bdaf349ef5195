#include "node/web/http.h"

#include <catch_amalgamated.hpp>

#include "node/web/form_body.h"

using namespace throughgate::node::web;

TEST_CASE("a target is taken apart and decoded", "[http]") {
  const auto target = parse_target("/volunteers/a%20b?q=O%27Brien+%26+Sons&q=2&empty=");
  REQUIRE(target);
  CHECK(target->segments == std::vector<std::string>{"volunteers", "a b"});
  CHECK(target->query.get("q") == "O'Brien & Sons");
  CHECK(target->query.all("q").size() == 2);
  CHECK(target->query.has("empty"));
  CHECK(parse_target("/")->segments.empty());
  CHECK(parse_target("/a/")->segments == std::vector<std::string>{"a"});
}

TEST_CASE("an encoded slash stays inside its segment", "[http]") {
  CHECK(parse_target("/a%2Fb")->segments == std::vector<std::string>{"a/b"});
}

TEST_CASE("targets that are cut, wrong, doubled or not UTF-8 are refused", "[http]") {
  for (const char* bad :
       {"", "a", "http://127.0.0.1/", "*", "/%", "/%4", "/%zz", "/%00", "/a?b=%00", "/%ff",
        "//evil.example", "/a//b", "/%c0%af", "/?%ed%a0%80=1"}) {
    INFO(bad);
    CHECK_FALSE(parse_target(bad));
  }
}

TEST_CASE("UTF-8 is told from what only looks like it", "[http]") {
  CHECK(is_valid_utf8("Ll\xC5\xB7r \xE2\x82\xAC \xF0\x9F\x8F\xB4"));
  for (const char* bad : {"\x80", "\xC2", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80",
                          "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xE2\x82"}) {
    CHECK_FALSE(is_valid_utf8(bad));
  }
}

TEST_CASE("a form's fields keep order and repeats", "[http]") {
  const auto fields = parse_urlencoded("a=1&b=2&a=3&&c", {});
  REQUIRE(fields);
  CHECK(fields->all("a") == std::vector<std::string>{"1", "3"});
  CHECK(fields->get("c").empty());
  CHECK(fields->has("c"));
}

TEST_CASE("a form past a limit is refused, not cut", "[http]") {
  const FormLimits limits{.fields_max = 2, .name_bytes_max = 3, .value_bytes_max = 4};
  CHECK(parse_urlencoded("a=1&b=2", limits));
  CHECK_FALSE(parse_urlencoded("a=1&b=2&c=3", limits));
  CHECK(parse_urlencoded("abc=1234", limits));
  CHECK_FALSE(parse_urlencoded("abcd=1", limits));
  CHECK_FALSE(parse_urlencoded("a=12345", limits));
  CHECK_FALSE(parse_urlencoded("a=%ff", limits));
  CHECK_FALSE(parse_urlencoded("a=%0", limits));
}

TEST_CASE("the parts of a multipart form become fields and files", "[http]") {
  PartCollector parts{FormLimits{}};
  parts.start_part("csrf", false, "");
  parts.add_bytes("ab");
  parts.add_bytes("cd");
  parts.start_part("file", true, "a.csv");
  parts.add_bytes("\xff\x00");
  parts.start_part("none", true, "");
  const auto form = parts.finish();
  REQUIRE(form);
  CHECK(form->fields.get("csrf") == "abcd");
  REQUIRE(form->files.size() == 1);
  CHECK(form->files[0].file_name == "a.csv");
}

TEST_CASE("too many parts, too many bytes or a value that is not text refuse the whole form",
          "[http]") {
  const FormLimits limits{
      .body_bytes_max = 8, .fields_max = 3, .value_bytes_max = 4, .files_max = 1};
  const auto refused = [&](auto fill) {
    PartCollector parts(limits);
    fill(parts);
    return !parts.finish();
  };
  const auto field = [](PartCollector& p, std::string_view value) {
    p.start_part("a", false, "");
    p.add_bytes(value);
  };
  CHECK_FALSE(refused([&](PartCollector& p) { field(p, "1234"); }));
  CHECK(refused([&](PartCollector& p) { field(p, "12345"); }));
  CHECK(refused([&](PartCollector& p) { field(p, "\xff"); }));
  CHECK(refused([&](PartCollector& p) {
    for (int i = 0; i < 4; ++i) field(p, "");
  }));
  CHECK(refused([&](PartCollector& p) {
    p.start_part("f", true, "x");
    p.add_bytes("123456789");
  }));
  CHECK(refused([&](PartCollector& p) {
    for (int i = 0; i < 2; ++i) p.start_part("f", true, "x");
  }));
  CHECK(refused([&](PartCollector& p) { p.add_bytes("outside any part"); }));
}

TEST_CASE("a cookie is found by its whole name, and only when there is one", "[http]") {
  const auto cookies = [](const char* text) {
    HeaderFields headers;
    headers.add("cookie", text);
    return headers;
  };
  CHECK(cookie_value(cookies("a=1; __Host-sid=xyz; b=2"), "__Host-sid") == "xyz");
  CHECK(cookie_value(cookies("x__Host-sid=1"), "__Host-sid").empty());
  CHECK(cookie_value(cookies("__Host-sid2=1"), "__Host-sid").empty());
  CHECK(cookie_value(cookies("__Host-sid=1; __Host-sid=2"), "__Host-sid").empty());
  CHECK(cookie_value({}, "__Host-sid").empty());
}

TEST_CASE("a redirect stays on this server", "[http]") {
  CHECK(see_other(Url("/a?b=c")).location == "/a?b=c");
  CHECK(see_other(Url("https://example.org/")).location == "/");
  CHECK(see_other(Url("//example.org/")).location == "/");
}

TEST_CASE("a download's name cannot leave its header", "[http]") {
  CHECK(download("", "text/csv", "a\"b\r\n;../c-1.csv").file_name == "ab..c-1.csv");
}
