#include <catch_amalgamated.hpp>
#include <functional>

#include "sync/store/checker.h"
#include "tests/node/test_sites.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
using sync::OrganisationKind;
using sync::store::CheckReport;

namespace {

// A prison whose site record has three places in the signed order.
struct Checked {
  World world;
  TestHub hub{world};
  TestDesk desk{world, hub};
  TestSite prison{world, "HMP Made Up", OrganisationKind::prison, "LEI"};

  Checked() {
    desk.enrol(prison, hub);
    for (const char* name : {"Al Invented", "Bo Imagined"}) {
      REQUIRE(Staff(*prison.node).add(name, {"gate_meeter"}, prison.actor()));
    }
    REQUIRE(prison.sync(hub));
  }

  CheckReport check() {
    const auto report = sync::store::check_store(prison.node->database(), prison.node->context());
    if (!report) FAIL(report.error().message);
    return *report;
  }
  void alter(std::string_view sql) { REQUIRE(prison.node->database().run_script(sql)); }
  // As the program changes its only dossier, but asks no rule.
  void change(const std::function<void(sync::store::Replica&)>& step) {
    sync::store::UnitOfWork work(prison.node->database());
    const auto id = work.first("SELECT dossier FROM dossier", sync::store::bound(),
                               [](const auto& row) { return sync::DossierId::from(row.view(0)); });
    const auto node = prison.node->context();
    sync::store::Replica replica(work, id.value().value(), node);
    step(replica);
    replica.finish();
    REQUIRE(work.commit());
  }
  // Is a fault found at this place, said in words that hold these?
  bool finds(std::optional<std::uint64_t> dsn, std::string_view words = "") {
    const auto report = check();
    return std::any_of(report.faults.begin(), report.faults.end(), [&](const auto& fault) {
      return fault.dsn == dsn && fault.what.find(words) != std::string::npos;
    });
  }
};

struct Altered {
  const char* sql;
  std::optional<std::uint64_t> dsn;
  const char* words;
};

void check_found(const std::vector<Altered>& twins) {
  for (const auto& twin : twins) {
    Checked at;
    INFO(twin.sql);
    REQUIRE(at.check().faults.empty());
    at.alter(twin.sql);
    CHECK(at.finds(twin.dsn, twin.words));
  }
}

}  // namespace

TEST_CASE("a sound store has no faults, and every entry and field of it was looked at", "[check]") {
  Checked at;
  const auto report = at.check();
  CHECK(report.faults.empty());
  CHECK(report.dossiers == 1);
  CHECK(report.entries == 3);
  CHECK(report.fields == 8);
  CHECK(report.without_author == 0);
  CHECK(report.digests.size() == 1);
}

TEST_CASE("an altered entry is found at its place", "[check]") {
  for (const char* sql :
       {"UPDATE entry SET signature = zeroblob(64) WHERE dsn = 2",
        "UPDATE part SET sealed = zeroblob(99) WHERE entry = (SELECT id FROM entry WHERE dsn = 2)",
        "UPDATE part SET sealed = x'' WHERE entry = (SELECT id FROM entry WHERE dsn = 2)",
        "UPDATE entry SET hash = zeroblob(32) WHERE dsn = 2",
        "UPDATE entry SET header = substr(header, 1, length(header) - 1) WHERE dsn = 2",
        "UPDATE entry SET header = (SELECT header FROM entry WHERE dsn = 3) WHERE dsn = 2",
        "UPDATE entry SET accepted_at_ms = accepted_at_ms + 1 WHERE dsn = 2",
        "UPDATE entry SET directory_version = 0 WHERE dsn = 2",
        "UPDATE entry SET chain = zeroblob(32) WHERE dsn = 2"}) {
    Checked at;
    INFO(sql);
    REQUIRE_FALSE(at.finds(2));
    at.alter(sql);
    CHECK(at.finds(2));
  }
}

TEST_CASE("an entry taken out, or two that changed places, are found", "[check]") {
  Checked at;
  at.alter(
      "UPDATE entry SET dsn = 9 WHERE dsn = 2; UPDATE entry SET dsn = 2 WHERE dsn = 3;"
      "UPDATE entry SET dsn = 3 WHERE dsn = 9");
  CHECK(at.finds(2));
  Checked other;
  other.alter("PRAGMA foreign_keys = OFF; DELETE FROM entry WHERE dsn = 2");
  CHECK(other.finds(2));
}

