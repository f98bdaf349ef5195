// Each look at what is noted has its row before it is shown.
#include "node/audit.h"

#include <catch_amalgamated.hpp>

#include "node/audit_words.h"
#include "node/intake/csv.h"
#include "node/web/pages/audit/audit_pages.h"
#include "node/web/pages/pages.h"
#include "tests/node/intake/hostile_cells.h"
#include "tests/node/staff/filled_site.h"

namespace throughgate::node::testing {
namespace {

using sync::store::RecordName;
using sync::store::UnitOfWork;

const std::vector<Visitor::AddPages> site_pages{web::add_home_page, web::add_search_page,
                                                web::add_volunteer_pages, web::add_handover_pages,
                                                web::add_audit_pages};

const RoleSet everybody{"coordinator", "supervisor", "handover_worker", "security", "governor"};

std::vector<AuditRow> rows_of(FilledSite& site) {
  return must(Audit(*site.prison.node).list({}, 100'000));
}

// Marks in the answer of fields that are noted, and of which no row says that they were looked at.
std::vector<std::string> not_noted(FilledSite& site, const std::string& answer,
                                   const std::vector<AuditRow>& rows) {
  std::vector<std::string> out;
  for (const auto& each : site.marks) {
    const std::string& text = each.first;
    const Mark& mark = each.second;
    const auto* type = record_type(mark.record.type)->descriptor;
    const auto sensitivity =
        rule_of(*type->FindFieldByNumber(static_cast<int>(mark.field))).sensitivity();
    if (!Permissions::shipped().is_noted(sensitivity)) continue;
    if (answer.find(text) == std::string::npos) continue;
    const bool has_row = std::any_of(rows.begin(), rows.end(), [&](const AuditRow& row) {
      return row.record == mark.record &&
             std::find(row.fields.begin(), row.fields.end(), mark.field) != row.fields.end();
    });
    if (!has_row) out.push_back(text);
  }
  return out;
}

void run(FilledSite& site, std::string_view sql) {
  UnitOfWork work(site.prison.node->database());
  work.run(sql);
  must(work.commit());
}

// Five looks, so that there is something to alter.
void look_around(FilledSite& site) {
  for (const char* type : {"handover", "flag", "need", "clearance", "person"}) {
    const auto records = site.seen_by(everybody, "an inspection");
    must(records.reader().read(site.record(type)));
    must(Audit(*site.prison.node).note_looks(records.trail(), records.viewer()));
  }
}

}  // namespace

TEST_CASE("every noted field that a page shows has its row", "[audit]") {
  FilledSite site;
  const Visitor visitor(site.prison, site.codes, site_pages, site.person(everybody));
  const auto handover = "/handovers/" + site.record("handover").dossier.hex();
  const auto volunteer = "/volunteers/" + site.record("volunteer").dossier.hex();
  std::size_t shown = 0;
  for (const auto& address :
       {std::string("/"), std::string("/volunteers"), std::string("/handovers"), handover,
        handover + "/change/risk", handover + "/read", volunteer, volunteer + "/file",
        volunteer + "/history", volunteer + "/records/clearance", std::string("/search?q=zq")}) {
    run(site, "DELETE FROM audit");
    run(site, "DELETE FROM setting WHERE name = 'audit mark'");
    const auto page = visitor.get(address);
    const auto rows = rows_of(site);
    const auto missing = not_noted(site, page.body, rows);
    INFO(address << (missing.empty() ? "" : ": " + missing.front()));
    CHECK(missing.empty());
    shown += rows.size();
  }
  CHECK(shown > 20);
}

TEST_CASE("what is judged for a list and not shown is no look", "[audit]") {
  FilledSite site;
  const Visitor visitor(site.prison, site.codes, site_pages, site.person({"handover_worker"}));
  visitor.page("/handovers");
  visitor.page("/");
  CHECK(rows_of(site).empty());
}

TEST_CASE("a look that cannot be written down shows nothing", "[audit]") {
  FilledSite site;
  const Visitor visitor(site.prison, site.codes, site_pages, site.person({"handover_worker"}));
  const auto handover = "/handovers/" + site.record("handover").dossier.hex();
  run(site, "DROP TABLE audit");
  const auto page = visitor.get(handover);
  CHECK(page.status >= 400);
  CHECK(says(page, "Who looks at this is written down"));
  for (const auto& [text, mark] : site.marks) CHECK(page.body.find(text) == std::string::npos);
}

TEST_CASE("a row says who, when, what and why, in ids and never in names or values", "[audit]") {
  FilledSite site;
  const auto records = site.seen_by({"security"}, "an appeal");
  const auto name = site.record("vetting-notes");
  must(records.reader().read(name));
  must(Audit(*site.prison.node).note_looks(records.trail(), records.viewer()));
  const auto rows = rows_of(site);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].number == 1);
  CHECK(rows[0].at_ms == site.world.now_ms);
  CHECK(rows[0].record == name);
  CHECK(rows[0].reason == "an appeal");
  CHECK(rows[0].fields.size() == 11);
  UnitOfWork work(site.prison.node->database(), sync::store::Purpose::reading);
  std::string all;
  work.each("SELECT hex(actor) || hex(dossier) || hex(record) || hex(fields) || reason FROM audit",
            sync::store::bound(), [&](const sync::store::Statement& row) { all += row.text(0); });
  CHECK(all.find("zq80") == std::string::npos);
  CHECK(all.find("Somebody") == std::string::npos);
}

TEST_CASE("whichever row is altered, taken out or put in, the check names it", "[audit]") {
  const std::vector<std::pair<std::string, int>> harm{
      {"UPDATE audit SET at_ms = at_ms + 1 WHERE number = 3", 3},
      {"UPDATE audit SET actor = x'0102030405060708' WHERE number = 2", 2},
      {"UPDATE audit SET reason = 'none' WHERE number = 1", 1},
      {"UPDATE audit SET reason = '' WHERE number = 1", 1},
      {"UPDATE audit SET reason_salt = zeroblob(16) WHERE number = 3", 3},
      {"UPDATE audit SET reason_hash = zeroblob(32) WHERE number = 4", 4},
      {"UPDATE audit SET reason_hash = x'' WHERE number = 2", 2},
      {"UPDATE audit SET reason = '', reason_gone_with = dossier WHERE number = 2", 2},
      {"UPDATE audit SET fields = substr(fields, 5) WHERE number = 4", 4},
      {"UPDATE audit SET type = 51 WHERE number = 2", 2},
      {"UPDATE audit SET dossier = zeroblob(16) WHERE number = 5", 5},
      {"UPDATE audit SET record = x'0102030405060708' WHERE number = 5", 5},
      {"UPDATE audit SET act = 2 WHERE number = 1", 1},
      {"UPDATE audit SET count = 7 WHERE number = 1", 1},
      {"UPDATE audit SET mark = zeroblob(32) WHERE number = 3", 3},
      {"DELETE FROM audit WHERE number = 2", 2},
      {"DELETE FROM audit WHERE number = 5", 5},
      {"DELETE FROM audit", 1},
      {"INSERT INTO audit (number, at_ms, actor, act, dossier, record, type, fields, count, "
       "reason, "
       "mark, reason_salt, reason_hash) SELECT 6, at_ms, actor, act, dossier, record, type, "
       "fields, "
       "count, reason, mark, reason_salt, reason_hash FROM audit WHERE number = 5",
       6}};
  for (const auto& [sql, number] : harm) {
    FilledSite site;
    look_around(site);
    REQUIRE(must(Audit(*site.prison.node).check()).number == 5);
    run(site, sql);
    const auto checked = Audit(*site.prison.node).check();
    INFO(sql);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().message.find("row " + std::to_string(number) + " ") != std::string::npos);
  }
}

