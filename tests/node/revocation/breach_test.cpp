// What a lost computer could read, counted.
#include "node/breach.h"

#include <filesystem>

#include "node/bundles/export.h"
#include "tests/node/revocation/stolen_world.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;

namespace {

struct BreachWorld : StolenWorld {
  CodeLists codes = must(CodeLists::load(EXAMPLE_CODES));
  sync::DossierId volunteer;

  BreachWorld() {
    RecordService records(*prison.node, codes);
    volunteer = must(records.new_record(*record_type("volunteer"),
                                        {{"given-name", "Ann"}, {"family-name", "Example"}},
                                        {prison.actor(), "a test"}))
                    .record.dossier;
    exchange({&prison, &desk, laptop.get(), &prison, &desk});
  }
  Breach at(TestSite& site) {
    RecordService records(*site.node, codes);
    return must(breach_of_computer(records, id(*laptop)));
  }
};

}  // namespace

TEST_CASE("the report of a lost computer counts what it could read, and which of it has new keys",
          "[breach]") {
  BreachWorld at;
  const auto all = dossiers_of(*at.prison.node).size();
  auto report = at.at(at.prison);
  CHECK(report.records.size() == all);
  CHECK(report.with_new_keys() == 0);
  CHECK(report.standing.find("not withdrawn yet") != std::string::npos);
  CHECK(report.not_in_it.empty());
  at.revoke(at.id(*at.laptop), at.world.now_ms - day_ms);
  must(at.visit(at.desk));
  must(at.visit(at.prison));
  must(at.visit(at.prison));
  report = at.at(at.prison);
  CHECK(report.standing == "withdrawn: stolen");
  CHECK(report.with_new_keys() == report.records.size());
  const auto named = std::find_if(report.records.begin(), report.records.end(),
                                  [&](const auto& each) { return each.id == at.volunteer; });
  REQUIRE(named != report.records.end());
  CHECK(named->name == "Ann Example");
  CHECK(named->owner == at.prison.name);
}

TEST_CASE("the desk's report holds what the desk holds, and says that the rest is not in it",
          "[breach]") {
  BreachWorld at;
  const auto report = at.at(at.desk);
  REQUIRE(report.records.size() == 1);
  CHECK(report.records[0].id == at.volunteer);
  REQUIRE(report.not_in_it.size() == 1);
  CHECK(report.not_in_it[0].find("volunteer files") != std::string::npos);
  const auto text = text_of(report, "Jo Made-Up", at.world.now_ms);
  for (const char* words : {"72 hours", "without one yet: 1", "Ann Example", "Kept by"}) {
    CAPTURE(words);
    CHECK(text.find(words) != std::string::npos);
  }
}

TEST_CASE("whoever may not see whom a record is about reads its number alone in the report",
          "[breach]") {
  BreachWorld at;
  const auto& shipped = Permissions::shipped();
  const sync::Actor nobody{sync::ActorId::random(at.world.random), "No Roles", ""};
  RecordService records(*at.prison.node, at.codes, Viewer(shipped, nobody));
  const auto report = must(breach_of_computer(records, at.id(*at.laptop)));
  CHECK(report.records.size() == dossiers_of(*at.prison.node).size());
  for (const auto& each : report.records) {
    if (each.id == at.volunteer) CHECK(each.name.empty());
  }
}

TEST_CASE(
    "the report of a bundle that is there says for whom it is, when it was made and what it held",
    "[breach][bundle]") {
  BreachWorld at;
  const auto stick = at.world.folder.path("stick");
  std::filesystem::create_directory(stick);
  auto& node = *at.prison.node;
  const auto made =
      must(export_bundles(node, must(readers_of(node, at.desk.node->identity().organisation)),
                          stick, sync::bundle_bytes_max));
  REQUIRE(made.files.size() == 1);
  const auto path = stick + "/" + made.files[0].file_name;
  RecordService records(node, at.codes);
  const auto report = must(breach_of_bundle(records, path));
  CHECK(report.is_bundle);
  CHECK(report.whose == at.desk.name);
  CHECK(report.happened_ms == at.world.now_ms);
  REQUIRE(report.records.size() == 1);
  CHECK(report.records[0].id == at.volunteer);
  const auto text = text_of(report, "Jo Made-Up", at.world.now_ms);
  CHECK(text.find("What a lost bundle could show") == 0);
  CHECK(text.find("None of them is withdrawn") != std::string::npos);
  CHECK(breach_of_bundle(records, stick + "/none").error().kind == sync::ErrorKind::not_found);

  const auto for_hub =
      must(export_bundles(node, must(hub_readers(node)), stick, sync::bundle_bytes_max));
  const auto sealed = must(breach_of_bundle(records, stick + "/" + for_hub.files[0].file_name));
  CHECK(sealed.records.empty());
  REQUIRE(sealed.not_in_it.size() == 1);
  CHECK(sealed.not_in_it[0].find("no keys") != std::string::npos);
}
