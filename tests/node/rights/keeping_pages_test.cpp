// Erasing, holding, keeping, removing and backing up by pages, at a prison and at the central team.
#include <catch_amalgamated.hpp>
#include <filesystem>

#include "node/backup/backup.h"
#include "node/breach.h"
#include "node/bundles/export.h"
#include "node/erasure/requests.h"
#include "node/web/pages/pages.h"
#include "node/web/pages/rights/rights_pages.h"
#include "tests/node/staff/filled_site.h"
#include "tests/node/web/pages/page_world.h"

namespace throughgate::node::testing {
namespace {

constexpr const char* schedule =
    "[[rule]]\nname = \"Left\"\nfrom = \"left\"\nmonths = 1\nsource = \"usual practice\"\n";

Visitor keeping_visitor(TestSite& site, const CodeLists& codes, const std::string& who = "jo",
                        const Permissions& permissions = Permissions::shipped()) {
  return {site,
          codes,
          {[&site](web::SitePages& pages) {
            web::add_rights_pages(
                pages, {site.accounts, site.folder, [] { return parse_retention(schedule); }});
            web::add_volunteer_pages(pages);
            web::add_handover_pages(pages);
            web::add_home_page(pages);
          }},
          who,
          permissions};
}

struct KeepingWorld : PageWorld {
  Visitor at_prison = keeping_visitor(prison, codes);
  Visitor at_desk = keeping_visitor(desk, codes);
  sync::DossierId volunteer;

