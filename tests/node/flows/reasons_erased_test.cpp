// Why somebody looked at a record goes with it, and the list of who looked at what still proves
// itself.
#include <catch_amalgamated.hpp>

#include "crypto/hash.h"
#include "node/audit.h"
#include "node/audit_renewal.h"
#include "sync/layout.h"
#include "tests/node/flows/asking.h"
#include "tests/sync/store/page_search.h"

namespace throughgate::node::testing {
namespace {

using sync::ErrorKind;
using sync::store::RecordName;

struct Looking : Asking {
  OpenNode& node = *prison.node;
  const RecordName about{volunteer, {}, record_type("volunteer")->number};

  Viewer viewer(const std::string& reason) {
    return {Permissions::shipped(), {prison.by.actor.id, "Sam", "security"}, reason};
  }
  void look(const std::vector<RecordName>& records, const std::string& reason) {
    ReadTrail trail;
    for (const auto& record : records) trail[record] = {1, 2};
    must(Audit(node).note_looks(trail, viewer(reason)));
  }
  void erase_the_volunteer() {
    sync_all();
    const auto request = ask(volunteer);
    sync_all();
    must(erasures().sign(request, desk.by));
    sync_all();
  }
  void run(const std::string& sql) {
    CAPTURE(sql);
    must(node.database().run(sql));
  }
  sync::Result<AuditMark> check(const std::string& noted = {}) {
    return Audit(node).check(noted.empty() ? std::nullopt : audit_mark_in(noted));
  }
  bool says_altered(const sync::Result<AuditMark>& checked, std::uint64_t row) {
    return !checked && checked.error().kind == ErrorKind::corrupt &&
           checked.error().message.find("row " + std::to_string(row) + " ") != std::string::npos;
  }
  void put_back_rows(const char* kept) {
    run("DELETE FROM audit");
    run(std::string("INSERT INTO audit SELECT * FROM ") + kept);
  }

  // The next row as it was written when its mark was made of the reason itself. Its mark, as it was
  // noted then.
  std::string look_as_before(const std::string& reason) {
    ++old_.number;
    sync::LayoutWriter row;
    row.u64(old_.number).u64(node.now_ms()).bytes(prison.by.actor.id.bytes).u8(1);
    row.bytes(about.dossier.bytes).bytes(about.record.bytes).u32(about.type);
    row.u32(0).u64(0).u32(static_cast<std::uint32_t>(reason.size()));
    row.bytes(crypto::as_bytes(reason));
    const auto bytes = row.take();
    old_.mark = crypto::hash(crypto::Context{"tg audit row"}, {old_.mark, bytes});
    must(node.database().run(
        "INSERT INTO audit (number, at_ms, actor, act, dossier, record, type, fields, count, "
        "reason, mark) VALUES (?, ?, ?, 1, ?, ?, ?, x'', 0, ?, ?)",
        old_.number, node.now_ms(), prison.by.actor.id.view(), about.dossier.view(),
        about.record.view(), about.type, reason, old_.mark));
    const auto last = sync::LayoutWriter().u64(old_.number).bytes(old_.mark).take();
    must(node.database().run(
        "INSERT OR REPLACE INTO setting (name, value) VALUES ('audit mark', ?)", last));
    return text_of(old_).substr(0, text_of(old_).size() - 4);
  }
  void update_the_program() {
    must(renew_old_audit(node.database(), node.random(), node.now_ms()));
  }

 private:
  AuditMark old_;
};

}  // namespace

TEST_CASE("why somebody looked goes with the record, and the list of looks still holds",
          "[erasure][audit]") {
  Looking world;
  const RecordName beside{shared_handover(world), {}, 110};
  world.look({world.about, beside}, "Chervil Planted-Reason said so");  // one answer
  world.pass(60'000);
  world.look({beside}, "the yearly audit");
  const auto before = text_of(must(world.check()));
  const std::vector<std::string> marks{"Chervil Planted-Reason"};
  auto& database = world.node.database();
  CHECK(throughgate::testing::search_pages(database, marks)->found_anything());

  world.erase_the_volunteer();
  CHECK_FALSE(throughgate::testing::search_pages(database, marks)->found_anything());
  const auto rows = must(Audit(world.node).list({}, 10));
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].reason == "the yearly audit");
  for (const auto& row : {rows[1], rows[2]}) {
    CHECK(row.reason.empty());
    CHECK(row.reason_gone_with == world.volunteer);
    CHECK(row.actor == world.prison.by.actor.id);
  }
  CHECK(must(world.check(before)).number == 3);  // as it was noted on paper before
}