TEST_CASE("a mark noted elsewhere shows that the newest rows were taken away", "[audit]") {
  FilledSite site;
  look_around(site);
  const auto noted = text_of(must(Audit(*site.prison.node).check()));
  const auto mark = audit_mark_in(noted);
  REQUIRE(mark);
  CHECK(Audit(*site.prison.node).check(mark));
  look_around(site);
  CHECK(Audit(*site.prison.node).check(mark));
  // Somebody with the store's key writes the list anew.
  run(site, "DELETE FROM audit");
  run(site, "DELETE FROM setting WHERE name = 'audit mark'");
  look_around(site);
  CHECK(Audit(*site.prison.node).check());
  site.world.now_ms += 1;
  run(site, "DELETE FROM audit");
  run(site, "DELETE FROM setting WHERE name = 'audit mark'");
  look_around(site);
  CHECK_FALSE(Audit(*site.prison.node).check(mark));
  for (const char* wrong : {"", "5", "5-", "x-9f3c28aa01d4be5702c6", "5-9f3c28aa01d4be5",
                            "5-9f3c28aa01d4be5702", "5-zz3c28aa01d4be5702c6"}) {
    CHECK_FALSE(audit_mark_in(wrong));
  }
}

TEST_CASE("the list narrows by record and by person, the newest first", "[audit]") {
  FilledSite site;
  look_around(site);
  Audit audit(*site.prison.node);
  const auto handover = site.record("handover").dossier;
  const auto of_record = must(audit.list({.dossier = handover, .actor = {}, .before = 0}, 50));
  CHECK(of_record.size() == 3);  // the handover, its need and its do or don't
  CHECK(of_record[0].number > of_record[1].number);
  CHECK(
      must(audit.list({.dossier = {}, .actor = site.prison.actor().id, .before = 0}, 50)).empty());
  CHECK(must(audit.list({.dossier = {}, .actor = {}, .before = 3}, 50)).size() == 2);
}

