// Sites ask for records to be erased, the desk signs, and nothing goes that is held.
#include <catch_amalgamated.hpp>

#include "node/desk/erasures.h"
#include "node/erasure/copies.h"
#include "records/case.pb.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {
namespace {

using schema::ErasureRequest;
using sync::DossierId;
using sync::ErrorKind;

constexpr const char* name = "Rosemary";

// A volunteer with all that stands beside them, and a desk that signs.
struct Asking : World {
  DossierId volunteer;
  std::vector<DossierId> beside;

  Asking() {
    give_desk_the_key();
    volunteer = recorded("volunteer", {{"given-name", name}, {"family-name", "Planted"}});
    for (const char* type : {"volunteer-file", "vetting-notes", "diversity"}) {
      beside.push_back(recorded(type, {{"volunteer", volunteer.hex()}}));
    }
    sync_all();
  }
  DossierId recorded(const std::string& type, const std::vector<FieldInput>& inputs) {
    return must(prison.records->new_record(*record_type(type), inputs, prison.by)).record.dossier;
  }
  DossierId ask(const DossierId& subject, WithPerson with_person = WithPerson::no) {
    const auto plan = must(plan_erasure(*prison.records, subject, with_person));
    return must(ErasureRequests(*prison.records)
                    .ask(plan, {ErasureRequest::PERSON_ASKED, "they asked", {}, {}}, prison.by))
        .record.dossier;
  }
  DeskErasures erasures() { return DeskErasures(*desk.records); }
  bool holds(Site& site, const DossierId& id) {
    return static_cast<bool>(site.reader().dossier(id));
  }
  // An assignment in a handover, with the volunteer's name copied into it.
  DossierId copied_into_a_handover() {
    const auto handover = shared_handover(*this);
    must(prison.records->new_record_in(handover, *record_type("assignment"),
                                       {{"volunteer-source", volunteer.hex()},
                                        {"volunteer-name", name},
                                        {"volunteer-telephone", "07700 900123"}},
                                       prison.by));
    sync_all();
    return handover;
  }
};

}  // namespace

TEST_CASE("a volunteer goes with their file, vetting notes and equality monitoring, once signed",
          "[erasure][request]") {
  Asking world;
  const auto plan = must(plan_erasure(*world.prison.records, world.volunteer));
  REQUIRE(plan.going.size() == 4);
  CHECK(plan.going[0].id == world.volunteer);
  CHECK(plan.going[0].name == std::string(name) + " Planted");
  CHECK(plan.going[0].held_by.size() == 2);  // with the desk
  const auto request = world.ask(world.volunteer);
  CHECK(refusal(ErasureRequests(*world.prison.records)
                    .ask(plan, {ErasureRequest::MISTAKE, "again", {}, {}}, world.prison.by))
            .kind == ErrorKind::invalid);
  world.sync_all();

  const auto asked = must(world.erasures().requests());
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].asked.id == request);
  CHECK(asked[0].asked.reason == "they asked");
  CHECK(asked[0].going.size() == 4);
  CHECK(asked[0].against.empty());
  CHECK(world.holds(world.desk, world.volunteer));
  must(world.erasures().sign(request, world.desk.by));
  world.sync(world.desk);
  world.sync(world.prison);
  for (const auto& id : world.beside) CHECK_FALSE(world.holds(world.prison, id));
  CHECK_FALSE(world.holds(world.prison, world.volunteer));
  CHECK_FALSE(world.holds(world.desk, world.volunteer));
  CHECK(must(world.erasures().requests()).empty());
  world.sync_all();
  const auto known = must(read_request(*world.prison.records, request));
  CHECK(state_in_words(known) == "Erased");
  CHECK(known.state == ErasureRequest::SIGNED);
  CHECK(refusal(
            ErasureRequests(*world.prison.records).take_back(request, "too late", world.prison.by))
            .kind == ErrorKind::invalid);
}

