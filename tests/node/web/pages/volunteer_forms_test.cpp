// Adding and changing a volunteer and what belongs to them.
#include "tests/node/web/pages/volunteer_pages.h"

namespace throughgate::node::web::testing {

TEST_CASE("a volunteer added on the page is in the list and on a page of their own",
          "[volunteers]") {
  VolunteerPages pages;
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
  VolunteerPages pages;
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
  VolunteerPages pages;
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
  VolunteerPages pages;
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
  VolunteerPages pages;
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
  VolunteerPages pages;
  const auto id = pages.volunteer(pages.world.prison, "Amara", "Price");
  const auto before = pages.entries(pages.world.prison);
  const auto sheet = pages.sheet_of(pages.prison, at(id) + "/change");
  const auto next = pages.after(pages.send(pages.prison, at(id) + "/change", sheet));
  CHECK(holds(pages.text(pages.prison, next), "Nothing was changed."));
  CHECK(pages.entries(pages.world.prison) == before);
}

TEST_CASE("a form opened before somebody else saved comes back with both, and loses neither",
          "[volunteers]") {
  VolunteerPages pages;
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
  VolunteerPages pages;
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
  VolunteerPages pages;
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

TEST_CASE("the file stays with its site: one for each volunteer, begun, changed and added to",
          "[volunteers]") {
  VolunteerPages pages;
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

TEST_CASE("a stage is one of those that may come next, and an old form moves nobody",
          "[volunteers]") {
  VolunteerPages pages;
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

TEST_CASE("a part of a long record is changed by itself", "[volunteers]") {
  VolunteerPages pages;
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

}  // namespace throughgate::node::web::testing