  KeepingWorld() {
    volunteer = recorded("volunteer", {{"given-name", "Rosemary"}, {"family-name", "Planted"}});
    recorded("vetting-notes", {{"volunteer", volunteer.hex()}});
    sync_all();
  }
  sync::DossierId recorded(const std::string& type, const std::vector<FieldInput>& inputs) {
    auto all = records(prison);
    return must(all.new_record(*record_type(type), inputs, by(prison))).record.dossier;
  }
  bool is_here(TestSite& site, const sync::DossierId& id) {
    return static_cast<bool>(records(site).whole().dossier(id));
  }
  sync::DossierId open_request() {
    const auto known = must(all_requests(records(prison)));
    REQUIRE_FALSE(known.empty());
    return known.back().id;
  }
};

// Of the first value that the page offers.
std::string change_id(const web::Response& page) {
  const auto tag = tag_with(page, "name=\"change\"");
  const auto at = tag.find("value=\"") + 7;
  return tag.substr(at, tag.find('"', at) - at);
}

}  // namespace

TEST_CASE("a volunteer is erased by pages: what goes is shown, asked for, signed and gone",
          "[pages][erasure]") {
  KeepingWorld world;
  const auto address = "/erase/" + world.volunteer.hex();
  CHECK(world.at_prison.page("/volunteers/" + world.volunteer.hex()).find(address) !=
        std::string::npos);
  const auto plan = world.at_prison.page(address);
  CHECK(says(plan, "Volunteer of Rosemary Planted"));
  CHECK(says(plan, "Vetting notes"));  // which jo may not read
  CHECK(world.at_prison.fill_in(address, {{"reason", "they asked"}}).status == 422);
  CHECK(world.at_prison.fill_in(address, {{"ground", "person-asked"}}).status == 422);
  CHECK(must(all_requests(world.records(world.prison))).empty());
  const auto asked =
      world.at_prison.done(address, {{"ground", "person-asked"}, {"reason", "they asked"}});
  CHECK(says(asked, "Asked for."));
  CHECK(says(asked, "Waiting for the central team to sign"));
  CHECK(says(world.at_prison.fill_in(address, {{"ground", "mistake"}, {"reason", "again"}}),
             "asked for already"));
  world.sync_all();

  const std::string waits = "1 request to erase: sign or refuse";
  CHECK(says(world.at_desk.page("/"), waits));
  CHECK_FALSE(says(world.at_prison.page("/"), waits));
  const auto list = world.at_desk.page("/requests-to-erase");
  CHECK(says(list, "HMP Example"));
  CHECK(says(list, "they asked"));
  const auto sign = "/requests-to-erase/" + world.open_request().hex() + "/sign";
  CHECK(says(world.at_desk.done(sign, {}), "Signed."));
  CHECK_FALSE(says(world.at_desk.page("/"), "to erase"));
  world.sync_all();
  CHECK_FALSE(world.is_here(world.prison, world.volunteer));
  CHECK_FALSE(world.is_here(world.desk, world.volunteer));
  CHECK(says(world.at_prison.page("/asked-to-erase"), "Erased here"));
  CHECK(says(world.at_desk.page("/not-erased-yet"), "Who has not erased yet"));
  CHECK(world.at_desk.get(sign).status == 200);
  CHECK(world.at_desk
            .fill_in("/requests-to-erase/" + world.open_request().hex() + "/refuse",
                     {{"reason", "too late"}})
            .status == 422);
}

TEST_CASE("a request is taken back by the site, or refused by the central team with a reason",
          "[pages][erasure]") {
  KeepingWorld world;
  const auto address = "/erase/" + world.volunteer.hex();
  const auto ask = [&] {
    world.at_prison.done(address, {{"ground", "mistake"}, {"reason", "typed twice"}});
    return world.open_request().hex();
  };
  const auto back = "/asked-to-erase/" + ask() + "/take-back";
  CHECK(world.at_prison.fill_in(back, {{"reason", " "}}).status == 422);
  CHECK(says(world.at_prison.done(back, {{"reason", "found out"}}), "The request is taken back"));
  ask();
  world.sync_all();
  std::string refuse;
  for (const auto& each : must(all_requests(world.records(world.desk)))) {
    if (each.is_open()) refuse = "/requests-to-erase/" + each.id.hex() + "/refuse";
  }
  CHECK(world.at_desk.fill_in(refuse, {{"reason", ""}}).status == 422);
  CHECK(says(world.at_desk.done(refuse, {{"reason", "an inquest"}}), "Refused."));
  world.sync_all();
  CHECK(says(world.at_prison.page("/asked-to-erase"), "The central team refused: an inquest"));
  CHECK(world.is_here(world.prison, world.volunteer));
}

TEST_CASE("a hold set by a page keeps the record from being asked for, until it is lifted",
          "[pages][erasure]") {
  KeepingWorld world;
  const auto on = "/holds/on/" + world.volunteer.hex();
  CHECK(world.at_prison.fill_in(on, {{"reason", ""}}).status == 422);
  const auto set = world.at_prison.done(on, {{"reason", "an inquest"}});
  CHECK(says(set, "The hold is set"));
  CHECK(says(set, "Volunteer Rosemary Planted"));
  const auto plan = world.at_prison.page("/erase/" + world.volunteer.hex());
  CHECK(says(plan, "A legal hold keeps it"));
  CHECK(plan.find("name=\"ground\"") == std::string::npos);
  const auto holds = must(all_holds(world.records(world.prison)));
  REQUIRE(holds.size() == 1);
  CHECK(holds[0].records.size() == 2);  // the vetting notes too
  const auto lift = "/holds/" + holds[0].id.hex() + "/lift";
  CHECK(says(world.at_prison.done(lift, {{"reason", "it is over"}}), "The hold is lifted"));
  CHECK(world.at_prison.page("/erase/" + world.volunteer.hex()).find("name=\"ground\"") !=
        std::string::npos);
}

TEST_CASE("what was kept long enough is decided one by one: erased, or kept with a reason",
          "[pages][retention]") {
  KeepingWorld world;
  const auto left = world.recorded("volunteer", {{"family-name", "Left"}, {"status", "LEFT"}});
  world.sync_all();
  CHECK(says(world.at_prison.page("/kept-long-enough"), "Nothing has been kept longer"));
  world.world.now_ms += 60 * day_ms;
  CHECK(says(world.at_prison.page("/kept-long-enough"), "Volunteer of Left"));
  const auto one = "/kept-long-enough/" + left.hex() + "/left";
  CHECK(world.at_prison.fill_in(one, {{"reason", "x"}}).status == 422);
  CHECK(world.at_prison.fill_in(one, {{"decision", "keep"}, {"reason", " "}}).status == 422);
  SECTION("kept") {
    const auto kept =
        world.at_prison.done(one, {{"decision", "keep"}, {"reason", "a complaint is open"}});
    CHECK(says(kept, "a complaint is open"));
    CHECK(world.at_prison.get(one).status == 404);
  }
  SECTION("erased") {
    CHECK(
        says(world.at_prison.done(one, {{"decision", "erase"}, {"reason", "over"}}), "Confirmed."));
    CHECK(says(world.at_prison.page("/kept-long-enough"), "Asked to be erased"));
  }
}

TEST_CASE("a value is removed for everybody by a page, once it has been sent", "[pages][redact]") {
  KeepingWorld world;
  const auto type = record_type("volunteer")->number;
  const auto field = "/remove-value/" + world.volunteer.hex() + "/" + std::string(16, '0') + "/" +
                     std::to_string(type) + "/3";
  auto all = world.records(world.prison);
  const sync::store::RecordName name{world.volunteer, {}, type};
  must(all.set_fields(must(all.open(name)), {{"known-as", "A slip"}}, world.by(world.prison)));
  CHECK(says(world.at_prison.page(field), "Nothing that stands here can be removed"));
  world.sync_all();
  const auto fields = world.at_prison.page("/remove-value/" + world.volunteer.hex());
  CHECK(fields.find(field) != std::string::npos);
  CHECK(says(world.at_prison.page(field), "A slip"));
  const auto change = change_id(world.at_prison.get(field));
  CHECK(world.at_prison.fill_in(field, {{"reason", "x"}}).status == 422);
  CHECK(world.at_prison.fill_in(field, {{"change", change}, {"reason", ""}}).status == 422);
  const auto gone = world.at_prison.done(field, {{"change", change}, {"reason", "a slip"}});
  CHECK(says(gone, "With the next exchange the value goes"));
  world.sync_all();
  CHECK_FALSE(says(world.at_prison.page(field), "A slip"));
  const auto history = must(world.records(world.desk).whole().history(name, 3));
  REQUIRE(history.size() == 1);
  CHECK(history[0].removed);
}

TEST_CASE("to change what was typed leads back to the form with all that was filled in",
          "[pages][erasure][free-text]") {
  KeepingWorld world;
  constexpr const char* typed = "told by A9876XY <b>";
  // The question whether it should be shared, then the form again, with what was chosen in it.
  const auto comes_back = [&](const Visitor& at, const std::string& address, Typed filled,
                              const std::string& chosen = {}) {
    INFO(address);
    filled.emplace_back("reason", typed);
    const auto asked = at.fill_in(address, filled);
    CHECK(says(asked, "Should this be shared?"));
    const auto again = at.send(asked, address, {{"free_text", "change"}});
    CHECK(again.status == 422);
    CHECK(says(again, "This looks like a prison number of somebody else"));
    CHECK(again.body.find("<form") != std::string::npos);
    CHECK(tag_with(again, "name=\"reason\"").find("told by A9876XY &lt;b&gt;") !=
          std::string::npos);
    if (chosen.empty()) return;
    CHECK(tag_with(again, "value=\"" + chosen + "\"").find("checked") != std::string::npos);
  };
  const auto volunteer = world.volunteer.hex();
  comes_back(world.at_prison, "/erase/" + volunteer, {{"ground", "mistake"}}, "mistake");
  comes_back(world.at_prison, "/holds/on/" + volunteer, {});
  world.at_prison.done("/holds/on/" + volunteer, {{"reason", "an inquest"}});
  const auto hold = must(all_holds(world.records(world.prison))).at(0).id.hex();
  comes_back(world.at_prison, "/holds/" + hold + "/lift", {});
  world.at_prison.done("/holds/" + hold + "/lift", {{"reason", "it is over"}});

  world.at_prison.done("/erase/" + volunteer, {{"ground", "mistake"}, {"reason", "typed twice"}});
  const auto request = world.open_request().hex();
  comes_back(world.at_prison, "/asked-to-erase/" + request + "/take-back", {});
  world.sync_all();
  comes_back(world.at_desk, "/requests-to-erase/" + request + "/refuse", {});

  const auto other = world.recorded("volunteer", {{"family-name", "Left"}, {"status", "LEFT"}});
  const auto type = record_type("volunteer")->number;
  const auto field = "/remove-value/" + other.hex() + "/" + std::string(16, '0') + "/" +
                     std::to_string(type) + "/2";
  world.sync_all();
  const auto change = change_id(world.at_prison.get(field));
  comes_back(world.at_prison, field, {{"change", change}}, change);
  world.world.now_ms += 60 * day_ms;
  for (const char* decision : {"keep", "erase"}) {
    comes_back(world.at_prison, "/kept-long-enough/" + other.hex() + "/left",
               {{"decision", decision}}, decision);
  }
}

TEST_CASE("facts copied from what was erased are removed by a page", "[pages][erasure]") {
  KeepingWorld world;
  const auto handover = world.shared_handover();
  auto all = world.records(world.prison);
  must(all.new_record_in(
      handover, *record_type("assignment"),
      {{"volunteer-source", world.volunteer.hex()}, {"volunteer-name", "Rosemary Planted"}},
      world.by(world.prison)));
  world.sync_all();
  CHECK(says(world.at_prison.page("/erase/" + world.volunteer.hex()), "Copied elsewhere"));
  must(world.desk.desk().erase({world.volunteer}));
  world.sync_all();
  CHECK(says(world.at_prison.page("/copied-facts"), "Volunteer for this handover: 1 value"));
  CHECK(says(world.at_prison.done("/copied-facts", {}),
             "With the next exchange the copied facts go"));
  world.sync_all();
  CHECK(says(world.at_prison.page("/copied-facts"), "No copied facts are left"));
}

TEST_CASE("a backup is made by a page for one's own password, and says until when it is of use",
          "[pages][backup]") {
  KeepingWorld world;
  CHECK(says(world.at_prison.page("/backups"), "There is no backup that could be used"));
  const auto wrong = world.at_prison.fill_in("/backups", {{"own_password", "wrong"}});
  CHECK(wrong.status == 422);
  CHECK(
      world.at_prison.fill_in("/backups", {{"own_password", good_password}, {"folder", "nowhere"}})
          .status == 422);
  const auto saved = world.at_prison.fill_in("/backups", {{"own_password", good_password}});
  REQUIRE(saved.status == 200);
  CHECK(saved.file_name.ends_with(".backup"));
  const auto manifest =
      read_manifest(crypto::as_bytes(saved.body).first(manifest_bytes), saved.body.size());
  REQUIRE(manifest);
  CHECK(manifest->node == world.prison.node->identity().node);
  CHECK_FALSE(std::filesystem::exists(world.prison.folder.path() + "/for-download.backup"));
  const auto page = world.at_prison.page("/backups");
  CHECK(says(page, "Of use until"));
  CHECK_FALSE(says(page, "There is no backup"));
  const auto stick = world.world.folder.path("stick");
  std::filesystem::create_directory(stick);
  CHECK(says(world.at_prison.done("/backups", {{"own_password", good_password}, {"folder", stick}}),
             "The backup is made"));
  CHECK_FALSE(std::filesystem::is_empty(stick));
  world.world.now_ms += backup_lasts_ms + 1;
  CHECK(says(world.at_prison.page("/backups"), "There is no backup that could be used"));
}

TEST_CASE("the check by a page says that all is sound, or what is not", "[pages][check]") {
  KeepingWorld world;
  CHECK(says(world.at_prison.fill_in("/check-records", {}), "Everything kept here is sound"));
  sync::store::UnitOfWork work(world.prison.node->database());
  work.run("UPDATE field SET value = x'00' WHERE id = (SELECT max(id) FROM field)");
  must(work.commit());
  const auto page = world.at_prison.fill_in("/check-records", {});
  CHECK(says(page, "Something here is damaged"));
  CHECK(says(page, "rebuild"));
}

TEST_CASE("each page about keeping is refused to whoever may not, and the twin shows it to all",
          "[pages][permissions]") {
  FilledSite site;
  const auto id = site.record("volunteer").dossier.hex();
  const std::vector<std::string> addresses{"/erase/" + id,
                                           "/asked-to-erase",
                                           "/holds",
                                           "/holds/on/" + id,
                                           "/copied-facts",
                                           "/backups",
                                           "/check-records",
                                           "/kept-long-enough",
                                           "/remove-value/" + id,
                                           "/lost"};
  const auto visitor = [&](const RoleSet& roles, const Permissions& permissions) {
    return keeping_visitor(site.prison, site.codes, site.person(roles), permissions);
  };
  const auto reporter = visitor({"reporter"}, Permissions::shipped());
  const auto twin = visitor({"reporter"}, FilledSite::permissive());
  for (const auto& address : addresses) {
    INFO(address);
    CHECK(reporter.get(address).status == 403);
    CHECK(reporter.post(address, {{"reason", "x"}}).status >= 403);
    CHECK(twin.get(address).status == 200);
  }
  CHECK(reporter.get("/lost/file/1").status == 403);
  CHECK(reporter.post("/lost/file/1", {{"reason", "x"}}).status == 403);
  CHECK(says(reporter.page("/keeping"), "do not let you do any of this"));
}

TEST_CASE("what goes with a record, and what is due, is judged by all that is here, whoever asks",
          "[erasure][permissions]") {
  FilledSite site;
  const auto id = site.record("volunteer").dossier;
  for (const RoleSet& roles : {RoleSet{"coordinator"}, RoleSet{"administrator"}}) {
    const auto plan = must(plan_erasure(site.seen_by(roles), id));
    CHECK(plan.going.size() == 4);
    const bool sees = roles.contains("coordinator");
    CHECK((plan.going[0].name.empty() != sees));
  }
  const auto refused = plan_erasure(site.seen_by({"gate_meeter", "reporter", "governor"}), id);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == sync::ErrorKind::denied);
}