TEST_CASE("a list taken out as a file is written down with its reason", "[audit]") {
  FilledSite site;
  look_around(site);
  const Visitor governor(site.prison, site.codes, site_pages, site.person({"governor"}));
  const auto unsaid = governor.fill_in("/who-looked", {{"why", "  "}});
  CHECK(unsaid.status == 422);
  CHECK(says(unsaid, "Enter why you need it as a file"));
  const auto file = governor.fill_in("/who-looked", {{"why", "the yearly audit"}});
  CHECK(file.status == 200);
  CHECK(file.content_type.starts_with("text/csv"));
  CHECK(file.body.find("Risk to staff") != std::string::npos);
  CHECK(file.body.find("zq") == std::string::npos);
  const auto last = rows_of(site).front();
  CHECK(last.act == AuditAct::file_taken);
  CHECK(last.count == 5);
  CHECK(last.reason == "the yearly audit");
}

TEST_CASE("who may not read who looked at what is told who may", "[audit]") {
  FilledSite site;
  const Visitor worker(site.prison, site.codes, site_pages, site.person({"handover_worker"}));
  const auto page = worker.get("/who-looked");
  CHECK(page.status == 403);
  CHECK(says(page,
             "Ask somebody in security, the governor, or somebody who looks after this computer"));
  const Visitor administrator(site.prison, site.codes, site_pages, site.person({"administrator"}));
  CHECK(says(administrator.page("/who-looked"), "Who looked at what"));
  CHECK(administrator.post("/who-looked", {{"why", "curiosity"}}).status == 403);
}

TEST_CASE("what asks for a reason is on the page once it is given", "[audit]") {
  FilledSite site;
  const Visitor supervisor(site.prison, site.codes, site_pages, site.person({"supervisor"}));
  const auto address = "/volunteers/" + site.record("volunteer").dossier.hex() + "/file";
  const auto before = supervisor.page(address);
  CHECK(says(supervisor.fill_in(address, {{"why_look", " "}}), "Enter why you need to see all"));
  CHECK(before.find("zq64f2z") == std::string::npos);
  CHECK(says(before, "Why do you need to see all of this file?"));
  const auto after = supervisor.fill_in(address, {{"why_look", "after an incident"}});
  CHECK(after.status == 200);
  CHECK(after.body.find("zq64f2z") != std::string::npos);
  const auto rows = rows_of(site);
  CHECK(std::any_of(rows.begin(), rows.end(), [&](const AuditRow& row) {
    return row.record == site.record("wellbeing-note") && row.reason == "after an incident";
  }));
}

TEST_CASE("no reason in the list of looks is run by a spreadsheet, and each reads as it was typed",
          "[audit]") {
  for (const auto each : hostile_cells) {
    AuditRow row;
    row.number = 1;
    row.reason = std::string(each);
    CAPTURE(row.reason);
    const auto csv = audit_csv({row}, {});
    const auto rows = std::get<std::vector<CsvRow>>(parse_csv(csv, ','));
    REQUIRE(rows.size() == 2);
    CHECK(rows[1].cells.at(7) == row.reason);
    CHECK(csv.find(",\"'") != std::string::npos);  // the guard
  }
}

}  // namespace throughgate::node::testing