TEST_CASE("who has not said that nothing is left is listed, until they have",
          "[erasure][request]") {
  Asking world;
  CHECK(must(world.erasures().outstanding()).empty());
  const auto request = world.ask(world.volunteer);
  world.sync_all();
  must(world.erasures().sign(request, world.desk.by));
  world.sync(world.desk);
  world.sync(world.prison);
  world.sync(world.stranger);
  world.sync(world.desk);
  const auto owing = must(world.erasures().outstanding());
  REQUIRE(owing.size() == 1);
  CHECK(owing[0].who == "Bridge Trust, Office");
  CHECK(owing[0].owed.size() == 4);
  CHECK(owing[0].erased_to == 0);
  world.sync(world.partner);
  world.sync(world.desk);
  CHECK(must(world.erasures().outstanding()).empty());
}

TEST_CASE("nobody has another organisation's records erased", "[erasure][request]") {
  Asking world;
  const auto handover = shared_handover(world);
  world.sync_all();
  CHECK(refusal(plan_erasure(*world.partner.records, handover)).kind == ErrorKind::denied);

  // A program that has no such scruple names what it likes.
  const auto named = [&](const DossierId& id, const sync::ByteArray<16>& random) {
    const NamedRecord record{id, world.partner.node->identity().node, random};
    return must(world.partner.records->new_record(*record_type("erasure-request"),
                                                  {{"kind", "Handover"},
                                                   {"records", crypto::to_hex(record.encode())},
                                                   {"ground", "MISTAKE"},
                                                   {"reason", "made up"}},
                                                  world.partner.by))
        .record.dossier;
  };
  const auto of_handover = named(handover, {});
  const auto of_file = named(world.beside[0], {1});  // which the desk does not hold
  const auto passed_on = named(handover, {});        // as if its keeper had asked
  must(world.partner.node->admission().change_members(
      passed_on,
      {sync::store::MemberChange::Kind::set_role, world.prison.organisation, sync::Role::owner},
      world.partner.records->authorship(world.partner.by)));
  world.sync_all();
  CHECK(must(read_request(*world.desk.records, passed_on)).by == world.prison.organisation);
  for (const auto& request : {of_handover, of_file, passed_on}) {
    CHECK(must(world.erasures().consider(request)).against.size() == 1);
    CHECK(refusal(world.erasures().sign(request, world.desk.by)).kind == ErrorKind::denied);
  }
  CHECK(world.desk.node->directory().erased().empty());
  CHECK(refusal(DeskErasures(*world.partner.records).sign(of_file, world.partner.by)).kind ==
        ErrorKind::denied);
}

TEST_CASE("a legal hold keeps a record, whoever asks, until it is lifted", "[erasure][hold]") {
  Asking world;
  SECTION("set where the record is kept") {
    const auto hold =
        must(Holds(*world.prison.records).set({world.beside[0]}, "an inquest", world.prison.by))
            .record.dossier;
    const auto plan = must(plan_erasure(*world.prison.records, world.volunteer));
    REQUIRE(plan.holds.size() == 1);
    CHECK(refusal(ErasureRequests(*world.prison.records)
                      .ask(plan, {ErasureRequest::PERSON_ASKED, "x", {}, {}}, world.prison.by))
              .kind == ErrorKind::denied);
    must(Holds(*world.prison.records).lift(hold, "it is over", world.prison.by));
    world.ask(world.volunteer);
    CHECK(refusal(Holds(*world.prison.records).lift(hold, "again", world.prison.by)).kind ==
          ErrorKind::invalid);
  }
  SECTION("set after it was asked for, where the record is kept") {
    const auto request = world.ask(world.volunteer);
    const auto hold =
        must(Holds(*world.prison.records).set({world.volunteer}, "an inquest", world.prison.by))
            .record.dossier;
    world.sync_all();
    CHECK(refusal(world.erasures().sign(request, world.desk.by)).kind == ErrorKind::denied);
    CHECK(refusal(Holds(*world.desk.records).lift(hold, "not ours", world.desk.by)).kind ==
          ErrorKind::denied);
    must(Holds(*world.prison.records).lift(hold, "it is over", world.prison.by));
    world.sync_all();
    must(world.erasures().sign(request, world.desk.by));
  }
  SECTION("set by the central team, which whoever keeps it sees") {
    must(Holds(*world.desk.records).set({world.volunteer}, "a court", world.desk.by));
    world.sync_all();
    const auto holds = must(holds_on(*world.prison.records, {world.volunteer}));
    REQUIRE(holds.size() == 1);
    CHECK(holds[0].set_by == world.desk.organisation);
    CHECK(holds[0].reason == "a court");
    CHECK(must(plan_erasure(*world.prison.records, world.volunteer)).holds.size() == 1);
  }
  CHECK(refusal(Holds(*world.prison.records).set({world.volunteer}, "", world.prison.by)).kind ==
        ErrorKind::invalid);
}

