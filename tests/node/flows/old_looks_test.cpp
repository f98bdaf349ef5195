// The oldest rows of who looked at what go by a person's word, and the rest still proves itself.
#include <catch_amalgamated.hpp>

#include "node/audit_begin.h"
#include "node/audit_words.h"
#include "node/days.h"
#include "node/erasure/retention.h"
#include "sync/layout.h"
#include "sync/store/settings_table.h"
#include "tests/node/flows/example_handover.h"
#include "tests/sync/store/page_search.h"

namespace throughgate::node::testing {
namespace {

using sync::DossierId;
using sync::ErrorKind;

constexpr std::uint64_t day_ms = 24ull * 3600 * 1000;
constexpr std::uint64_t year_ms = 366 * day_ms;

constexpr const char* rules =
    "[[rule]]\nname = \"Looks\"\nfrom = \"looked\"\nmonths = 72\nsource = \"made up\"\n";

// A list with looks of the first days, of a week later, and of today, seven years on.
struct OldList : World {
  const RetentionSchedule schedule = must(parse_retention(rules));
  OpenNode& node = *prison.node;
  DossierId site, volunteer;
  std::string mark_then, mark_now;

  OldList() {
    site =
        must(prison.records->new_record(*record_type("site"), {{"name", "HMP Example"}}, prison.by))
            .record.dossier;
    volunteer = must(prison.records->new_record(*record_type("volunteer"),
                                                {{"family-name", "Planted"}}, prison.by))
                    .record.dossier;
    sync_all();
    for (int i = 0; i < 3; ++i) look("Tansy Planted-Reason");
    mark_then = text_of(must(check()));
    pass(7 * day_ms);
    look("Sorrel Planted-Reason");
    pass(7 * year_ms);
    for (int i = 0; i < 2; ++i) look("Yarrow Planted-Reason");
    mark_now = text_of(must(check()));
  }
  void look(const std::string& reason) {
    pass(1000);
    ReadTrail trail;
    trail[{volunteer, {}, record_type("volunteer")->number}] = {1, 2};
    must(Audit(node).note_looks(trail, viewer(reason, "administrator")));
  }
  Viewer viewer(const std::string& reason, const std::string& roles) const {
    return {Permissions::shipped(), {prison.by.actor.id, "Jo Made-Up", roles}, reason};
  }
  sync::Result<AuditMark> check(const std::string& noted = {}) {
    return Audit(node).check(noted.empty() ? std::nullopt : audit_mark_in(noted));
  }
  std::vector<Due> due() { return must(due_records(*prison.records, schedule, iso_day(now_ms))); }
  sync::Result<Confirmed> confirm(const std::string& roles = "administrator") {
    RecordService records(node, codes, viewer("", roles));
    return confirm_due(records, schedule, {site}, iso_day(now_ms), prison.by);
  }
  std::vector<AuditRow> rows() { return must(Audit(node).list({}, 100)); }
  void run(const std::string& sql) { must(node.database().run(sql)); }
};

}  // namespace

TEST_CASE("looks older than six years are listed as one, and go when somebody confirms",
          "[retention][audit]") {
  OldList list;
  const auto due = list.due();
  REQUIRE(due.size() == 1);
  CHECK(due[0].subject == list.site);
  CHECK(due[0].count == 4);
  CHECK(must(list.check()).number == 6);
  CHECK(must(list.confirm()).removed == 4);
  const auto rows = list.rows();
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].act == AuditAct::shortened);
  CHECK(rows[0].count == 4);
  CHECK(rows[0].actor == list.prison.by.actor.id);
  CHECK(last_day_gone(rows[0]) == due[0].since);
  CHECK(words_of(rows[0], {}).fields.find("Rows up to 4") != std::string::npos);
  CHECK(rows[1].number == 6);
  CHECK(list.due().empty());
  CHECK_FALSE(throughgate::testing::search_pages(list.node.database(), {"Tansy Planted-Reason"})
                  ->found_anything());
}

TEST_CASE("a list that was shortened still proves itself, with the marks noted since then",
          "[retention][audit]") {
  OldList list;
  must(list.confirm());
  CHECK(must(list.check()).number == 7);
  CHECK(must(list.check(list.mark_now)).number == 7);
  const auto gone = refusal(list.check(list.mark_then));
  CHECK(gone.kind == ErrorKind::stale);
  CHECK(gone.message.find("kept long enough") != std::string::npos);
  list.look("Chervil Planted-Reason");
  CHECK(must(list.check(list.mark_now)).number == 8);
  // And once more, years later.
  list.pass(7 * year_ms);
  list.look("Sage Planted-Reason");
  CHECK(must(list.confirm()).removed == 4);  // the note of the first time among them
  CHECK(must(list.check()).number == 10);
}

