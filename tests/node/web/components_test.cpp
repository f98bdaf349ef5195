#include <catch_amalgamated.hpp>
#include <string>

#include "node/web/components/button.h"
#include "node/web/components/compare.h"
#include "node/web/components/filter_box.h"
#include "node/web/components/page.h"
#include "node/web/components/pagination.h"
#include "node/web/components/text_input.h"
#include "node/web/components/timeline.h"
#include "tests/node/web/gallery_pages.h"
#include "tests/node/web/xss_payloads.h"

using namespace throughgate::node::web;

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

bool contains(const Html& html, std::string_view text) {
  return html.str().find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("no attack in any text of any component changes the page's structure",
          "[components][xss]") {
  const std::string harmless = gallery::everything_with("harmless").str();
  for (const char* payload : xss_payloads) {
    INFO(payload);
    const std::string attacked = gallery::everything_with(payload).str();
    CHECK(replaced(attacked, h("{}", payload).str(), "harmless") == harmless);
  }
}

TEST_CASE("a form posts, and its token comes first", "[components]") {
  const Html made =
      form({.action = Url("/a"), .csrf_token = "tok", .has_files = true}, h("<p></p>"));
  CHECK(made.str().starts_with(
      R"(<form method="post" action="/a" enctype="multipart/form-data" novalidate><input type="hidden" name="first" value="-"><input type="hidden" name="csrf" value="tok">)"));
}

TEST_CASE("a text area keeps a line break that its value starts with", "[components]") {
  CHECK(contains(text_area({.field = {.name = "n"}, .value = "\nfirst"}), ">\n\nfirst</textarea>"));
}

TEST_CASE("a password is never shown again", "[components]") {
  CHECK_FALSE(contains(password_input({.field = {.name = "p"}}), "value="));
}

TEST_CASE("who does not decide sees the versions and nothing to choose", "[components]") {
  const Html made = compare_only({{"a", "4 December", "Jo, 1 May"}, {"b", {}, "Sam, 2 May"}});
  CHECK(contains(made, "4 December"));
  CHECK(contains(made, "Nothing entered"));
  CHECK(contains(made, "Sam, 2 May"));
  CHECK_FALSE(contains(made, "<input"));
}

TEST_CASE("a value that is none of the versions can be offered, and is not chosen beforehand",
          "[components]") {
  const Compare compare{
      .fields = {{.name = "date",
                  .label = "Date",
                  .versions = {{"a", "1 May", "Jo"}, {"b", "2 May", "Sam"}},
                  .other = CompareOther{.value = "other", .question = h("<p>asked</p>")}}}};
  const Html made = compare_and_choose(compare);
  CHECK(contains(made, "id=\"date-other\" name=\"date\" type=\"radio\" value=\"other\">"));
  CHECK(contains(made, "<p>asked</p>"));
  CHECK_FALSE(contains(made, "checked"));
}

TEST_CASE("compare and choose picks nothing beforehand and asks nothing where all agree",
          "[components]") {
  const Html made = compare_and_choose(
      {.fields = {{.name = "name", .label = "Name", .versions = {{"a", "Amara", "here"}}},
                  {.name = "phone",
                   .label = "Phone",
                   .versions = {{"a", "07700 900123", "here"}, {"b", "", "there"}}}}});
  CHECK_FALSE(contains(made, " checked"));
  CHECK(contains(made, "Same in both"));
  CHECK(contains(made, "Nothing entered"));
  CHECK_FALSE(contains(made, R"(name="name" type="radio")"));
  CHECK(contains(made, R"(formnovalidate)"));
}

TEST_CASE("a list's pages show first, last, current and neighbours", "[components]") {
  const auto numbers = [](std::int64_t current, std::int64_t count) {
    const auto html = pages_of_list(current, count, [](std::int64_t n) {
                        return query_url("/v", {{"page", std::to_string(n)}});
                      }).str();
    std::string seen;
    for (std::size_t at = 0; at < html.size(); ++at) {
      if (html.compare(at, 17, "aria-label=\"Page ") == 0) {
        seen += html.substr(at + 17, html.find('"', at + 17) - at - 17) + " ";
      }
      if (html.compare(at, 7, "&ctdot;") == 0) seen += ".. ";
    }
    return seen;
  };
  CHECK(numbers(1, 1).empty());
  CHECK(numbers(1, 2) == "1 2 ");
  CHECK(numbers(1, 9) == "1 2 .. 9 ");
  CHECK(numbers(5, 9) == "1 .. 4 5 6 .. 9 ");
  CHECK(numbers(9, 9) == "1 .. 8 9 ");
  CHECK(numbers(2, 3) == "1 2 3 ");
}

TEST_CASE("a link's parameters are encoded whole", "[components]") {
  CHECK(query_url("/v", {{"q", "O'Brien & Söns"}, {"dir", "desc"}}).str() ==
        "/v?q=O%27Brien%20%26%20S%C3%B6ns&dir=desc");
}

TEST_CASE("the status line says since when, and how much waits", "[components]") {
  constexpr std::int64_t noon = 1'795'176'000'000;  // 20 November 2026, midday
  CHECK(status_text(noon - 3'600'000, noon, 3) == "Offline since 11am, 3 changes waiting");
  CHECK(status_text(noon - 86'400'000, noon, 1) ==
        "Offline since midday on 19 November 2026, 1 change waiting");
  CHECK(status_text(std::nullopt, noon, 0) == "Online, everything sent");
}

TEST_CASE("a page with an error says so first in its title", "[components]") {
  CHECK(contains(page({}, {.title = "Add", .has_error = true}),
                 "<title>Error: Add - Throughgate</title>"));
  CHECK(contains(page({}, {.title = "Add"}), "<title>Add - Throughgate</title>"));
}

TEST_CASE("nobody sees a sign-out button before signing in", "[components]") {
  CHECK_FALSE(contains(page({}, {.title = "x"}), "Signed in as"));
  CHECK(contains(page({.person = "Alex"}, {.title = "x"}), "Signed in as Alex"));
}

TEST_CASE("an event's time is there for people and for machines", "[components]") {
  const Html made = timeline({{.title = "Sent", .utc_ms = 1'795'169'640'000}});
  CHECK(contains(made,
                 R"(<time datetime="2026-11-20T10:14:00Z">20 November 2026 at 10:14am</time>)"));
  CHECK(contains(made, "<h3"));
}
