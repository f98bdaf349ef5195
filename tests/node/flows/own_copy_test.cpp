// An organisation's own copy of a handover that another keeps: due, confirmed, gone, and gone for
// good; and whoever keeps the record is told.
#include <catch_amalgamated.hpp>
#include <filesystem>

#include "node/days.h"
#include "node/desk/erasures.h"
#include "node/dossier_kinds.h"
#include "node/sharing/no_longer_shared.h"
#include "node/sharing/shared_with.h"
#include "sync/bundle_parts.h"
#include "sync/store/packing.h"
#include "sync/store/purge.h"
#include "sync/store/unpacking.h"
#include "tests/node/flows/example_handover.h"
#include "tests/sync/store/page_search.h"

namespace throughgate::node::testing {
namespace {

using schema::ErasureRequest;
using schema::Handover;
using sync::DossierId;
using sync::ErrorKind;
using sync::store::NoticeKind;

constexpr std::uint64_t day_ms = 24ull * 3600 * 1000;

constexpr const char* rules = R"([[rule]]
name = "Partner's copy"
from = "partner-copy"
months = 24
longest = 72
source = "made up"
[[rule]]
name = "Sender's copy"
from = "gate-result"
days = 90
source = "made up"
)";

std::size_t tidy(Site& site) { return must(delete_what_is_no_longer_shared(*site.node)); }

// A handover that the partner supported to the end.
struct Supported : World {
  const RetentionSchedule schedule = must(parse_retention(rules));
  DossierId id;

  Supported() {
    give_desk_the_key();
    id = shared_handover(*this);
    sync_all();
    Handovers at_partner(*partner.records);
    must(at_partner.accept(id, "Ann, 07700 900001", partner.by));
    must(at_partner.plan(id, {{"meeting-place", "Main gate"}, {"meeting-time", "08:30"}},
                         partner.by));
    must(at_partner.release(id, "", "", partner.by, true));
    must(at_partner.gate(id, {}, partner.by));
    sync_all();
  }
  void end_support() {
    Handovers at_partner(*partner.records);
    must(at_partner.support(id, partner.by));
    must(at_partner.close(id, "Support completed", partner.by));
    sync_all();
  }
  std::string in_days(int days) {
    return iso_day(now_ms + static_cast<std::uint64_t>(days) * day_ms);
  }
  std::vector<Due> due_at(Site& site, const std::string& today) {
    return must(due_records(*site.records, schedule, today));
  }
  sync::Result<Confirmed> confirm(Site& site, const std::string& today) {
    return confirm_due(*site.records, schedule, {id}, today, site.by);
  }
  std::size_t let_go() { return must(DeskErasures(*desk.records).let_copies_go(desk.by)); }
  bool has(Site& site) { return static_cast<bool>(site.reader().dossier(id)); }
  bool takes_part(Site& at, const Site& who) {
    for (const auto& member : must(at.reader().dossier(id)).members) {
      if (member.organisation == who.organisation) return true;
    }
    return false;
  }
};

}  // namespace

TEST_CASE("a partner's copy is due two years after support has ended, where it is kept",
          "[retention][own-copy]") {
  Supported world;
  CHECK(world.due_at(world.partner, world.in_days(800)).empty());  // support goes on
  world.end_support();
  CHECK(world.due_at(world.partner, *months_after(world.in_days(0), 24)).empty());
  const auto due = world.due_at(world.partner, *day_after(*months_after(world.in_days(0), 24), 1));
  REQUIRE(due.size() == 1);
  CHECK(due[0].subject == world.id);
  CHECK(due[0].from == KeptFrom::partner_copy);
  CHECK(due[0].others.size() == 2);
  CHECK(what_goes(due[0], *world.partner.node) ==
        "This organisation's copy. The record stays with " +
            organisation_name(*world.partner.node, due[0].others[0]) + " and " +
            organisation_name(*world.partner.node, due[0].others[1]) + ".");
  CHECK(world.due_at(world.desk, world.in_days(3000)).empty());
}

