// A handover travels: from a prison through a hub to a partner and back.
#include <catch_amalgamated.hpp>
#include <set>

#include "node/conflicts.h"
#include "node/handovers/acknowledgement.h"
#include "node/handovers/delivery.h"
#include "node/handovers/handover_list.h"
#include "tests/node/flows/example_handover.h"
#include "tests/node/in_process_hub.h"

namespace throughgate::node::testing {
namespace {

using schema::Handover;
using sync::ErrorKind;
using sync::Role;

std::string shown(const Site& site, const sync::DossierId& handover, int field) {
  return must(read_case(*site.records, handover)).text(field);
}
std::uint64_t number(const Site& site, const sync::DossierId& handover, int field) {
  return must(read_case(*site.records, handover)).number(field);
}
Handover::State state(const Site& site, const sync::DossierId& handover) {
  return must(read_case(*site.records, handover)).state;
}

void set(Site& site, const sync::DossierId& handover, const std::string& field,
         const std::string& value) {
  const auto form = must(site.records->open({handover, {}, 110}));
  must(site.records->set_fields(form, {{field, value}}, site.by));
}

}  // namespace

TEST_CASE("a handover that is shared can be read and accepted by the partner", "[handover]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  REQUIRE(state(world.partner, id) == Handover::SENT);
  CHECK(shown(world.partner, id, Handover::kFamilyNameFieldNumber) == "Example");
  CHECK(must(read_case(*world.partner.records, id)).role() == Role::receiver);

  must(Handovers(*world.partner.records).accept(id, "Kim, 07700 900111", world.partner.by));
  world.sync_all();
  CHECK(state(world.prison, id) == Handover::ACCEPTED);
  CHECK(shown(world.prison, id, Handover::kReceiverContactFieldNumber) == "Kim, 07700 900111");
  CHECK(state(world.desk, id) == Handover::ACCEPTED);
}

TEST_CASE("no stage is typed: each step asks for what it needs", "[handover]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  RecordService& records = *world.partner.records;
  const auto form = must(records.open({id, {}, 110}));
  for (const char* stage : {"Accepted", "ACCEPTED", "Declined"}) {
    CHECK(refusal(records.set_fields(form, {{"state", stage}}, world.partner.by)).kind ==
          ErrorKind::denied);
  }
  Handovers at_partner(records);
  CHECK(refusal(at_partner.plan(id, {{"state", "Accepted"}}, world.partner.by)).kind ==
        ErrorKind::denied);
  world.sync_all();
  CHECK(state(world.partner, id) == Handover::SENT);
  CHECK(refusal(world.prison.records->new_record(
                    *record_type("handover"),
                    {{"given-name", "Sam"}, {"family-name", "Typed"}, {"state", "Shared"}},
                    world.prison.by))
            .kind == ErrorKind::denied);
}

TEST_CASE("a handover is ready once it is complete and has a ground that holds", "[handover]") {
  World world;
  Handovers at_prison(*world.prison.records);
  const auto draft =
      must(at_prison.begin({{"family-name", "Begun"}}, world.prison.by)).record.dossier;
  CHECK(refusal(at_prison.ready(draft, world.prison.by)).kind == ErrorKind::invalid);
  const auto id = ready_handover(world);
  SECTION("it is") {
    must(at_prison.ready(id, world.prison.by));
    CHECK(state(world.prison, id) == Handover::READY);
    must(at_prison.share(id, example_basis(world).partner, world.prison.by));
    CHECK(state(world.prison, id) == Handover::SENT);
  }
  SECTION("not once the person has said no") {
    set(world.prison, id, "consent", "Refused");
    CHECK(refusal(at_prison.ready(id, world.prison.by)).kind == ErrorKind::denied);
    CHECK(state(world.prison, id) == Handover::DRAFT);
  }
}

TEST_CASE("an organisation that is no member reads nothing of a handover", "[handover]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  CHECK(refusal(read_case(*world.stranger.records, id)).kind == ErrorKind::not_found);
  sync::store::SearchQuery query;
  query.text = "Example";
  query.class_max = 4;
  CHECK(must(world.stranger.reader().search(query)).hits.empty());
  CHECK(must(world.partner.reader().search(query)).hits.size() == 1);
}

TEST_CASE("a release date changed at both sites offline is an item at both, the owner's shown",
          "[handover][conflict]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  set(world.prison, id, "release-date", "2026-12-10");
  world.pass(1000);
  set(world.partner, id, "release-date", "2026-12-15");
  world.sync_all();

  for (const Site* site : {&world.prison, &world.partner}) {
    INFO(site->name);
    CHECK(shown(*site, id, Handover::kReleaseDateFieldNumber) == "2026-12-10");
    const auto page = must(Conflicts(*site->records).list());
    REQUIRE(page.conflicts.size() == 1);
    CHECK(page.conflicts[0].siblings.size() == 2);
  }
  const auto at_prison = must(Conflicts(*world.prison.records).list()).conflicts[0];
  const auto at_partner = must(Conflicts(*world.partner.records).list()).conflicts[0];
  CHECK(at_prison.item == at_partner.item);

  Conflicts decides(*world.prison.records);
  must(decides.resolve(at_prison, {at_prison.siblings[1].id, "", false}, world.prison.by));
  world.sync_all();
  for (const Site* site : {&world.prison, &world.partner}) {
    CHECK(shown(*site, id, Handover::kReleaseDateFieldNumber) == "2026-12-15");
    CHECK(must(Conflicts(*site->records).list()).conflicts.empty());
  }
}

TEST_CASE(
    "who may decide: the owner at once, the desk when asked or after a day, the partner never",
    "[conflict]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  set(world.prison, id, "release-date", "2026-12-10");
  set(world.partner, id, "release-date", "2026-12-15");
  world.sync_all();
  const sync::store::RecordName root{id, {}, 110};
  const auto field = static_cast<std::uint32_t>(Handover::kReleaseDateFieldNumber);
  Conflicts partner(*world.partner.records);
  Conflicts desk(*world.desk.records);
  const auto item = must(desk.show(root, field));
  const Resolution keep{item.siblings[0].id, "", false};
  CHECK(refusal(partner.resolve(item, keep, world.partner.by)).kind == ErrorKind::denied);
  CHECK(refusal(desk.resolve(item, keep, world.desk.by)).kind == ErrorKind::denied);
  world.pass(24ull * 60 * 60 * 1000);
  CHECK(must(desk.may_resolve(item, false)) == sync::Done{});
  By silent = world.desk.by;
  for (const char* nothing_to_see : {" ", " \u202E\u200B"}) {
    silent.reason = nothing_to_see;
    CHECK(refusal(desk.resolve(item, keep, silent)).kind == ErrorKind::invalid);
  }
  must(desk.resolve(item, keep, world.desk.by));
  CHECK(refusal(desk.resolve(item, keep, world.desk.by)).kind == ErrorKind::stale);
  world.sync_all();
  CHECK(refusal(partner.show(root, field)).kind == ErrorKind::not_found);
}

TEST_CASE("what is typed in place of both values is checked as where it is typed at first",
          "[conflict][dates]") {
  World world;  // it is 21 September 2026
  const auto id = shared_handover(world);
  world.sync_all();
  set(world.prison, id, "release-date", "2026-12-10");
  set(world.partner, id, "release-date", "2026-12-15");
  world.sync_all();
  Conflicts decides(*world.prison.records);
  const auto item = must(decides.list()).conflicts.at(0);
  const auto slip = refusal(decides.resolve(item, {{}, "1 December 2020", false}, world.prison.by));
  CHECK(slip.message ==
        "Expected release date: This day is long over. Check the year, or leave it out.");
  must(decides.resolve(item, {{}, "12 December 2026", false}, world.prison.by));
  CHECK(shown(world.prison, id, Handover::kReleaseDateFieldNumber) == "2026-12-12");

  auto& records = *world.prison.records;
  const auto form = must(records.open({id, {}, 110}));
  CHECK(refusal(records.set_fields(form, {{"release-date", "20 September 2025"}}, world.prison.by))
            .kind == ErrorKind::invalid);
  must(records.set_fields(form, {{"release-date", "21 September 2025"}}, world.prison.by));
}

TEST_CASE("an ordinary change settles nothing that was changed in two places", "[conflict]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  set(world.prison, id, "release-date", "2026-12-10");
  set(world.partner, id, "release-date", "2026-12-15");
  world.sync_all();
  const auto values = [&] {
    std::set<std::string> out;
    for (const auto& conflict : must(Conflicts(*world.desk.records).list()).conflicts) {
      for (const auto& op : conflict.siblings) out.emplace(crypto::as_text(op.value));
    }
    return out;
  };
  set(world.partner, id, "release-date", "2026-12-20");
  world.sync_all();
  CHECK(values() == std::set<std::string>{"2026-12-10", "2026-12-20"});
  CHECK(shown(world.partner, id, Handover::kReleaseDateFieldNumber) == "2026-12-10");
  set(world.prison, id, "release-date", "2026-12-11");
  world.sync_all();
  CHECK(values() == std::set<std::string>{"2026-12-11", "2026-12-20"});
  const auto form = must(world.desk.records->open({id, {}, 110}));
  const auto saved =
      must(world.desk.records->set_fields(form, {{"release-date", "2026-12-12"}}, world.desk.by));
  CHECK(saved.notes.size() == 1);
  world.sync_all();
  CHECK(values() == std::set<std::string>{"2026-12-11", "2026-12-12", "2026-12-20"});
}

TEST_CASE("the desk decides at once when it was asked", "[conflict]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  set(world.prison, id, "release-date", "2026-12-10");
  set(world.partner, id, "release-date", "2026-12-15");
  world.sync_all();
  Conflicts desk(*world.desk.records);
  const auto item = must(desk.list()).conflicts.at(0);
  must(desk.resolve(item, {std::nullopt, "2026-12-12", true}, world.desk.by));
  world.sync_all();
  CHECK(shown(world.partner, id, Handover::kReleaseDateFieldNumber) == "2026-12-12");
}

TEST_CASE("a risk raised here and lowered there is the stricter one everywhere", "[handover]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  set(world.prison, id, "risk-to-staff", "Low");
  set(world.partner, id, "risk-to-staff", "High");
  world.sync_all();
  for (const Site* site : {&world.prison, &world.partner, &world.desk}) {
    CHECK(number(*site, id, Handover::kRiskToStaffFieldNumber) == schema::RISK_HIGH);
  }
  // The desk may not lower what only the owner may.
  Conflicts desk(*world.desk.records);
  const auto item = must(desk.list()).conflicts.at(0);
  CHECK(refusal(desk.resolve(item, {std::nullopt, "Low", true}, world.desk.by)).kind ==
        ErrorKind::denied);
  Conflicts prison(*world.prison.records);
  must(prison.resolve(must(prison.list()).conflicts.at(0), {std::nullopt, "Low", false},
                      world.prison.by));
  world.sync_all();
  CHECK(number(world.partner, id, Handover::kRiskToStaffFieldNumber) == schema::RISK_LOW);
}

TEST_CASE("a partner that lowers a risk is told that the stricter value stays", "[handover]") {
  World world;
  const auto id = shared_handover(world);
  set(world.prison, id, "risk-to-staff", "High");
  world.sync_all();
  const auto form = must(world.partner.records->open({id, {}, 110}));
  const auto saved =
      must(world.partner.records->set_fields(form, {{"risk-to-staff", "Low"}}, world.partner.by));
  CHECK(saved.notes.size() == 1);
  CHECK(number(world.partner, id, Handover::kRiskToStaffFieldNumber) == schema::RISK_HIGH);
}

TEST_CASE("a change marked for it waits until somebody says they have read it", "[acknowledge]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  Acknowledgements partner(*world.partner.records);
  const auto unread = must(partner.awaiting(id));
  REQUIRE(unread.size() >= 3);  // date, risk, licence at least
  CHECK(must(Acknowledgements(*world.prison.records).awaiting(id)).empty());

  std::vector<sync::OpId> changes;
  for (const auto& each : unread) changes.push_back(each.change.id);
  must(partner.acknowledge(id, changes, world.partner.by));
  CHECK(must(partner.awaiting(id)).empty());
  CHECK(refusal(partner.acknowledge(id, changes, world.partner.by)).kind == ErrorKind::stale);

  set(world.prison, id, "release-date", "2026-12-20");
  world.sync_all();
  CHECK(must(partner.awaiting(id)).size() == 1);  // a new change waits anew
}

TEST_CASE("beside each change stands whether it was sent, has arrived and was read", "[delivery]") {
  World world;
  const auto id = shared_handover(world);
  const auto date = static_cast<std::uint32_t>(Handover::kReleaseDateFieldNumber);
  const auto facts = [&] {
    const auto file = must(read_case(*world.prison.records, id));
    return must(facts_of(*world.prison.records, file, {*file.root.field(date)->shown()})).at(0);
  };
  CHECK_FALSE(facts().sent_at_ms);
  world.sync(world.prison);
  CHECK(facts().sent_at_ms);
  CHECK(facts().arrived_at.empty());
  world.sync_all();
  world.sync_all();
  REQUIRE(facts().arrived_at.size() == 2);  // the partner and the desk
  CHECK(facts().read_by.empty());

  const auto unread = must(Acknowledgements(*world.partner.records).awaiting(id));
  std::vector<sync::OpId> changes;
  for (const auto& each : unread) changes.push_back(each.change.id);
  must(Acknowledgements(*world.partner.records).acknowledge(id, changes, world.partner.by));
  set(world.prison, id, "meeting-time", "08:30");
  world.sync_all();
  REQUIRE(facts().read_by.size() == 1);
  CHECK(facts().read_by[0].actor_name == "Sam at Bridge Trust");
  CHECK(facts().arrived_at.size() == 2);  // what was proven once stays proven
  CHECK(in_words(facts()).find("Read by Sam at Bridge Trust, Bridge Trust, on") !=
        std::string::npos);
}

TEST_CASE("a handover goes to the gate and is closed", "[handover]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  Handovers partner(*world.partner.records);
  Handovers prison(*world.prison.records);
  CHECK(refusal(prison.accept(id, "", world.prison.by)).kind == ErrorKind::denied);
  CHECK(refusal(partner.close(id, "COMPLETED", world.partner.by)).kind == ErrorKind::denied);
  must(partner.accept(id, "", world.partner.by));
  must(partner.plan(
      id, {{"meeting-on", "2026-11-20"}, {"meeting-place", "Main gate"}, {"meeting-time", "8:30"}},
      world.partner.by));
  GateReport report;
  report.result = GateReport::Result::missed;
  CHECK(refusal(partner.gate(id, report, world.partner.by)).kind == ErrorKind::invalid);
  report.missed_because = "Released early";
  must(partner.gate(id, report, world.partner.by));
  CHECK(state(world.partner, id) == Handover::GATE_MISSED);
  must(partner.found(id, world.partner.by));
  CHECK(refusal(partner.close(id, "", world.partner.by)).kind == ErrorKind::invalid);
  must(partner.close(id, "Support completed", world.partner.by));
  world.sync_all();
  CHECK(state(world.prison, id) == Handover::CLOSED);
  CHECK(number(world.prison, id, Handover::kGateResultFieldNumber) == Handover::MISSED);
}

TEST_CASE("a handover is planned once place and time are given, and not before", "[handover]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  Handovers partner(*world.partner.records);
  must(partner.accept(id, "", world.partner.by));
  CHECK(refusal(partner.plan(id, {}, world.partner.by)).kind == ErrorKind::invalid);
  const auto begun = must(partner.plan(id, {{"meeting-place", "Main gate"}}, world.partner.by));
  CHECK(begun.notes.size() == 1);
  CHECK(state(world.partner, id) == Handover::ACCEPTED);
  CHECK(shown(world.partner, id, Handover::kMeetingPlaceFieldNumber) == "Main gate");
  CHECK(must(partner.plan(id, {{"meeting-time", "8:30"}}, world.partner.by)).notes.empty());
  CHECK(state(world.partner, id) == Handover::PLANNED);
  CHECK(refusal(partner.plan(id, {{"meeting-time", ""}}, world.partner.by)).kind ==
        ErrorKind::invalid);
}

TEST_CASE("whoever was not at the meeting in person is said with why", "[handover]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  Handovers partner(*world.partner.records);
  must(partner.accept(id, "", world.partner.by));
  for (const char* presence : {"Not there", "By telephone or video"}) {
    std::vector<FieldInput> inputs{
        {"meeting-place", "Main gate"}, {"meeting-time", "8:30"}, {"meeting-person", presence}};
    const auto silent = refusal(partner.plan(id, inputs, world.partner.by));
    CHECK(silent.kind == ErrorKind::invalid);
    CHECK(silent.message.starts_with("Why somebody was not there in person: "));
  }
  must(partner.plan(id,
                    {{"meeting-place", "Main gate"},
                     {"meeting-time", "8:30"},
                     {"meeting-person", "Not there"},
                     {"meeting-absent-because", "in hospital"}},
                    world.partner.by));
  CHECK(state(world.partner, id) == Handover::PLANNED);
}

TEST_CASE("whoever may stop a handover says why, and it is over", "[handover]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  Handovers partner(*world.partner.records);
  CHECK(refusal(partner.stop(id, "BASIS_ENDED", "", world.partner.by)).kind == ErrorKind::invalid);
  CHECK(refusal(partner.stop(id, "WITHDRAWN", "no capacity", world.partner.by)).kind ==
        ErrorKind::denied);                                  // until it has accepted, it declines
  for (const char* stage : {"Gone", "Draft", "Accepted"}) {  // no stage, or none to stop at
    const auto error = refusal(partner.stop(id, stage, "why", world.partner.by));
    CHECK(error.kind == (stage == std::string("Gone") ? ErrorKind::invalid : ErrorKind::denied));
    CHECK(error.message.find("as one of these from here: \"") != std::string::npos);
  }
  must(partner.stop(id, "BASIS_ENDED", "consent was withdrawn", world.partner.by));
  world.sync_all();
  CHECK(state(world.prison, id) == Handover::BASIS_ENDED);
  CHECK(must(list_handovers(*world.prison.records, {}, "")).rows.size() == 1);  // unread as yet
}

TEST_CASE("what is written as a handover where none may stand hides none of the others",
          "[handover]") {
  World world;
  const auto id = shared_handover(world);
  const auto type = record_type(*Handover::descriptor())->number;
  const auto elsewhere = sync::RecordId::random(world.prison.node->random());
  must(world.prison.node->admission().create({{world.prison.organisation, Role::owner},
                                              {world.partner.organisation, Role::receiver},
                                              {world.desk.organisation, Role::central}},
                                             world.prison.records->authorship(world.prison.by),
                                             {{{elsewhere, type, Handover::kFamilyNameFieldNumber},
                                               sync::OpKind::set,
                                               sync::Bytes{'E', 'x', 'a', 'm', 'p', 'l', 'e'},
                                               {},
                                               {}}}));
  world.sync_all();
  for (const Site* site : {&world.prison, &world.partner, &world.desk}) {
    HandoverFilter by_name;
    by_name.words = "Example";
    for (const auto& filter : {HandoverFilter{}, by_name}) {
      const auto listed = must(list_handovers(*site->records, filter, ""));
      REQUIRE(listed.rows.size() == 1);
      CHECK(listed.rows[0].file.id() == id);
    }
    must(handover_work(*site->records));
  }
}

TEST_CASE("a decline says why, and the next step follows the stage", "[handover]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  Handovers partner(*world.partner.records);
  CHECK(refusal(partner.decline(id, "", "", world.partner.by)).kind == ErrorKind::invalid);
  CHECK(refusal(partner.decline(id, "no such reason", "", world.partner.by)).kind ==
        ErrorKind::invalid);
  const auto before =
      next_steps(must(read_case(*world.partner.records, id)), world.codes,
                 must(Acknowledgements(*world.partner.records).awaiting(id)), world.now_ms);
  REQUIRE(before.size() == 2);
  CHECK(before[0].action == "acknowledge");
  CHECK(before[1].action == "accept");
  must(partner.more_info(id, "Who collects the property?", world.partner.by));
  must(partner.decline(id, "No capacity", "", world.partner.by));
  world.sync_all();
  const auto file = must(read_case(*world.prison.records, id));
  CHECK(file.state == Handover::DECLINED);
  CHECK(next_steps(file, world.codes, {}, world.now_ms).at(0).action == "new");
}

TEST_CASE("a reason that nobody can see is none", "[handover]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  Handovers partner(*world.partner.records);
  for (const char* reason : {" ", "\u00A0", "\u3164", "\u200B", "\u200D", "\u2028"}) {
    INFO(reason);
    CHECK(refusal(partner.decline(id, reason, "", world.partner.by)).kind == ErrorKind::invalid);
    CHECK(refusal(partner.stop(id, "WITHDRAWN", reason, world.partner.by)).kind ==
          ErrorKind::invalid);
  }
}

TEST_CASE("a line break beyond ASCII is kept in long text and is a blank on one line",
          "[handover]") {
  World world;
  const auto id = must(Handovers(*world.prison.records).begin(complete_inputs(), world.prison.by))
                      .record.dossier;
  const std::string breaks = GENERATE("\u0085", "\u2028", "\u2029");
  set(world.prison, id, "release-area", "Example" + breaks + "Town");
  set(world.prison, id, "notes", "First" + breaks + "second");
  const auto file = must(read_case(*world.prison.records, id));
  CHECK(file.text(Handover::kReleaseAreaFieldNumber) == "Example Town");
  const auto notes = file.texts(Handover::kNotesFieldNumber);
  CHECK(std::find(notes.begin(), notes.end(), "First\nsecond") != notes.end());
}

}  // namespace throughgate::node::testing