TEST_CASE("an order cut below what the hub signed is found", "[check]") {
  Checked at;
  at.alter("UPDATE dossier SET length = 2, chain = (SELECT chain FROM entry WHERE dsn = 2)");
  CHECK(at.finds(std::nullopt));
}

TEST_CASE("a field that shows another value, none, or one without history is found", "[check]") {
  for (const char* sql : {"UPDATE field SET value = x'41' WHERE id = 1",
                          "UPDATE field SET flags = flags + 1 WHERE id = 1",
                          "DELETE FROM search_row WHERE field = 1; DELETE FROM field WHERE id = 1",
                          "INSERT INTO field (type, dossier, record, field, value, flags) VALUES "
                          "(10, 1, zeroblob(8), 9, x'41', 0)"}) {
    Checked at;
    INFO(sql);
    at.alter(sql);
    CHECK(at.finds(std::nullopt));
  }
}

TEST_CASE("a membership that its entry does not make is found", "[check]") {
  Checked at;
  REQUIRE_FALSE(at.finds(1));
  // Its key commitment stands at 52 to 83.
  at.alter(
      "UPDATE membership SET clear = "
      "CAST(substr(clear, 1, 52) || zeroblob(32) || substr(clear, 85) AS BLOB)");
  CHECK(at.finds(1));
}

TEST_CASE("a value in the record that its entry does not say is found, and one that is missing",
          "[check]") {
  const char* other = "another value than this change says";
  check_found({
      {"UPDATE op SET value = x'41' WHERE entry = (SELECT id FROM entry WHERE dsn = 2)", 2, other},
      {"UPDATE op SET removed = 1 WHERE entry = (SELECT id FROM entry WHERE dsn = 2)", 2, other},
      {"UPDATE op SET supersedes = zeroblob(36) WHERE entry = (SELECT id FROM entry WHERE dsn = 2)",
       2, other},
      {"UPDATE op SET again = zeroblob(52) WHERE entry = (SELECT id FROM entry WHERE dsn = 2)", 2,
       other},
      {"DELETE FROM op WHERE entry = (SELECT id FROM entry WHERE dsn = 2) AND idx = 0", 2,
       "missing from the record"},
      {"INSERT INTO op SELECT dossier, record, type, field, entry, source, 99, kind, value, "
       "removed, "
       "supersedes, again FROM op WHERE entry = (SELECT id FROM entry WHERE dsn = 2) AND idx = 0",
       2, "that this change does not say"},
      {"INSERT INTO op SELECT 99, record, type, field, entry, source, 99, kind, value, removed, "
       "supersedes, again FROM op WHERE entry = (SELECT id FROM entry WHERE dsn = 2) AND idx = 0",
       std::nullopt, "belongs to no record"},
  });
}

TEST_CASE("what the rules say of an entry at its place is found altered", "[check]") {
  check_found({
      {"UPDATE entry SET role = 2 WHERE dsn = 2", 2, "allowed to do"},
      {"UPDATE entry SET role = NULL WHERE dsn = 2", 2, "allowed to do"},
      {"UPDATE entry SET inert = 1 WHERE dsn = 2", 2, "allowed to do"},
      {"UPDATE entry SET standing = 4 WHERE dsn = 2", 2, "allowed to do"},
      {"UPDATE entry SET effective_ms = effective_ms - 1 WHERE dsn = 2", 2, "The time"},
      {"UPDATE entry SET clock_ms = clock_ms + 1 WHERE dsn = 2", 2, "The time"},
      {"UPDATE entry SET content = 3 WHERE dsn = 2", 2, "What was made of"},
      {"UPDATE entry SET actor = zeroblob(8) WHERE dsn = 2", 2, "What was made of"},
      {"UPDATE entry SET redacted_by = 1 WHERE dsn = 2", 2, "What was made of"},
      {"UPDATE entry SET stream = zeroblob(8) WHERE dsn = 2", 2, "somebody else"},
      {"UPDATE author SET organisation = zeroblob(16)", 2, "somebody else"},
      {"INSERT INTO redaction SELECT id, 3, 3 FROM entry WHERE dsn = 2", 3, "taken out"},
      {"DELETE FROM membership", 1, "Who shares"},
      {"INSERT INTO membership SELECT dossier, 2, entry, clear FROM membership", 2, "Who shares"},
      {"UPDATE dossier SET readable = 1", std::nullopt, "How far"},
      {"UPDATE dossier SET receiving = 2", std::nullopt, "counts at this site"},
  });
}