TEST_CASE("a person's own record goes with their last handover, where that is asked for",
          "[erasure][request]") {
  Asking world;
  const auto person = world.recorded(
      "person", {{"given-name", "Alex"}, {"family-name", "Example"}, {"prison-number", "A1234BC"}});
  Handovers handovers(*world.prison.records);
  const auto first = must(handovers.begin_from(person, {}, world.prison.by)).record.dossier;
  const auto second = must(handovers.begin_from(person, {}, world.prison.by)).record.dossier;
  const auto& records = *world.prison.records;
  CHECK(refusal(plan_erasure(records, first, WithPerson::yes)).kind == ErrorKind::invalid);
  CHECK(must(plan_erasure(records, first)).going.size() == 1);
  CHECK(must(plan_erasure(records, first)).notes.empty());
  world.sync_all();
  const auto request = world.ask(first);
  world.sync_all();
  must(world.erasures().sign(request, world.desk.by));
  world.sync_all();
  CHECK(must(plan_erasure(records, second)).notes.size() == 1);
  CHECK(must(plan_erasure(records, second, WithPerson::yes)).going.size() == 2);
  CHECK(refusal(plan_erasure(records, world.volunteer, WithPerson::yes)).kind ==
        ErrorKind::invalid);
}

TEST_CASE(
    "facts copied from an erased record are listed, and removed by who keeps the record they "
    "stand in",
    "[erasure][copies]") {
  Asking world;
  const auto handover = world.copied_into_a_handover();
  CHECK(must(copies_of(*world.prison.records, world.volunteer)).size() == 1);
  CHECK(must(copies_of_erased(*world.prison.records)).empty());
  const auto request = world.ask(world.volunteer);
  world.sync_all();
  must(world.erasures().sign(request, world.desk.by));
  world.sync_all();

  const auto at_partner = must(copies_of_erased(*world.partner.records));
  REQUIRE(at_partner.size() == 1);
  CHECK_FALSE(at_partner[0].ours);
  CHECK(at_partner[0].keeper == world.prison.organisation);
  CHECK(refusal(remove_copies(*world.partner.records, at_partner[0], world.partner.by)).kind ==
        ErrorKind::denied);

  const auto here = must(copies_of_erased(*world.prison.records));
  REQUIRE(here.size() == 1);
  CHECK(here[0].record.dossier == handover);
  CHECK(here[0].values.size() == 2);
  CHECK(must(remove_copies(*world.prison.records, here[0], world.prison.by)) == 2);
  world.sync_all();
  CHECK(must(copies_of_erased(*world.prison.records)).empty());
  CHECK(must(copies_of_erased(*world.partner.records)).empty());
  const auto shown = must(world.partner.reader().read(here[0].record));
  const auto* copied = shown.field(schema::Assignment::kVolunteerNameFieldNumber);
  REQUIRE(copied != nullptr);
  CHECK(copied->shown()->removed);
  CHECK(copied->shown()->value.empty());
}

TEST_CASE("a request that is refused says why, and can be taken back before",
          "[erasure][request]") {
  Asking world;
  const auto request = world.ask(world.volunteer);
  SECTION("refused") {
    world.sync_all();
    CHECK(refusal(world.erasures().refuse(request, "", world.desk.by)).kind == ErrorKind::invalid);
    must(world.erasures().refuse(request, "they still volunteer", world.desk.by));
    world.sync_all();
    const auto known = must(read_request(*world.prison.records, request));
    CHECK(state_in_words(known) == "Refused");
    CHECK(known.answer == "they still volunteer");
  }
  SECTION("taken back") {
    must(ErasureRequests(*world.prison.records).take_back(request, "a slip", world.prison.by));
    world.sync_all();
    CHECK(must(world.erasures().requests()).empty());
  }
  CHECK(refusal(world.erasures().sign(request, world.desk.by)).kind == ErrorKind::invalid);
  CHECK(world.holds(world.prison, world.volunteer));
  world.ask(world.volunteer);  // may be asked for anew
}

}  // namespace throughgate::node::testing
