#include <catch_amalgamated.hpp>

#include "node/suspects.h"
#include "node/web/pages/pages.h"
#include "records/handover.pb.h"
#include "records/volunteer_file.pb.h"
#include "tests/node/web/pages/page_world.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
using namespace throughgate::node::web;

namespace {

// The partner's computer was stolen, and used, before the central team withdrew it.
struct Stolen : PageWorld {
  sync::DossierId id;
  Visitor visitor{prison, codes, {add_suspect_pages, add_handover_pages}};

  Stolen() {
    id = shared_handover();
    world.now_ms += day_ms;
    set(partner, id, "meeting-place", "Behind the old mill");
    sync_all();
    must(desk.desk().revoke(partner.node->identity().node, sync::RevocationReason::stolen,
                            world.now_ms - day_ms / 2));
    sites = {&desk, &prison};
    sync_all();
  }
  std::string change() const {
    const auto page = visitor.get("/stolen-computer").body;
    const std::string before = "name=\"change\" value=\"";
    return page.substr(page.find(before) + before.size(), 64);
  }
  Response settle(const std::string& verdict, const std::string& reason) const {
    const auto page = visitor.get("/stolen-computer");
    return visitor.send(page, "/stolen-computer",
                        {{"verdict", verdict}, {"reason-" + change().substr(0, 12), reason}});
  }
};

}  // namespace

TEST_CASE("while no computer was stolen the page says that nothing waits", "[pages][suspect]") {
  PageWorld world;
  const Visitor visitor(world.prison, world.codes, {add_suspect_pages});
  CHECK(says(visitor.get("/stolen-computer"), "Nothing waits to be looked at"));
}

TEST_CASE("a change of a stolen computer is shown with what it says, and marked where it stands",
          "[pages][suspect]") {
  Stolen at;
  const auto page = at.visitor.get("/stolen-computer");
  CHECK(page.status == 200);
  for (const char* words : {"Changes made on a stolen computer", "Behind the old mill",
                            "Meeting place", "Bridge Trust, A PC", "Handover of Alex Example"}) {
    CAPTURE(words);
    CHECK(says(page, words));
  }
  CHECK(says(at.visitor.get("/handovers/" + at.id.hex()), "Made on a computer that was stolen"));
}

TEST_CASE("a form that was opened before somebody else settled the change changes nothing",
          "[pages][suspect]") {
  Stolen at;
  const auto opened = at.visitor.get("/stolen-computer");
  const auto change = at.change();
  REQUIRE(at.settle("looked-at", "we rang them").status == 303);
  const auto late =
      at.visitor.send(opened, "/stolen-computer",
                      {{"verdict", "undo"}, {"reason-" + change.substr(0, 12), "it was not them"}});
  CHECK(late.status == 404);
  CHECK(says(late, "it is settled already. Nothing was changed"));
  CHECK(says(at.visitor.get("/handovers/" + at.id.hex()), "Behind the old mill"));
}

TEST_CASE("what only the partner may write is left to it, and that is said", "[suspect]") {
  PageWorld world;
  const auto id = world.shared_handover();
  world.world.now_ms += day_ms;
  world.set(world.partner, id, "receiver-contact", "Al Invented");
  world.sync_all();
  must(world.desk.desk().revoke(world.partner.node->identity().node, sync::RevocationReason::stolen,
                                world.world.now_ms - day_ms / 2));
  for (auto* site : {static_cast<TestSite*>(&world.desk), &world.prison}) {
    must(site->sync(world.hub));
    must(site->sync(world.hub));
  }
  auto records = world.records(world.prison);
  Suspects suspects(records);
  const auto entry = must(suspects.list()).at(0).change.entry;
  const By by = world.by(world.prison, "we rang them");
  const auto undone = suspects.settle(entry, Verdict::undo, by);
  REQUIRE_FALSE(undone);
  CHECK(undone.error().message.find("only the other organisation may undo this") !=
        std::string::npos);
  const auto kept = must(suspects.settle(entry, Verdict::keep, by));
  REQUIRE(kept.notes.size() == 1);
  CHECK(kept.notes[0].find("only the other organisation may write this") != std::string::npos);
  const auto name = must(records.whole().field({id, {}, kept.record.type},
                                               schema::Handover::kReceiverContactFieldNumber));
  REQUIRE(name.shown());
  CHECK(crypto::as_text(name.shown()->value) == "Al Invented");
  CHECK(name.ops.size() == 1);  // it was not said again
  CHECK(must(suspects.list()).empty());
}

TEST_CASE("a partner settles nothing of what the owner's stolen computer wrote", "[suspect]") {
  PageWorld world;
  const auto id = world.shared_handover();
  world.world.now_ms += day_ms;
  world.set(world.prison, id, "release-area", "Bradford");
  world.sync_all();
  must(world.desk.desk().revoke(world.prison.node->identity().node, sync::RevocationReason::stolen,
                                world.world.now_ms - day_ms / 2));
  const auto exchange = [&] {
    for (auto* site : {static_cast<TestSite*>(&world.desk), &world.partner}) {
      must(site->sync(world.hub));
    }
  };
  exchange();
  auto records = world.records(world.desk);
  const auto listed = must(Suspects(records).list());
  REQUIRE(listed.size() == 1);
  auto theirs = world.records(world.partner);
  must(world.partner.node->admission().save(id, theirs.authorship(world.by(world.partner)), {},
                                            {listed[0].change.entry}));
  exchange();
  exchange();
  CHECK(must(Suspects(records).list()).size() == 1);
  must(Suspects(records).settle(listed[0].change.entry, Verdict::looked_at,
                                world.by(world.desk, "we rang them")));
  CHECK(must(Suspects(records).list()).empty());
}

TEST_CASE("what is set aside waits for nobody to say whether it holds", "[suspect]") {
  PageWorld world;
  auto theirs = world.records(world.partner);
  const std::string address = "1 Invented Road";
  const auto made = must(world.partner.node->admission().create(
      {{world.partner.node->identity().organisation, sync::Role::owner},
       {world.desk.node->identity().organisation, sync::Role::central}},
      theirs.authorship(world.by(world.partner)),
      {{{{}, record_type("volunteer-file")->number, schema::VolunteerFile::kAddressFieldNumber},
        sync::OpKind::set,
        {address.begin(), address.end()},
        {},
        {}}}));
  world.sync_all();
  auto records = world.records(world.desk);
  REQUIRE(must(records.whole().set_aside(made)));
  must(world.desk.desk().revoke(world.partner.node->identity().node, sync::RevocationReason::stolen,
                                world.world.now_ms - day_ms));
  CHECK(must(Suspects(records).list()).empty());
}

TEST_CASE("whoever settles it says why, and then nothing waits", "[pages][suspect]") {
  Stolen at;
  const auto asked = at.settle("keep", "");
  CHECK(asked.status == 422);
  CHECK(says(asked, "Enter why"));
  const auto kept = at.settle("looked-at", "we rang them");
  CHECK(kept.status == 303);
  const auto after = at.visitor.get(kept.location);
  CHECK(says(after, "Marked as looked at"));
  CHECK(says(after, "Nothing waits to be looked at"));
  CHECK_FALSE(
      says(at.visitor.get("/handovers/" + at.id.hex()), "Made on a computer that was stolen"));
}
