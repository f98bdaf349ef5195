#include <catch_amalgamated.hpp>

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
  // Is the fault found, at this place?
  bool finds(std::optional<std::uint64_t> dsn) {
    const auto report = check();
    return std::any_of(report.faults.begin(), report.faults.end(),
                       [&](const auto& fault) { return fault.dsn == dsn; });
  }
};

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
        "UPDATE part SET sealed = zeroblob(length(sealed)) WHERE entry = (SELECT id FROM entry "
        "WHERE dsn = 2)",
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
