#include <algorithm>
#include <catch_amalgamated.hpp>
#include <set>

#include "node/web/pages/pages.h"
#include "tests/node/web/pages/filled_form.h"
#include "tests/node/web/pages/page_world.h"

namespace throughgate::node::web::testing {
namespace {

using node::testing::must;
using node::testing::PageWorld;
using node::testing::TestSite;
using node::testing::text_of_page;
using node::testing::Visitor;
using sync::store::RecordName;

struct Pages {
  PageWorld world;
  Visitor prison{world.prison, world.codes, {add_volunteer_pages}};
  Visitor partner{world.partner, world.codes, {add_volunteer_pages}};

  // What a browser does with a form of a page: sends it, and follows to the page that comes after.
  static Response send(Visitor& at, const std::string& address, const FilledForm& sheet) {
    node::testing::Typed fields;
    const auto sent = sheet.sent();
    for (const auto& [name, value] : sent.in_order()) {
      if (name != "csrf") fields.emplace_back(name, value);
    }
    return at.post(address, fields);
  }
  static FilledForm sheet_of(Visitor& at, const std::string& address) {
    const auto page = at.get(address);
    INFO(page.status << " " << at.fault);
    REQUIRE(page.status == 200);
    return FilledForm(page.body, address);
  }
  static std::string after(const Response& response) {
    INFO(text_of_page(response));
    REQUIRE(response.status == 303);
    return response.location;
  }
  static std::string text(Visitor& at, const std::string& address) {
    const auto page = at.get(address);
    INFO(address << " " << page.status << " " << at.fault);
    CHECK(at.fault.empty());
    return text_of_page(page);
  }