TEST_CASE("however long support goes on, a partner's copy is due after six years",
          "[retention][own-copy]") {
  Supported world;
  const auto last = *months_after(world.in_days(0), 72);  // shared today
  CHECK(world.due_at(world.partner, last).empty());
  const auto due = world.due_at(world.partner, *day_after(last, 1));
  REQUIRE(due.size() == 1);
  CHECK(due[0].since == world.in_days(0));
  CHECK(due[0].kept_until == last);
}

TEST_CASE("a partner lets its own copy go: it leaves the record, which stays with the others",
          "[retention][own-copy]") {
  Supported world;
  world.end_support();
  const std::vector<std::string> marks{"not near the old town"};
  auto& database = world.partner.node->database();
  CHECK(throughgate::testing::search_pages(database, marks)->found_anything());
  const auto confirmed = must(world.confirm(world.partner, world.in_days(800)));
  CHECK(confirmed.request);
  CHECK(world.due_at(world.partner, world.in_days(800))[0].asked);
  CHECK(refusal(world.confirm(world.partner, world.in_days(800))).kind == ErrorKind::invalid);
  CHECK(world.takes_part(world.partner, world.partner));  // nothing goes before it is signed
  world.sync_all();
  CHECK(world.let_go() == 1);
  CHECK(world.let_go() == 0);
  world.sync_all();
  CHECK(tidy(world.partner) == 1);
  CHECK_FALSE(world.has(world.partner));
  CHECK_FALSE(throughgate::testing::search_pages(database, marks)->found_anything());
  CHECK(must(read_case(*world.prison.records, world.id)).state == Handover::CLOSED);
  CHECK(must(read_case(*world.desk.records, world.id)).state == Handover::CLOSED);
  CHECK_FALSE(world.takes_part(world.prison, world.partner));
  CHECK(must(read_request(*world.partner.records, *confirmed.request)).state ==
        ErasureRequest::SIGNED);
}

TEST_CASE("whoever keeps the record is told that somebody's copy went, and hears when it is gone",
          "[retention][own-copy]") {
  Supported world;
  world.end_support();
  must(world.confirm(world.partner, world.in_days(800)));
  world.sync_all();
  world.let_go();
  world.sync_all();
  const auto notices = must(world.prison.reader().notices());
  CHECK(std::count_if(notices.begin(), notices.end(), [&](const auto& notice) {
          return notice.kind == static_cast<int>(NoticeKind::member_left) &&
                 notice.dossier == world.id;
        }) == 1);
  tidy(world.partner);
  world.sync_all();
  std::size_t said = 0;
  for (const auto& span : must(shared_with(*world.prison.records, world.id))) {
    if (span.organisation != world.partner.organisation) continue;
    REQUIRE(span.copies.size() == 1);
    CHECK(span.copies[0].at_ms == world.now_ms);
    ++said;
  }
  CHECK(said == 1);
}

TEST_CASE(
    "a copy that was let go does not come back by an old stick or an old copy of the computer",
    "[retention][own-copy]") {
  Supported world;
  world.end_support();
  const auto context = world.prison.node->context();
  const auto stick =
      must(sync::store::Packing(world.prison.node->database(), context, sync::bundle_content_max)
               .for_organisation(world.partner.organisation));
  const auto path = world.store_path(world.partner);
  world.restart(world.partner, [&] { std::filesystem::copy_file(path, path + ".old"); });
  must(world.confirm(world.partner, world.in_days(800)));
  world.sync_all();
  world.let_go();
  world.sync_all();
  CHECK(tidy(world.partner) == 1);
  SECTION("an old stick") {
    const auto at = world.partner.node->context();
    for (const auto& part : stick.parts) {
      must(sync::store::Unpacking(world.partner.node->database(), at,
                                  world.prison.node->identity().node)
               .take(part));
    }
    CHECK_FALSE(world.has(world.partner));
  }
  SECTION("an old copy of its disk") {
    world.restart(world.partner, [&] {
      std::filesystem::remove(path + "-wal");
      std::filesystem::copy_file(path + ".old", path,
                                 std::filesystem::copy_options::overwrite_existing);
    });
    CHECK(world.has(world.partner));
    world.sync_all();
    CHECK(tidy(world.partner) == 1);
    CHECK_FALSE(world.has(world.partner));
  }
  world.sync_all();
  CHECK(tidy(world.partner) == 0);
  CHECK_FALSE(world.has(world.partner));
}

