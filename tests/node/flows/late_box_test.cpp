// What a partner wrote after it was removed: nothing is lost, and its owner decides.
#include <catch_amalgamated.hpp>

#include "node/sharing/late.h"
#include "node/sharing/no_longer_shared.h"
#include "sync/store/checker.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {
namespace {

using schema::Handover;
using sync::DossierId;
using sync::ErrorKind;
using sync::store::NoticeKind;

By because(Site& site, const std::string& reason) { return {site.by.actor, reason}; }

void set(Site& site, const DossierId& handover, const std::string& field,
         const std::string& value) {
  const auto form = must(site.records->open({handover, {}, 110}));
  must(site.records->set_fields(form, {{field, value}}, site.by));
}

std::vector<LateEntry> late_at(Site& site) { return must(Late(*site.records).list()); }

void tidy(Site& site) { must(delete_what_is_no_longer_shared(*site.node)); }

// The partner writes while the prison removes it.
DossierId written_too_late(World& world) {
  const auto id = shared_handover(world);
  world.sync_all();
  world.pass(60'000);
  world.partner.by.reason = "told by the hostel";
  set(world.partner, id, "contact-route", "Rosemary Planted-Late");
  world.partner.by.reason.clear();
  must(Handovers(*world.prison.records)
           .remove_partner(id, world.partner.organisation, because(world.prison, "They closed")));
  world.pass(60'000);
  world.sync(world.prison);
  world.sync_all();
  return id;
}

}  // namespace

TEST_CASE(
    "what was written after the removal waits for the owner and the desk, and its author sees it",
    "[late]") {
  World world;
  const auto id = written_too_late(world);
  for (Site* site : {&world.prison, &world.desk}) {
    CAPTURE(site->name);
    const auto late = late_at(*site);
    REQUIRE(late.size() == 1);
    CHECK(late[0].dossier == id);
    CHECK_FALSE(late[0].ours);
    CHECK(late[0].actor == world.partner.by.actor.name);
    CHECK(late[0].reason == "told by the hostel");
    REQUIRE(late[0].changes.size() == 1);
    CHECK(late[0].changes[0].value == "Rosemary Planted-Late");
    const auto notices = must(site->reader().notices_of(id));
    CHECK(std::count_if(notices.begin(), notices.end(), [](const auto& notice) {
            return notice.kind == static_cast<int>(NoticeKind::late);
          }) == 1);
  }
  CHECK(late_at(world.stranger).empty());
  // Its author's computer deletes the record, and keeps what was typed there.
  tidy(world.partner);
  const auto own = late_at(world.partner);
  REQUIRE(own.size() == 1);
  CHECK(own[0].ours);
  REQUIRE(own[0].changes.size() == 1);
  CHECK(own[0].changes[0].value == "Rosemary Planted-Late");
  const auto notices = must(world.partner.reader().notices());
  CHECK(std::any_of(notices.begin(), notices.end(), [](const auto& notice) {
    return notice.kind == static_cast<int>(NoticeKind::no_longer_shared) && notice.detail == 1;
  }));
  CHECK(refusal(read_case(*world.partner.records, id)).kind == ErrorKind::not_found);
  world.sync_all();
  CHECK(late_at(world.partner).size() == 1);
  const auto faults =
      must(sync::store::check_store(world.partner.node->database(), world.partner.node->context()));
  CHECK(faults.faults.empty());
}

TEST_CASE("the owner takes it over in one step, with its author's name and time", "[late]") {
  World world;
  const auto id = written_too_late(world);
  const auto late = late_at(world.prison);
  REQUIRE(late.size() == 1);
  world.pass(60'000);
  must(Late(*world.prison.records).take(late[0].entry, world.prison.by));
  world.sync_all();
  CHECK(must(read_case(*world.desk.records, id)).text(Handover::kContactRouteFieldNumber) ==
        "Rosemary Planted-Late");
  const auto history =
      must(world.prison.reader().history({id, {}, 110}, Handover::kContactRouteFieldNumber));
  const auto taken = std::find_if(history.begin(), history.end(), [](const auto& op) {
    return op.dsn.has_value() && crypto::as_text(op.value) == "Rosemary Planted-Late";
  });
  REQUIRE(taken != history.end());
  CHECK(taken->actor_name == world.partner.by.actor.name);
  CHECK(taken->actor_role.find(late[0].organisation) != std::string::npos);
  CHECK(taken->clock_ms == late[0].at_ms);
  CHECK(taken->reason == "told by the hostel");
  CHECK(late_at(world.prison).empty());
  CHECK(late_at(world.desk).empty());
  CHECK(refusal(Late(*world.prison.records).take(late[0].entry, world.prison.by)).kind ==
        ErrorKind::not_found);
}

TEST_CASE("a code that never leaves the prison is not taken over with what came too late",
          "[late][never-share]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  // The partner's program does not care.
  must(world.partner.node->admission().save(
      id, world.partner.records->authorship(world.partner.by),
      {{{sync::RecordId{{1}}, 113, 2}, sync::OpKind::set, {'X', 'C', 'I'}, {}, {}},
       {{sync::RecordId{{1}}, 113, 3}, sync::OpKind::set, {'x'}, {}, {}}}));
  must(Handovers(*world.prison.records)
           .remove_partner(id, world.partner.organisation, because(world.prison, "They closed")));
  world.pass(60'000);
  world.sync(world.prison);
  world.sync_all();
  const auto late = late_at(world.prison);
  REQUIRE(late.size() == 1);
  const auto saved = must(Late(*world.prison.records).take(late[0].entry, world.prison.by));
  REQUIRE(saved.notes.size() == 1);
  CHECK(saved.notes[0].find("never leaves the prison") != std::string::npos);
  for (const auto& op : must(world.prison.reader().history({id, sync::RecordId{{1}}, 113}, 2))) {
    CHECK_FALSE(op.dsn);
    CHECK(op.standing == sync::store::OpStanding::refused);
  }
}

TEST_CASE("it is put aside with a reason, and stays in the history", "[late]") {
  World world;
  const auto id = written_too_late(world);
  const auto late = late_at(world.prison);
  REQUIRE(late.size() == 1);
  CHECK(refusal(Late(*world.prison.records).put_aside(late[0].entry, because(world.prison, "")))
            .kind == ErrorKind::invalid);
  must(
      Late(*world.prison.records).put_aside(late[0].entry, because(world.prison, "known already")));
  world.sync_all();
  CHECK(late_at(world.prison).empty());
  CHECK(late_at(world.desk).empty());
  CHECK(must(read_case(*world.prison.records, id)).text(Handover::kContactRouteFieldNumber) !=
        "Rosemary Planted-Late");
  const auto history =
      must(world.prison.reader().history({id, {}, 110}, Handover::kContactRouteFieldNumber));
  CHECK(std::any_of(history.begin(), history.end(), [](const auto& op) {
    return op.standing == sync::store::OpStanding::refused &&
           crypto::as_text(op.value) == "Rosemary Planted-Late";
  }));
}

TEST_CASE("why it is put aside is looked through before others read it", "[late][free-text]") {
  World world;
  written_too_late(world);
  const auto late = late_at(world.prison);
  REQUIRE(late.size() == 1);
  auto records = seen_by_jo(world.prison, world.codes);
  const auto told = because(world.prison, "told by A9876XY");
  CHECK(refusal(Late(records).put_aside(late[0].entry, told)).kind == ErrorKind::invalid);
  REQUIRE(records.text_doubts().size() == 1);
  CHECK(records.text_doubts()[0].where == "Reason");
  CHECK(late_at(world.prison).size() == 1);
  records.take_text_as_it_stands();
  must(Late(records).put_aside(late[0].entry, told));
  CHECK(late_at(world.prison).empty());
}

TEST_CASE("two who decide at once come to one record, and nothing waits", "[late]") {
  World world;
  const auto id = written_too_late(world);
  const auto late = late_at(world.prison);
  REQUIRE(late.size() == 1);
  must(Late(*world.prison.records).take(late[0].entry, world.prison.by));
  must(Late(*world.desk.records).put_aside(late[0].entry, because(world.desk, "known")));
  world.sync_all(3);
  CHECK(late_at(world.prison).empty());
  CHECK(late_at(world.desk).empty());
  const auto file = must(read_case(*world.prison.records, id));
  CHECK(file.text(Handover::kContactRouteFieldNumber) == "Rosemary Planted-Late");
  CHECK(file.root.field(Handover::kContactRouteFieldNumber)->ops.size() == 1);
}

TEST_CASE("what only the partner may write, and its steps, are not taken over and not lost",
          "[late]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  must(Handovers(*world.partner.records).accept(id, "Ann, 07700 900001", world.partner.by));
  must(Handovers(*world.prison.records)
           .remove_partner(id, world.partner.organisation, because(world.prison, "They closed")));
  world.sync(world.prison);
  world.sync_all();
  const auto late = late_at(world.prison);
  REQUIRE(late.size() == 1);
  REQUIRE(late[0].changes.size() == 2);
  for (const auto& change : late[0].changes) CHECK(change.why_not != "");
  CHECK(refusal(Late(*world.prison.records).take(late[0].entry, world.prison.by)).kind ==
        ErrorKind::denied);
  CHECK(must(read_case(*world.prison.records, id)).state == Handover::READY);
  must(Late(*world.prison.records).put_aside(late[0].entry, because(world.prison, "rung them")));
  CHECK(late_at(world.prison).empty());
}

TEST_CASE("what was written too late waits on when its author takes part again", "[late]") {
  World world;
  const auto id = written_too_late(world);
  tidy(world.partner);
  must(Handovers(*world.prison.records).share(id, world.partner.organisation, world.prison.by));
  world.sync_all(3);
  CHECK(late_at(world.prison).size() == 1);
  CHECK(late_at(world.partner).size() == 1);
  must(Late(*world.prison.records).take(late_at(world.prison)[0].entry, world.prison.by));
  world.sync_all();
  CHECK(late_at(world.prison).empty());
  CHECK(late_at(world.partner).empty());
  CHECK(must(read_case(*world.partner.records, id)).text(Handover::kContactRouteFieldNumber) ==
        "Rosemary Planted-Late");
}

TEST_CASE("a partner cannot settle what it wrote too late", "[late]") {
  World world;
  written_too_late(world);
  const auto late = late_at(world.partner);
  REQUIRE(late.size() == 1);
  CHECK(late[0].ours);
  const auto take = Late(*world.partner.records).take(late[0].entry, world.partner.by);
  CHECK(refusal(take).kind == ErrorKind::denied);
  CHECK(
      refusal(Late(*world.partner.records).put_aside(late[0].entry, because(world.partner, "mine")))
          .kind == ErrorKind::denied);
}

}  // namespace throughgate::node::testing
