// The list of volunteers, the search, and the pages of one of them.
#include <set>

#include "tests/node/web/pages/volunteer_pages.h"

namespace throughgate::node::web::testing {

TEST_CASE("a site without volunteers says so and how to begin", "[volunteers]") {
  VolunteerPages pages;
  const auto text = pages.text(pages.prison, "/volunteers");
  CHECK(holds(text, "No volunteers are recorded here yet"));
  CHECK(holds(text, "Add a volunteer"));
  CHECK(holds(pages.text(pages.prison, "/volunteers?q=nobody"), "No volunteers match"));
}

TEST_CASE("a clearance that has run out or soon will is marked in the list", "[volunteers]") {
  VolunteerPages pages;
  const auto add = [&](const char* name, const char* expires) {
    const auto id = pages.volunteer(pages.world.prison, "A", name);
    pages.add(id, "clearance",
              {{"level", "STANDARD"},
               {"setting", "A prison"},
               {"decision", "Granted"},
               {"expires-on", expires}});
  };
  add("Gone", "2027-01-14");  // these tests' clock stands at 15 January 2027
  add("Soon", "2027-03-01");
  const auto text = pages.text(pages.prison, "/volunteers");
  CHECK(holds(text, "Standard Expired 14 January 2027"));
  CHECK(holds(text, "Standard Expires soon 1 March 2027"));
}

TEST_CASE("a volunteer is found by name, skill or place, in either part", "[volunteers]") {
  VolunteerPages pages;
  const auto id = pages.volunteer(pages.world.prison, "Amara", "Price");
  pages.volunteer(pages.world.prison, "Bron", "Pugh");
  auto file = pages.sheet_of(pages.prison, at(id) + "/add/volunteer-file");
  file.type("town", "Exampleton").type("skills", "Plastering");
  pages.after(pages.send(pages.prison, at(id) + "/add/volunteer-file", file));
  for (const char* words : {"pric", "plastering", "exampleton"}) {
    INFO(words);
    const auto text = pages.text(pages.prison, std::string("/volunteers?q=") + words);
    CHECK(holds(text, "Price, Amara"));
    CHECK_FALSE(holds(text, "Pugh"));
  }
  const auto wrong = pages.prison.get("/volunteers?q=" + std::string(300, 'x'));
  CHECK(wrong.status == 422);
  CHECK(holds(wrong.body, "href=\"#q\""));
}

TEST_CASE("more records of a kind than a page holds are all reached, each once", "[volunteers]") {
  VolunteerPages pages;
  const auto id = pages.volunteer(pages.world.prison, "Amara", "O'Brien");
  std::vector<FieldInput> training{{"course", "SAFEGUARD"}, {"passed-on", ""}};
  for (int i = 0; i < 53; ++i) {
    training[1].text = "2025-" + std::string(i < 28 ? "01-" : "02-") +
                       std::string((i % 28) < 9 ? "0" : "") + std::to_string(i % 28 + 1);
    pages.add(id, "training-passed", training);
  }
  CHECK(holds(pages.text(pages.prison, at(id)), "These are the first 50. See all of them"));
  const std::string address = at(id) + "/records/training-passed";
  const auto first = pages.prison.get(address).body;
  const auto from = first.find(address + "?after=");
  REQUIRE(from != std::string::npos);
  const auto second = pages.prison.get(first.substr(from, first.find('"', from) - from)).body;
  CHECK(holds(second, "First page"));
  CHECK_FALSE(holds(second, "Next page"));
  std::set<std::string> cards;
  for (const auto& page : {first, second}) {
    const std::string record = address + "/";
    for (auto spot = page.find(record); spot != std::string::npos;
         spot = page.find(record, spot + 1)) {
      const bool added = cards.insert(page.substr(spot + record.size(), 16)).second;
      const bool is_change = page.compare(spot + record.size() + 16, 8, "/change\"") == 0;
      CHECK(added == is_change);  // the ways to change and to the history of each
    }
  }
  CHECK(cards.size() == 53);
  for (const char* none : {"/records/nothing", "/records/volunteer", "/records/supervision"}) {
    CHECK(pages.prison.get(at(id) + none).status == 404);
  }
}

TEST_CASE("the list goes on from page to page, in either order, and by stage", "[volunteers]") {
  VolunteerPages pages;
  for (int i = 0; i < 60; ++i) {
    pages.volunteer(pages.world.prison, "A", "Name" + std::to_string(100 + i),
                    {{"status", i % 2 == 0 ? "Active" : "Paused"}});
  }
  const auto first = pages.prison.get("/volunteers");
  CHECK(holds(first.body, "Name149"));
  CHECK_FALSE(holds(first.body, "Name150"));
  const auto from = first.body.find("/volunteers?after=");
  REQUIRE(from != std::string::npos);
  const auto second = pages.prison.get(first.body.substr(from, first.body.find('"', from) - from));
  CHECK(holds(second.body, "Name150"));
  CHECK(holds(second.body, "Name159"));
  CHECK_FALSE(holds(second.body, "Next page"));
  const auto back = pages.prison.get("/volunteers?dir=desc");
  CHECK(holds(back.body, "Name159"));
  CHECK_FALSE(holds(back.body, "Name100"));
  const auto paused = pages.prison.get("/volunteers?stage=PAUSED");
  CHECK(holds(paused.body, "Name159"));
  CHECK_FALSE(holds(paused.body, "Name158"));
  CHECK(pages.prison.get("/volunteers?after=zz").status == 422);
}

TEST_CASE(
    "somebody with one name only is added by it, and dates are asked for so that they are taken",
    "[volunteers]") {
  VolunteerPages pages;
  auto sheet = pages.sheet_of(pages.prison, "/volunteers/new");
  const auto page = pages.prison.get("/volunteers/new").body;
  CHECK(holds(page, "For example, 27 3 1985"));
  CHECK_FALSE(holds(page, "For example, 27 3 2027"));
  sheet.type("family-name", "Suharto").type("date-of-birth-day", "27");
  sheet.type("date-of-birth-month", "3").type("date-of-birth-year", "85");
  const auto refused = pages.send(pages.prison, "/volunteers/new", sheet);
  CHECK(refused.status == 422);
  CHECK(holds(text_of_page(refused), "Type the year with four digits, such as 2026."));
  sheet.type("date-of-birth-year", "1985");
  const auto at_home = pages.after(pages.send(pages.prison, "/volunteers/new", sheet));
  CHECK(holds(pages.text(pages.prison, at_home), "Volunteer Suharto"));
}

TEST_CASE("who is suspended or excluded is found under that, and no more under the stage they had",
          "[volunteers]") {
  VolunteerPages pages;
  pages.volunteer(pages.world.prison, "A", "Active", {{"status", "Active"}});
  pages.volunteer(pages.world.prison, "B", "Reviewed",
                  {{"status", "Active"}, {"standing", "Under review: no sessions"}});
  pages.volunteer(pages.world.prison, "C", "Stopped",
                  {{"status", "Active"}, {"standing", "Suspended: no sessions"}});
  pages.volunteer(pages.world.prison, "D", "Stage-stopped",
                  {{"status", "Suspended"}, {"standing", "Under review: no sessions"}});
  const auto barred = pages.volunteer(pages.world.prison, "E", "Barred",
                                      {{"status", "Active"}, {"standing", "Excluded"}});
  const auto stage_barred =
      pages.volunteer(pages.world.prison, "F", "Stage-barred",
                      {{"status", "Excluded"}, {"standing", "Nothing against them"}});
  const auto under = [&](const std::string& stage) {
    const auto page = pages.text(pages.prison, "/volunteers?stage=" + stage);
    std::string out;
    for (const char* each : {"Active, A", "Reviewed, B", "Stopped, C", "Stage-stopped, D",
                             "Barred, E", "Stage-barred, F"}) {
      if (holds(page, each)) out += std::string(each).back();
    }
    return out;
  };
  CHECK(under("ACTIVE") == "A");
  CHECK(under("UNDER_REVIEW") == "B");
  CHECK(under("SUSPENDED") == "CD");
  CHECK(under("EXCLUDED") == "EF");
  CHECK(under("") == "ABCDEF");
  CHECK(holds(pages.text(pages.prison, "/volunteers?stage=EXCLUDED"), "Excluded Stage: Active"));
  CHECK(holds(pages.prison.get(at(stage_barred)).body, "govuk-warning-text"));
  CHECK(holds(pages.text(pages.prison, at(barred) + "/stage"), "Now: Active. Besides: Excluded."));
}

TEST_CASE("a volunteer who may not work is told of before anything else", "[volunteers]") {
  VolunteerPages pages;
  const auto id = pages.volunteer(
      pages.world.prison, "Amara", "Price",
      {{"standing", "Suspended: no sessions"}, {"standing-reason", "Keys were lost"}});
  const auto page = pages.prison.get(at(id));
  const auto warning = page.body.find("govuk-warning-text");
  REQUIRE(warning != std::string::npos);
  CHECK(warning < page.body.find("govuk-summary-card"));
  CHECK(holds(text_of_page(page), "Suspended: no sessions. Keys were lost"));
  CHECK(holds(pages.text(pages.prison, "/volunteers"), "Suspended: no sessions"));
}

TEST_CASE("the history goes on from page to page", "[volunteers]") {
  VolunteerPages pages;
  const auto id = pages.volunteer(pages.world.prison, "Amara", "Price");
  for (int i = 0; i < 60; ++i) {
    auto records = pages.world.records(pages.world.prison);
    const auto form = must(records.open({id, {}, record_type("volunteer")->number}));
    pages.world.world.now_ms += 1000;
    must(records.set_fields(form, {{"known-as", "Name" + std::to_string(i)}},
                            pages.world.by(pages.world.prison)));
  }
  const auto first = pages.text(pages.prison, at(id) + "/history");
  CHECK(holds(first, "Name59 current"));
  CHECK(holds(first, "Name10 replaced"));
  CHECK_FALSE(holds(first, "Name9 "));
  CHECK(holds(first, "Older changes"));
  const auto second = pages.text(pages.prison, at(id) + "/history?page=2");
  CHECK(holds(second, "Name9 replaced"));
  CHECK(holds(second, "Price"));
  CHECK_FALSE(holds(second, "Older changes"));
}

TEST_CASE("nothing of a volunteer is shown or taken under another's address", "[volunteers]") {
  VolunteerPages pages;
  const auto id = pages.volunteer(pages.world.prison, "Amara", "Price");
  const auto other = pages.volunteer(pages.world.prison, "Bron", "Pugh");
  pages.add(other, "clearance", {{"level", "STANDARD"}, {"setting", "A prison"}});
  const auto page = pages.prison.get(at(other)).body;
  const auto from = page.find("/records/clearance/");
  const auto tail = page.substr(from, page.find('"', from) - from);
  CHECK(pages.prison.get(at(other) + tail).status == 200);
  CHECK(pages.prison.get(at(id) + tail).status == 404);
  CHECK(pages.prison.get("/volunteers/zz").status == 404);
  CHECK(pages.prison.get("/volunteers/" + std::string(32, '0')).status == 404);
  CHECK(pages.prison.get(at(id) + "/add/handover").status == 404);
  CHECK(pages.prison.get(at(id) + "/add/volunteer").status == 404);
  CHECK(pages.prison.get(at(id) + "/add/vetting-override").status == 404);
  CHECK(pages.prison.get(at(pages.world.shared_handover())).status == 404);
  CHECK(pages.partner.get(at(id)).status == 404);
}

TEST_CASE("looking changes nothing", "[volunteers]") {
  VolunteerPages pages;
  const auto id = pages.volunteer(pages.world.prison, "Amara", "Price");
  const auto before = pages.entries(pages.world.prison);
  for (const auto* page : {"", "/change", "/stage", "/history", "/file", "/add/clearance"}) {
    pages.prison.get(at(id) + page);
  }
  pages.prison.get("/volunteers");
  pages.prison.get("/volunteers/new");
  CHECK(pages.entries(pages.world.prison) == before);
  CHECK(pages.prison.fault.empty());
}

}  // namespace throughgate::node::web::testing