TEST_CASE("a legal hold keeps an own copy, whoever set it and however late",
          "[retention][own-copy]") {
  Supported world;
  world.end_support();
  const auto today = world.in_days(800);
  SECTION("set before it is confirmed") {
    const auto hold =
        must(Holds(*world.partner.records).set({world.id}, "an inquest", world.partner.by));
    CHECK_FALSE(world.due_at(world.partner, today)[0].held.empty());
    CHECK(refusal(world.confirm(world.partner, today)).kind == ErrorKind::denied);
    must(Holds(*world.partner.records).lift(hold.record.dossier, "over", world.partner.by));
    must(world.confirm(world.partner, today));
  }
  SECTION("set after it was confirmed") {
    must(world.confirm(world.partner, today));
    world.sync_all();
    Site& by = GENERATE(0, 1) == 0 ? world.desk : world.partner;
    const auto hold = must(Holds(*by.records).set({world.id}, "an inquest", by.by));
    world.sync_all();
    CHECK(world.let_go() == 0);
    CHECK(must(DeskErasures(*world.desk.records).sign_scheduled(world.schedule, today)) == 0);
    must(Holds(*by.records).lift(hold.record.dossier, "over", by.by));
    world.sync_all();
    CHECK(world.let_go() == 1);
  }
}

TEST_CASE("whoever owns the record lets go of no copy: the review says how many they keep",
          "[retention][own-copy]") {
  Supported world;
  world.end_support();
  const auto today = world.in_days(91);
  CHECK(world.due_at(world.prison, today).empty());
  CHECK(must(kept_as_owner(*world.prison.records, world.schedule, world.in_days(90))) == 0);
  CHECK(must(kept_as_owner(*world.prison.records, world.schedule, today)) == 1);
  CHECK(must(kept_as_owner(*world.partner.records, world.schedule, today)) == 0);
  // And where its computer asked all the same, nothing of it is signed.
  ErasurePlan plan;
  plan.subject = world.id;
  plan.going.push_back(must(going_record(*world.prison.records, world.id)));
  const auto request =
      must(ErasureRequests(*world.prison.records)
               .ask(plan, {ErasureRequest::OWN_COPY, "ours", "Sender's copy", "2026-09-30"},
                    world.prison.by))
          .record.dossier;
  world.sync_all();
  CHECK(world.let_go() == 0);
  CHECK(refusal(DeskErasures(*world.desk.records).sign(request, world.desk.by)).kind ==
        ErrorKind::denied);
  world.sync_all();
  CHECK(world.has(world.prison));
  CHECK(world.has(world.partner));
}

TEST_CASE("a part that the central team cannot end keeps no visit of its computer from its end",
          "[retention][own-copy]") {
  Supported world;
  world.end_support();
  const auto request = *must(world.confirm(world.partner, world.in_days(800))).request;
  world.sync_all();
  must(world.prison.node->admission().change_members(
      world.id, {sync::store::MemberChange::Kind::remove, world.desk.organisation},
      world.prison.records->authorship(world.prison.by)));
  world.sync_all();
  REQUIRE(world.takes_part(world.desk, world.partner));
  CHECK(world.let_go() == 0);
  const auto considered = must(DeskErasures(*world.desk.records).consider(request));
  REQUIRE(considered.against.size() == 1);
  CHECK(considered.against.front().ends_with("the central team takes no part any more."));
  CHECK(tidy(world.desk) == 1);
  CHECK(world.let_go() == 0);
}

TEST_CASE("a request for an own copy never erases the record, whoever signs it and whoever owns it",
          "[retention][own-copy]") {
  Supported world;
  world.end_support();
  const auto request = *must(world.confirm(world.partner, world.in_days(800))).request;
  world.sync_all();
  must(DeskErasures(*world.desk.records).sign(request, world.desk.by));
  world.sync_all();
  CHECK(world.desk.node->directory().erased().empty());
  CHECK(world.has(world.prison));
  CHECK_FALSE(world.takes_part(world.prison, world.partner));
}

}  // namespace throughgate::node::testing