  sync::DossierId volunteer(TestSite& site, const std::string& given, const std::string& family,
                            const std::vector<FieldInput>& more = {}) {
    std::vector<FieldInput> inputs{{"given-name", given}, {"family-name", family}};
    inputs.insert(inputs.end(), more.begin(), more.end());
    return must(world.records(site).new_record(*record_type("volunteer"), inputs, world.by(site)))
        .record.dossier;
  }
  void add(const sync::DossierId& id, const char* type, const std::vector<FieldInput>& inputs) {
    must(world.records(world.prison)
             .new_record_in(id, *record_type(type), inputs, world.by(world.prison)));
  }
  std::uint64_t entries(TestSite& site) {  // every save is one more
    sync::store::UnitOfWork work(site.node->database(), sync::store::Purpose::reading);
    std::uint64_t count = 0;
    work.each("SELECT count(*) FROM entry", sync::store::bound(),
              [&](const auto& row) { count = row.unsigned_integer(0); });
    must(work.commit());
    return count;
  }
};

std::string at(const sync::DossierId& id) { return "/volunteers/" + id.hex(); }
bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a site without volunteers says so and how to begin", "[volunteers]") {
  Pages pages;
  const auto text = pages.text(pages.prison, "/volunteers");
  CHECK(holds(text, "No volunteers are recorded here yet"));
  CHECK(holds(text, "Add a volunteer"));
  CHECK(holds(pages.text(pages.prison, "/volunteers?q=nobody"), "No volunteers match"));
}

TEST_CASE("a volunteer added on the page is in the list and on a page of their own",
          "[volunteers]") {
  Pages pages;
  auto sheet = pages.sheet_of(pages.prison, "/volunteers/new");
  sheet.type("given-name", "Amara")
      .type("family-name", "O'Brien <b>")
      .type("mobile", "07700 900123");
  const auto next = pages.after(pages.send(pages.prison, "/volunteers/new", sheet));
  const auto page = pages.prison.get(next);
  CHECK(page.status == 200);
  CHECK(holds(text_of_page(page), "Added."));
  CHECK(holds(text_of_page(page), "Amara O'Brien <b>"));
  CHECK_FALSE(holds(page.body, "<b>"));
  CHECK(holds(text_of_page(page), "Not sent yet"));
  CHECK(holds(text_of_page(page), "Enquiry"));
  CHECK(holds(pages.text(pages.prison, "/volunteers"), "O'Brien <b>, Amara"));
  CHECK_FALSE(holds(pages.text(pages.partner, "/volunteers"), "O'Brien"));
}

TEST_CASE("somebody who may be recorded already is added only once that is answered",
          "[volunteers]") {
  Pages pages;
  const auto recorded = pages.volunteer(
      pages.world.prison, "Amara", "O'Brien",
      {{"date-of-birth", "1 2 1980"}, {"email", "amara@example.org"}, {"mobile", "07700 900123"}});
  const auto before = pages.entries(pages.world.prison);
  auto sheet = pages.sheet_of(pages.prison, "/volunteers/new");
  CHECK_FALSE(sheet.has("sure"));
  sheet.type("given-name", "AMARA").type("family-name", "O Brien");
  SECTION("the same name and date of birth") {
    sheet.type("date-of-birth-day", "1")
        .type("date-of-birth-month", "2")
        .type("date-of-birth-year", "1980");
  }
  SECTION("the same e-mail, and the name in one word") {
    sheet.type("family-name", "OBRIEN").type("email", "Amara@example.org");
  }
  SECTION("another surname, with the same e-mail and mobile") {
    sheet.type("family-name", "Married")
        .type("email", "amara@example.org")
        .type("mobile", "+44 7700 900123");
  }
  const auto asked = pages.send(pages.prison, "/volunteers/new", sheet);
  CHECK(asked.status == 422);
  CHECK(holds(text_of_page(asked), "may be somebody who is recorded already"));
  CHECK(holds(asked.body, "href=\"" + at(recorded) + "\""));
  CHECK(pages.entries(pages.world.prison) == before);

  FilledForm again(asked.body, "/volunteers/new");
  CHECK(again.value("given-name") == "AMARA");
  CHECK(pages.send(pages.prison, "/volunteers/new", again).status == 422);  // not ticked
  again.tick("sure", "yes");
  FilledForm another = again;  // ticked for Amara, then changed into somebody else
  pages.volunteer(pages.world.prison, "Jan", "Made-Up", {{"email", "jan@example.org"}});
  another.type("given-name", "Jan").type("family-name", "Made-Up").type("email", "jan@example.org");
  CHECK(pages.send(pages.prison, "/volunteers/new", another).status == 422);
  pages.after(pages.send(pages.prison, "/volunteers/new", again));
  CHECK(pages.entries(pages.world.prison) > before + 1);
}

TEST_CASE("somebody of another name, or with another date of birth, is added without a question",
          "[volunteers]") {
  Pages pages;
  pages.volunteer(pages.world.prison, "Amara", "O'Brien", {{"date-of-birth", "1 2 1980"}});
  auto sheet = pages.sheet_of(pages.prison, "/volunteers/new");
  sheet.type("given-name", GENERATE("Amara", "Bo"))
      .type("family-name", "O'Brien")
      .type("date-of-birth-day", "2")
      .type("date-of-birth-month", "2")
      .type("date-of-birth-year", "1981");
  pages.after(pages.send(pages.prison, "/volunteers/new", sheet));
}

TEST_CASE("a form with mistakes comes back with all of them and all that was typed",
          "[volunteers]") {
  Pages pages;
  auto sheet = pages.sheet_of(pages.prison, "/volunteers/new");
  sheet.type("given-name", "Amara").type("email", "amara at example").type("former-names", "Price");
  const auto before = pages.entries(pages.world.prison);
  const auto response = pages.send(pages.prison, "/volunteers/new", sheet);
  CHECK(response.status == 422);
  CHECK(holds(response.body, "<title>Error: Add a volunteer"));
  CHECK(holds(response.body, "href=\"#family-name\""));
  CHECK(holds(response.body, "href=\"#email\""));
  const FilledForm again(response.body, "/volunteers/new");
  CHECK(again.value("given-name") == "Amara");
  CHECK(again.value("email") == "amara at example");
  CHECK(again.value("former-names") == "Price");
  CHECK(pages.entries(pages.world.prison) == before);
}

TEST_CASE("a change is saved with its reason, and stands in the history with who made it",
          "[volunteers]") {
  Pages pages;
  const auto id =
      pages.volunteer(pages.world.prison, "Amara", "Price", {{"email", "a@example.org"}});
  pages.world.sync_all();
  auto sheet = pages.sheet_of(pages.prison, at(id) + "/change");
  sheet.type("email", "amara@example.org").type("change_reason", "She rang");
  const auto next = pages.after(pages.send(pages.prison, at(id) + "/change", sheet));
  CHECK(holds(pages.text(pages.prison, next), "Saved."));
  CHECK(holds(pages.text(pages.prison, next), "amara@example.org"));
  const auto history = pages.text(pages.prison, at(id) + "/history");
  CHECK(holds(history, "by Jo Made-Up, HMP Example"));
  CHECK(holds(history, "Reason: She rang"));
  CHECK(holds(history, "E-mail : a@example.org replaced"));
  CHECK(holds(history, "Not sent yet"));
  CHECK(holds(history, "E-mail : amara@example.org current"));
  CHECK(holds(history, "Sent on 15 January 2027"));
  CHECK_FALSE(holds(history, "Reached us on"));  // it is our own change
}

TEST_CASE("a form that nobody touched writes nothing, and says so", "[volunteers]") {
  Pages pages;
  const auto id = pages.volunteer(pages.world.prison, "Amara", "Price");
  const auto before = pages.entries(pages.world.prison);
  const auto sheet = pages.sheet_of(pages.prison, at(id) + "/change");
  const auto next = pages.after(pages.send(pages.prison, at(id) + "/change", sheet));
  CHECK(holds(pages.text(pages.prison, next), "Nothing was changed."));
  CHECK(pages.entries(pages.world.prison) == before);
}

TEST_CASE("a form opened before somebody else saved comes back with both, and loses neither",
          "[volunteers]") {
  Pages pages;
  const auto id =
      pages.volunteer(pages.world.prison, "Amara", "Price", {{"email", "a@example.org"}});
  auto mine = pages.sheet_of(pages.prison, at(id) + "/change");
  auto theirs = pages.sheet_of(pages.prison, at(id) + "/change");
  theirs.type("email", "theirs@example.org").type("known-as", "Mara");
  pages.after(pages.send(pages.prison, at(id) + "/change", theirs));
  mine.type("email", "mine@example.org");
  const auto response = pages.send(pages.prison, at(id) + "/change", mine);
  CHECK(response.status == 422);
  CHECK(holds(text_of_page(response), "theirs@example.org"));
  FilledForm again(response.body, at(id) + "/change");
  CHECK(again.value("email") == "mine@example.org");
  CHECK(again.value("known-as") == "Mara");
  const auto next = pages.after(pages.send(pages.prison, at(id) + "/change", again));
  const auto text = pages.text(pages.prison, next);
  CHECK(holds(text, "mine@example.org"));
  CHECK(holds(text, "Mara"));
}

TEST_CASE("a form that this page did not make changes nothing and keeps what was typed",
          "[volunteers]") {
  Pages pages;
  const auto id = pages.volunteer(pages.world.prison, "Amara", "Price");
  const auto other = pages.volunteer(pages.world.prison, "Bron", "Pugh");
  auto sheet = pages.sheet_of(pages.prison, at(other) + "/change");
  sheet.type("known-as", "Somebody");
  const auto response = pages.send(pages.prison, at(id) + "/change", sheet);
  CHECK(response.status == 422);
  CHECK(FilledForm(response.body, at(id) + "/change").value("known-as") == "Somebody");
  CHECK_FALSE(holds(pages.text(pages.prison, at(id)), "Somebody"));
}

TEST_CASE("clearances, training and roles are added and changed where they stand", "[volunteers]") {
  Pages pages;
  const auto id = pages.volunteer(pages.world.prison, "Amara", "Price");
  auto clearance = pages.sheet_of(pages.prison, at(id) + "/add/clearance");
  clearance.type("level", "ENHANCED_1")
      .type("setting", "PRISON")
      .type("decision", "GRANTED")
      .type("expires-on-day", "1")
      .type("expires-on-month", "2")
      .type("expires-on-year", "2031");
  pages.after(pages.send(pages.prison, at(id) + "/add/clearance", clearance));
  auto role = pages.sheet_of(pages.prison, at(id) + "/add/role-held");
  role.type("role-code", "GATE_MEETER")
      .type("from-day", "3")
      .type("from-month", "1")
      .type("from-year", "2025");
  pages.after(pages.send(pages.prison, at(id) + "/add/role-held", role));
  const auto text = pages.text(pages.prison, at(id));
  CHECK(holds(text, "Enhanced Level 1"));
  CHECK(holds(text, "1 February 2031"));
  const auto list = pages.text(pages.prison, "/volunteers");
  CHECK(holds(list, "Meets people at the gate"));
  CHECK(holds(list, "Valid 1 February 2031"));

  const auto page = pages.prison.get(at(id)).body;
  const auto from = page.find(at(id) + "/records/clearance/");
  REQUIRE(from != std::string::npos);
  const auto address = page.substr(from, page.find('"', from) - from);
  auto change = pages.sheet_of(pages.prison, address);
  CHECK(change.value("level") == "ENHANCED_1");
  change.type("decision", "CLEARANCE_SUSPENDED");
  const auto next = pages.after(pages.send(pages.prison, address, change));
  CHECK(next.starts_with(at(id)));
  CHECK(holds(pages.text(pages.prison, "/volunteers"), "Suspended"));
}

TEST_CASE("a clearance that has run out or soon will is marked in the list", "[volunteers]") {
  Pages pages;
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

TEST_CASE("the file stays with its site: one for each volunteer, begun, changed and added to",
          "[volunteers]") {
  Pages pages;
  const auto id = pages.volunteer(pages.world.prison, "Amara", "Price");
  CHECK(pages.prison.get(at(id) + "/file").status == 404);
  CHECK(pages.prison.get(at(id) + "/add/referee").status == 404);
  CHECK(pages.prison.page(at(id) + "/add/volunteer-file").find("href=\"" + at(id) + "\">Cancel") !=
        std::string::npos);
  auto file = pages.sheet_of(pages.prison, at(id) + "/add/volunteer-file");
  file.type("town", "Example Town").tick("languages", "cy").type("skills", "Welsh poetry\r\nChess");
  const auto next = pages.after(pages.send(pages.prison, at(id) + "/add/volunteer-file", file));
  CHECK(next.starts_with(at(id) + "/file"));
  CHECK(holds(pages.text(pages.prison, next), "Example Town"));
  CHECK(pages.prison.get(at(id) + "/add/volunteer-file").status == 404);
  auto referee = pages.sheet_of(pages.prison, at(id) + "/add/referee");
  referee.type("name", "A Referee");
  pages.after(pages.send(pages.prison, at(id) + "/add/referee", referee));
  CHECK(holds(pages.text(pages.prison, at(id) + "/file"), "A Referee"));
  const std::string root = at(id) + "/records/volunteer-file/0000000000000000/change";
  auto change = pages.sheet_of(pages.prison, root);
  CHECK(change.values("languages") == std::vector<std::string>{"", "cy"});
  change.untick("languages", "cy").type("skills", "Chess");
  pages.after(pages.send(pages.prison, root, change));
  const auto text = pages.text(pages.prison, at(id) + "/file");
  CHECK_FALSE(holds(text, "Welsh"));
  CHECK(holds(text, "Chess"));
  pages.world.sync_all();
  CHECK_FALSE(holds(pages.text(pages.partner, "/volunteers?q=chess"), "Price"));
}

TEST_CASE("a volunteer is found by name, skill or place, in either part", "[volunteers]") {
  Pages pages;
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
  Pages pages;
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
  Pages pages;
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
  Pages pages;
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
  Pages pages;
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

TEST_CASE("a stage is one of those that may come next, and an old form moves nobody",
          "[volunteers]") {
  Pages pages;
  const auto id = pages.volunteer(pages.world.prison, "Amara", "Price", {{"status", "Active"}});
  const auto page = pages.prison.get(at(id) + "/stage").body;
  CHECK(holds(page, "value=\"PAUSED\""));
  CHECK_FALSE(holds(page, "value=\"VETTING\""));
  auto sheet = FilledForm(page, at(id) + "/stage");
  auto old = sheet;
  CHECK(pages.send(pages.prison, at(id) + "/stage", sheet).status == 422);
  sheet.type("to", "PAUSED").type("change_reason", "New baby");
  const auto next = pages.after(pages.send(pages.prison, at(id) + "/stage", sheet));
  CHECK(holds(pages.text(pages.prison, next), "Paused"));
  CHECK(holds(pages.text(pages.prison, at(id) + "/history"), "Stage : Paused"));
  CHECK(holds(pages.text(pages.prison, at(id) + "/history"), "Reason: New baby"));
  old.type("to", "LEAVING").type("change_reason", "Moving away");
  const auto stale = pages.send(pages.prison, at(id) + "/stage", old);
  CHECK(stale.status == 422);
  CHECK(holds(text_of_page(stale), "moved on"));
  CHECK(FilledForm(stale.body, at(id) + "/stage").value("change_reason") == "Moving away");
  auto impossible = pages.sheet_of(pages.prison, at(id) + "/stage");
  impossible.type("to", "VETTING");
  CHECK(pages.send(pages.prison, at(id) + "/stage", impossible).status == 422);
  CHECK(holds(pages.text(pages.prison, at(id)), "Paused"));
}

TEST_CASE("a volunteer who may not work is told of before anything else", "[volunteers]") {
  Pages pages;
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
  Pages pages;
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
  Pages pages;
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

TEST_CASE("a part of a long record is changed by itself", "[volunteers]") {
  Pages pages;
  const auto id = pages.volunteer(pages.world.prison, "Amara", "Price");
  const std::string part = at(id) + "/change?part=2";
  CHECK(holds(pages.prison.get(at(id)).body, part));
  auto sheet = pages.sheet_of(pages.prison, part);
  CHECK_FALSE(sheet.has("given-name"));
  sheet.type("standing", "UNDER_REVIEW");
  pages.after(pages.send(pages.prison, part, sheet));
  CHECK(holds(pages.text(pages.prison, at(id)), "Under review: no sessions"));
  CHECK(holds(pages.text(pages.prison, at(id)), "Amara Price"));
  CHECK(pages.prison.get(at(id) + "/change?part=9").status == 200);
}

TEST_CASE("looking changes nothing", "[volunteers]") {
  Pages pages;
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