TEST_CASE("the row of a dossier that was altered is found, or taken out from above its entries",
          "[check]") {
  check_found({
      {"UPDATE dossier SET chain = zeroblob(32)", std::nullopt, "How far"},
      {"UPDATE dossier SET length = 4", std::nullopt, "How far"},
      {"UPDATE dossier SET kind = kind + 1", std::nullopt, "counts at this site"},
      {"UPDATE dossier SET dossier = zeroblob(16)", 1, "belongs to another record"},
      {"PRAGMA foreign_keys = OFF; DELETE FROM dossier", std::nullopt, "belongs to no record"},
  });
}

TEST_CASE("words that a search finds or misses wrongly are found", "[check]") {
  check_found({
      {"UPDATE search_open SET text = 'else'; UPDATE search_personal SET text = 'else';"
       "UPDATE search_confidential SET text = 'else'; UPDATE search_restricted SET text = 'else'",
       std::nullopt, "Search does not know"},
      {"DELETE FROM search_row", std::nullopt, "Search does not know"},
      {"INSERT INTO search_open (rowid, text) VALUES (99999, 'else')", std::nullopt,
       "no field shows"},
      {"INSERT INTO search_row SELECT id, 4 FROM field WHERE id NOT IN (SELECT field FROM "
       "search_row) LIMIT 1",
       std::nullopt, "no field shows"},
  });
}

TEST_CASE("a head that the hub did not sign is found, and a key that the owner did not",
          "[check]") {
  // A proof is: head 56 · root 68 · signature 64 · path.
  check_found({
      {"UPDATE dossier SET proof = CAST(substr(proof, 1, 124) || zeroblob(64) || substr(proof, "
       "189) "
       "AS BLOB)",
       std::nullopt, "not signed by the central exchange"},
      {"UPDATE dossier SET proof = CAST(substr(proof, 1, 24) || zeroblob(32) || substr(proof, 57) "
       "AS "
       "BLOB)",
       std::nullopt, "not signed by the central exchange"},
      {"UPDATE dossier SET proven = 2", std::nullopt, "not signed by the central exchange"},
      {"UPDATE dossier SET proof = NULL", std::nullopt, "signature under the order is missing"},
      {"UPDATE dossier_key SET key = zeroblob(32)", std::nullopt, "A key of this record is not"},
      {"UPDATE dossier_key SET key = x'00'", std::nullopt, "A key of this record cannot be read"},
  });
}

// Redone by somebody who can write the whole store, tables beside it and all.
TEST_CASE("an order that was made up anew, chain and all, is still not the hub's", "[check]") {
  Checked at;
  at.alter("UPDATE entry SET accepted_at_ms = accepted_at_ms + 1 WHERE dsn = 3");
  at.alter(
      "UPDATE dossier SET length = 2, chain = (SELECT chain FROM entry WHERE dsn = 2), "
      "proven = 0, proof = NULL, readable = 2");
  CHECK(at.finds(3));
}

TEST_CASE("a change that has a place where the rules give it none is found", "[check]") {
  Checked at;
  for (const char* name : {"Cy Pretended", "Di Supposed"}) {
    REQUIRE(Staff(*at.prison.node).add(name, {"gate_meeter"}, at.prison.actor()));
  }
  REQUIRE(at.check().faults.empty());
  at.change([](auto& replica) {  // the second before the first that it builds on
    const auto& stored = replica.stored();
    const auto outbox = stored.unplaced(sync::store::Standing::outbox);
    const auto held = stored.load(outbox.at(1)).value();
    auto record = stored.record_at(3).value();
    ++record.dsn;
    record.entry = held.entry.hash();
    replica.accept(held.entry, held.organisation, record);
  });
  CHECK(at.finds(4, "The rules do not give"));
}

TEST_CASE("what was refused shows no more, and again once it is offered again", "[check]") {
  Checked at;
  REQUIRE(Staff(*at.prison.node).add("Cy Pretended", {"gate_meeter"}, at.prison.actor()));
  const auto fields = at.check().fields;
  at.change([](auto& replica) {
    replica.refuse(replica.stored().unplaced(sync::store::Standing::outbox).at(0));
  });
  const auto refused = at.check();
  CHECK(refused.faults.empty());
  CHECK(refused.fields < fields);
  at.change([](auto& replica) { replica.reopen_refused(); });
  const auto reopened = at.check();
  CHECK(reopened.faults.empty());
  CHECK(reopened.fields == fields);
}
