// Search: what is found where, by kind, and what a person reads where there is nothing or too much.
#include <catch_amalgamated.hpp>

#include "node/web/pages/pages.h"
#include "tests/node/web/pages/page_world.h"

namespace throughgate::node::testing {
namespace {

using namespace web;
using Catch::Matchers::ContainsSubstring;

struct Searched : PageWorld {
  Visitor at_prison{prison, codes, {add_search_page}};
  Visitor at_partner{partner, codes, {add_search_page}};

  sync::DossierId volunteer(const std::string& given, const std::string& family) {
    return begun("volunteer", {{"given-name", given}, {"family-name", family}});
  }
  sync::DossierId begun(const char* type, const std::vector<FieldInput>& inputs) {
    return must(records(prison).new_record(*record_type(type), inputs, by(prison))).record.dossier;
  }
  void add(const sync::DossierId& dossier, const char* type,
           const std::vector<FieldInput>& inputs) {
    must(records(prison).new_record_in(dossier, *record_type(type), inputs, by(prison)));
  }
  // The part of the page under this heading; empty without it.
  std::string group(const std::string& words, const std::string& heading) const {
    const auto page = at_prison.page("/search?q=" + words);
    const auto start = page.find("govuk-heading-m\">" + heading + "<");
    if (start == std::string::npos) return {};
    return page.substr(start, page.find("</section>", start) - start);
  }
};

}  // namespace

TEST_CASE("what holds the words is found in every kind of record, with the way to it", "[search]") {
  Searched world;
  const auto handover = world.shared_handover();
  const auto volunteer = world.volunteer("Alex", "O'Brien <b>");
  world.begun("person", {{"given-name", "Alexander"}, {"family-name", "Personson"}});

  const auto handovers = world.group("alex", "Handovers");
  CHECK_THAT(handovers, ContainsSubstring("href=\"/handovers/" + handover.hex() + "\""));
  CHECK_THAT(text_of_page(handovers),
             ContainsSubstring("Handover of Alex Example First names: Alex"));
  const auto volunteers = world.group("alex", "Volunteers");
  CHECK_THAT(volunteers, ContainsSubstring("href=\"/volunteers/" + volunteer.hex() + "\""));
  CHECK_THAT(text_of_page(volunteers), ContainsSubstring("Volunteer Alex O'Brien <b>"));
  CHECK(volunteers.find("<b>") == std::string::npos);
  CHECK_THAT(text_of_page(world.group("alex", "People in prison")),
             ContainsSubstring("Alexander Personson"));

  // Every word has to stand somewhere in it, the last may be unfinished.
  world.add(
      handover, "need",
      {{"pathway", "Accommodation"}, {"need", "a flat"}, {"skills-wanted", "Tenancy advice"}});
  CHECK_THAT(text_of_page(world.group("tenancy+leeds+exam", "Handovers")),
             ContainsSubstring("Need, Skills that would help: Tenancy advice"));
  CHECK(world.group("alex+example", "Volunteers").empty());
  // Each site finds what it has.
  CHECK(says(world.at_partner.page("/search?q=example"), "Handover of Alex Example"));
  CHECK_FALSE(says(world.at_partner.page("/search?q=alex"), "O'Brien"));
}

TEST_CASE("a volunteer who is suspended or excluded is found as such", "[search]") {
  Searched world;
  world.volunteer("Amara", "Brickley");
  world.begun("volunteer",
              {{"given-name", "Amara"}, {"family-name", "Barred"}, {"standing", "Excluded"}});
  const auto found = text_of_page(world.group("amara", "Volunteers"));
  CHECK_THAT(found, ContainsSubstring("Volunteer Amara Barred Excluded First"));
  CHECK_THAT(found, ContainsSubstring("Volunteer Amara Brickley First"));
}

TEST_CASE("what stands in a volunteer's file is found at the volunteer, once", "[search]") {
  Searched world;
  const auto id = world.volunteer("Amara", "Brickley");
  world.begun("volunteer-file",
              {{"volunteer", id.hex()}, {"town", "Brickley Green"}, {"skills", "Bricklaying"}});
  const auto found = world.group("brick", "Volunteers");
  const std::string link = "href=\"/volunteers/" + id.hex() + "\"";
  const auto first = found.find(link);
  REQUIRE(first != std::string::npos);
  CHECK(found.find(link, first + 1) == std::string::npos);
  const auto text = text_of_page(found);
  for (const char* words : {"Volunteer Amara Brickley", "Family name: Brickley", "Brickley Green",
                            "Skills: Bricklaying"}) {
    CHECK_THAT(text, ContainsSubstring(words));
  }
}

TEST_CASE("more than a person looks through says so, with what to do", "[search]") {
  Searched world;
  for (int i = 0; i < 26; ++i) world.volunteer("Alex", "Number" + std::to_string(i));
  const auto found = world.group("alex", "Volunteers");
  std::size_t entries = 0;
  for (auto at = found.find("<h3"); at != std::string::npos; at = found.find("<h3", at + 1)) {
    ++entries;
  }
  CHECK(entries == 25);
  CHECK_THAT(text_of_page(found),
             ContainsSubstring("These are the newest 25. There are more: add another word"));
  CHECK_FALSE(says(world.group("alex+number7", "Volunteers"), "There are more"));
}

TEST_CASE("nothing asked, nothing found and too much asked are told apart", "[search]") {
  const Searched world;
  const auto page = world.at_prison.page("/search");
  CHECK_FALSE(says(page, "on this computer"));
  CHECK(says(world.at_prison.page("/search?q=nobody"),
             "No name, skill or place on this computer holds these"));
  for (const char* asked : {"/search?q=", "/search?q=a+b+c+d+e+f+g+h+i"}) {
    const auto wrong = world.at_prison.get(asked);
    CHECK(wrong.status == 422);
    CHECK_THAT(wrong.body, ContainsSubstring("<title>Error: Search"));
    CHECK_THAT(wrong.body, ContainsSubstring("href=\"#q\">Type one to eight words"));
  }
  CHECK_THAT(world.at_prison.get("/search?q=a+b+c+d+e+f+g+h+i").body,
             ContainsSubstring("value=\"a b c d e f g h i\""));
}

}  // namespace throughgate::node::testing