TEST_CASE("why the list of looks at a record was taken as a file goes with that record",
          "[erasure][audit]") {
  Looking world;
  const auto someone = world.viewer("");
  must(
      Audit(world.node).note_file(3, someone, "asked for by Chervil's solicitor", world.volunteer));
  must(Audit(world.node).note_file(9, someone, "the yearly audit"));
  world.erase_the_volunteer();
  const auto rows = must(Audit(world.node).list({}, 10));
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].reason == "the yearly audit");
  CHECK(rows[1].reason.empty());
  CHECK(rows[1].reason_gone_with == world.volunteer);
  CHECK(must(world.check()).number == 2);
}

TEST_CASE("no row passes for one whose reason went with a record, or for one from before",
          "[erasure][audit]") {
  Looking world;
  const auto handover = shared_handover(world);
  world.look({world.about}, "Chervil said so");
  world.pass(60'000);
  world.look({{handover, {}, 110}}, "the yearly audit");
  world.erase_the_volunteer();
  REQUIRE(world.check());
  world.run("CREATE TEMP TABLE unharmed AS SELECT * FROM audit");
  const std::string gone = "(SELECT reason_gone_with FROM audit WHERE number = 1)";
  const std::vector<std::pair<std::string, std::uint64_t>> harm{
      {"reason = '', reason_salt = x'', reason_gone_with = dossier WHERE number = 2", 2},
      {"reason = '', reason_salt = x'', reason_gone_with = " + gone + " WHERE number = 2", 2},
      {"reason = '' WHERE number = 2", 2},
      {"reason = 'Chervil', reason_gone_with = x'' WHERE number = 1", 1},
      {"reason_hash = zeroblob(32) WHERE number = 1", 1},
      {"reason_hash = x'', reason = '', reason_gone_with = " + gone + " WHERE number = 2", 2},
      {"reason_hash = x'', at_ms = at_ms + 1 WHERE number = 1", 1},
      {"act = 3, count = 0 WHERE number = 2", 2}};
  for (const auto& [change, row] : harm) {
    world.run("UPDATE audit SET " + change);
    INFO(change);
    CHECK(world.says_altered(world.check(), row));
    world.update_the_program();  // which launders nothing
    CHECK(world.says_altered(world.check(), row));
    world.put_back_rows("unharmed");
  }
  CHECK(world.check());
}

TEST_CASE("why somebody looks at a record while it is erased is not kept", "[erasure][audit]") {
  Looking world;
  const auto handover = shared_handover(world);
  world.erase_the_volunteer();
  world.look({world.about, {handover, {}, 110}}, "Chervil said so");
  for (const auto& row : must(Audit(world.node).list({}, 10))) {
    CHECK(row.reason.empty());
    CHECK(row.reason_gone_with == world.volunteer);
  }
  CHECK(must(world.check()).number == 2);
}

TEST_CASE("a list of looks from before reasons could go is marked anew, and a reason may go then",
          "[erasure][audit]") {
  Looking world;
  const auto noted = world.look_as_before("Chervil said so");
  world.look_as_before("Chervil again");
  world.update_the_program();
  world.update_the_program();  // no second time
  world.look({world.about}, "Chervil once more");
  const auto noted_since = text_of(must(world.check()));
  CHECK(must(world.check()).number == 4);
  const auto row = must(Audit(world.node).list({}, 10))[1];
  CHECK(row.act == AuditAct::list_renewed);
  CHECK(row.count == 0);
  world.erase_the_volunteer();
  CHECK(must(world.check(noted_since)).number == 4);
  for (const auto& each : must(Audit(world.node).list({}, 10))) CHECK(each.reason.empty());
  const auto refused = world.check(noted);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::stale);
  // Only what was noted from such a list is excused, and only of rows from before.
  CHECK(world.says_altered(world.check("2-9f3c28aa01d4be5702c6"), 2));
  CHECK(world.says_altered(world.check("4-9f3c28aa01d4be57"), 4));
}

TEST_CASE("a list of looks that was altered before an update is altered after it",
          "[erasure][audit]") {
  Looking world;
  for (int i = 0; i < 3; ++i) world.look_as_before("Chervil said so");
  std::uint64_t row = 2;
  SECTION("a row") { world.run("UPDATE audit SET at_ms = at_ms + 1 WHERE number = 2"); }
  SECTION("a reason") { world.run("UPDATE audit SET reason = 'none' WHERE number = 2"); }
  SECTION("one taken out") { world.run("DELETE FROM audit WHERE number = 2"); }
  SECTION("a reason that is said to have gone") {
    world.run("UPDATE audit SET reason = '', reason_gone_with = dossier WHERE number = 2");
  }
  SECTION("the newest taken away") {
    row = 3;
    world.run("DELETE FROM audit WHERE number = 3");
  }
  SECTION("a column that holds no row's") {
    world.run("UPDATE audit SET fields = x'00' WHERE number = 2");
  }
  world.update_the_program();
  CHECK(world.says_altered(world.check(), row));
}

}  // namespace throughgate::node::testing