TEST_CASE("what a lost file or computer could show is counted by a page, and saved for a notice",
          "[pages][breach]") {
  KeepingWorld world;
  const Visitor governor =
      keeping_visitor(world.prison, world.codes, "jo", FilledSite::permissive());
  const auto stick = world.world.folder.path("stick");
  std::filesystem::create_directory(stick);
  auto& node = *world.prison.node;
  const auto file =
      must(export_bundles(node, must(readers_of(node, world.desk.node->identity().organisation)),
                          stick, sync::bundle_bytes_max));
  REQUIRE(file.records == 1);  // the volunteer, with the central team
  const auto which = governor.page("/lost");
  CHECK(says(which, "A stick or e-mail with a file that was made here"));
  const std::string of_file = "/lost/file/1";
  CHECK(which.find(of_file) != std::string::npos);
  CHECK(says(governor.page(of_file), "Records 1"));
  CHECK(says(governor.page(of_file), "Who could read with it " + world.desk.name));

  const auto no_reason = governor.fill_in(of_file, {});
  CHECK(no_reason.status == 422);
  CHECK(says(no_reason, "Enter why you make the report"));
  const auto saved = governor.fill_in(of_file, {{"reason", "left on a train"}});
  REQUIRE(saved.status == 200);
  CHECK(saved.file_name == "report.txt");
  CHECK(saved.body.find("72 hours") != std::string::npos);
  CHECK(saved.body.find("Rosemary Planted") != std::string::npos);
  CHECK(saved.body.find(world.volunteer.hex()) != std::string::npos);

  const auto of_computer = "/lost/computer/" + node.identity().node.hex();
  CHECK(which.find(of_computer) != std::string::npos);
  CHECK(says(governor.page(of_computer), "Standing not withdrawn yet"));
  const auto both = governor.fill_in(of_computer, {{"reason", "stolen from a car"}});
  CHECK(both.body.find("Vetting") != std::string::npos);

  CHECK(governor.get("/lost/file/9").status == 404);
  CHECK(governor.get("/lost/file/x").status == 404);
  CHECK(governor.get("/lost/computer/" + std::string(32, '0')).status == 404);
}

TEST_CASE("the report of a lost file names what was in it, and nothing that was not", "[breach]") {
  KeepingWorld world;
  const auto stick = world.world.folder.path("stick");
  std::filesystem::create_directory(stick);
  auto& node = *world.prison.node;
  must(export_bundles(node, must(readers_of(node, world.desk.node->identity().organisation)), stick,
                      sync::bundle_bytes_max));
  const auto later = world.recorded("volunteer", {{"given-name", "Later"}, {"family-name", "On"}});
  world.sync_all();
  auto all = world.records(world.prison);
  const auto report = must(breach_of_made_file(all, 1));
  REQUIRE(report.records.size() == 1);
  CHECK(report.records[0].id == world.volunteer);
  CHECK(report.records[0].id != later);
  CHECK(report.openers.empty());
}

}  // namespace throughgate::node::testing