TEST_CASE("whatever is altered in a list that was shortened is found", "[retention][audit]") {
  OldList list;
  must(list.confirm());
  for (const char* table : {"audit", "setting"}) {
    list.run(std::string("CREATE TABLE kept_") + table + " AS SELECT * FROM " + table);
  }
  const auto says_altered = [&](const std::string& sql) {
    CAPTURE(sql);
    list.run(sql);
    const auto checked = list.check();
    CHECK_FALSE(checked);
    if (!checked) CHECK(checked.error().kind == ErrorKind::corrupt);
    for (const char* table : {"audit", "setting"}) {
      list.run(std::string("DELETE FROM ") + table);
      list.run(std::string("INSERT INTO ") + table + " SELECT * FROM kept_" + table);
    }
  };
  says_altered("DELETE FROM audit WHERE number = 5");
  says_altered("DELETE FROM audit WHERE number = 6");
  says_altered("DELETE FROM audit WHERE number = 7");
  says_altered("DELETE FROM setting WHERE name = 'audit begins'");
  says_altered("UPDATE audit SET count = 3 WHERE number = 7");
  says_altered("UPDATE audit SET fields = x'' WHERE number = 7");
  // One row more away from the front, with the beginning moved behind it.
  says_altered(
      "UPDATE setting SET value = (SELECT x'0500000000000000' || mark FROM audit WHERE number = 5) "
      "WHERE name = 'audit begins'");
  CHECK(must(list.check()).number == 7);
  sync::store::UnitOfWork work(list.node.database());
  const auto mark = work.first("SELECT mark FROM audit WHERE number = 5", sync::store::bound(),
                               [](const auto& row) { return row.bytes(0); });
  work.run("UPDATE setting SET value = ? WHERE name = 'audit begins'",
           sync::LayoutWriter().u64(5).bytes(*mark).take());
  work.run("DELETE FROM audit WHERE number <= 5");
  must(work.commit());
  CHECK(refusal(list.check()).kind == ErrorKind::corrupt);
}

TEST_CASE("a list that was altered is not shortened", "[retention][audit]") {
  OldList list;
  list.run("UPDATE audit SET count = 9 WHERE number = 2");
  CHECK(refusal(list.confirm()).kind == ErrorKind::corrupt);
  CHECK(list.rows().size() == 6);
}

TEST_CASE("a legal hold keeps the list of looks: whole, or from the first row about a held record",
          "[retention][audit]") {
  OldList list;
  Holds holds(*list.prison.records);
  SECTION("on the site's own record") {
    must(holds.set({list.site}, "an inquiry", list.prison.by));
    REQUIRE(list.due().size() == 1);
    CHECK_FALSE(list.due()[0].held.empty());
    CHECK(refusal(list.confirm()).kind == ErrorKind::denied);
  }
  SECTION("on a record that was looked at") {
    must(holds.set({list.volunteer}, "an inquiry", list.prison.by));
    CHECK(list.due().empty());
    CHECK_FALSE(list.confirm());
  }
  CHECK(list.rows().size() == 6);
}

TEST_CASE("a clock that is wrong by years takes no row of the list of looks away",
          "[retention][audit][clock]") {
  SECTION("this computer's is far ahead now") {
    OldList list;
    must(list.confirm());
    sync::store::UnitOfWork work(list.node.database());
    sync::store::SettingsTable settings(work);
    settings.set(sync::store::setting::last_contact_ms,
                 sync::LayoutWriter().u64(list.now_ms).take());
    settings.set(sync::store::setting::clock_offset_ms, sync::LayoutWriter().u64(0).take());
    must(work.commit());
    list.pass(20 * year_ms);
    CHECK(list.due().empty());
  }
  SECTION("it was far behind when somebody looked") {
    OldList list;
    must(list.confirm());
    list.run("DELETE FROM audit");  // begun anew, by a clock of 1970
    list.run("DELETE FROM setting WHERE name LIKE 'audit%'");
    const auto now = list.now_ms;
    list.now_ms = 5 * day_ms;
    list.look("Tansy Planted-Reason");
    list.now_ms = now;
    list.look("Sorrel Planted-Reason");
    CHECK(list.due().empty());
    CHECK_FALSE(list.confirm());
    CHECK(list.rows().size() == 2);
  }
  SECTION("a row from the future goes with those behind it that are over") {
    OldList list;
    list.run("DELETE FROM audit");
    list.run("DELETE FROM setting WHERE name LIKE 'audit%'");
    const auto now = list.now_ms;
    list.now_ms = now + 60 * year_ms;
    list.look("Tansy Planted-Reason");
    list.now_ms = now - 7 * year_ms + day_ms;
    list.look("Sorrel Planted-Reason");
    list.now_ms = now;
    list.look("Yarrow Planted-Reason");
    CHECK(list.due()[0].count == 2);
    must(list.confirm());
    CHECK(must(list.check()).number == 4);
  }
}

TEST_CASE("only who may have things erased and may read the list shortens it",
          "[retention][audit]") {
  OldList list;
  for (const char* roles : {"coordinator", "handover_worker", "security", "governor"}) {
    CAPTURE(roles);
    CHECK(refusal(list.confirm(roles)).kind == ErrorKind::denied);
  }
  CHECK(list.rows().size() == 6);
  must(list.confirm("administrator"));
}

TEST_CASE("the rows of one answer stay or go together", "[retention][audit]") {
  OldList list;
  list.run("DELETE FROM audit");
  list.run("DELETE FROM setting WHERE name LIKE 'audit%'");
  DossierId held;  // whose row comes last in an answer about both
  do {
    held = must(list.prison.records->new_record(*record_type("volunteer"),
                                                {{"family-name", "Held"}}, list.prison.by))
               .record.dossier;
  } while (!(list.volunteer < held));
  must(Holds(*list.prison.records).set({held}, "an inquiry", list.prison.by));
  const auto now = list.now_ms;
  list.now_ms = now - 7 * year_ms + day_ms;
  list.look("Tansy Planted-Reason");
  list.pass(1000);
  const auto type = record_type("volunteer")->number;
  ReadTrail trail;  // one answer about two records, of which one is held
  trail[{list.volunteer, {}, type}] = {1};
  trail[{held, {}, type}] = {1};
  must(Audit(list.node).note_looks(trail, list.viewer("Sage", "administrator")));
  list.now_ms = now;
  CHECK(list.due()[0].count == 1);
  must(list.confirm());
  CHECK(must(list.check()).number == 4);
}

}  // namespace throughgate::node::testing
