// Sites ask for records to be erased, the desk signs, and nothing goes that is held.
#include <catch_amalgamated.hpp>

#include "node/erasure/copies.h"
#include "node/erasure/removal.h"
#include "tests/node/flows/asking.h"
#include "tests/sync/store/page_search.h"

namespace throughgate::node::testing {
namespace {

using schema::ErasureRequest;
using sync::DossierId;
using sync::ErrorKind;

constexpr const char* name = Asking::name;

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

TEST_CASE(
    "why a request is signed is looked through before anything goes, and what it asked with stands",
    "[erasure][request]") {
  Asking world;
  world.prison.records->take_text_as_it_stands();
  const std::string as_asked = "the victim liaison officer asked";
  const auto plan = must(plan_erasure(*world.prison.records, world.volunteer));
  const auto request = must(ErasureRequests(*world.prison.records)
                                .ask(plan, {ErasureRequest::PERSON_ASKED, as_asked, {}, {}},
                                     {world.prison.by.actor, as_asked}))
                           .record.dossier;
  world.sync_all();
  const auto at_desk = [&] {
    return RecordService(*world.desk.node, world.desk.records->codes(),
                         Viewer(Permissions::shipped(),
                                {world.desk.by.actor.id, "Dee", "coordinator,administrator"}, ""));
  };
  {
    auto records = at_desk();
    const By otherwise{world.desk.by.actor, "the name of the victim stood in it"};
    CHECK(refusal(DeskErasures(records).sign(request, otherwise)).kind == ErrorKind::invalid);
  }
  CHECK(world.holds(world.desk, world.volunteer));
  CHECK(must(read_request(*world.desk.records, request)).is_open());
  auto records = at_desk();
  must(DeskErasures(records).sign(request, {world.desk.by.actor, as_asked}));
  CHECK(must(read_request(*world.desk.records, request)).state == ErasureRequest::SIGNED);
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

TEST_CASE("all facts copied from an erased record are found, by whatever source was ever named",
          "[erasure][copies]") {
  Asking world;
  const auto handover = shared_handover(world);
  const auto other = world.recorded("volunteer", {{"family-name", "Otherwise"}});
  const auto assigned = [&](const DossierId& source, const std::string& called) {
    return must(world.prison.records->new_record_in(
                    handover, *record_type("assignment"),
                    {{"volunteer-source", source.hex()}, {"volunteer-name", called}},
                    world.prison.by))
        .record;
  };
  const auto change = [&](const sync::store::RecordName& record,
                          const std::vector<FieldInput>& inputs) {
    must(world.prison.records->set_fields(must(world.prison.records->open(record)), inputs,
                                          world.prison.by));
  };
  for (int i = 0; i < 120; ++i) assigned(world.volunteer, "Rosemary " + std::to_string(i));
  // Somebody else has taken the place since: the first one's name is in the history yet.
  const auto replaced = assigned(world.volunteer, "Rosemary Before");
  change(replaced, {{"volunteer-source", other.hex()}, {"volunteer-name", "Otherwise"}});
  change(replaced, {{"volunteer-name", "Otherwise Corrected"}});
  world.sync_all();
  const auto request = world.ask(world.volunteer);
  world.sync_all();
  must(world.erasures().sign(request, world.desk.by));
  world.sync_all();

  const auto found = must(copies_of_erased(*world.prison.records));
  CHECK(found.size() == 121);
  for (const auto& copies : found) {
    CHECK(copies.values.size() == 1);
    must(remove_copies(*world.prison.records, copies, world.prison.by));
  }
  world.sync_all();
  CHECK(must(copies_of_erased(*world.prison.records)).empty());
  const auto history =
      must(world.prison.reader().history(replaced, schema::Assignment::kVolunteerNameFieldNumber));
  REQUIRE(history.size() == 3);
  CHECK(crypto::as_text(history[0].value) == "Otherwise Corrected");
  CHECK(crypto::as_text(history[1].value) == "Otherwise");
  CHECK(history[2].removed);
}

TEST_CASE("what a legal hold keeps loses no value, whoever removes one", "[erasure][hold]") {
  Asking world;
  const auto handover = world.copied_into_a_handover();
  const sync::store::RecordName name{handover, {}, 110};
  const auto change = must(world.prison.reader().history(name, {})).front();
  const auto hold =
      must(Holds(*world.prison.records).set({handover}, "a court", world.prison.by)).record.dossier;
  const auto refused = refusal(remove_value(*world.prison.records, name, change, world.prison.by));
  CHECK(refused.kind == ErrorKind::denied);
  CHECK(refused.message.find("A legal hold keeps this record") != std::string::npos);

  const auto request = world.ask(world.volunteer);  // copied facts in the held record stay too
  world.sync_all();
  must(world.erasures().sign(request, world.desk.by));
  world.sync_all();
  const auto copies = must(copies_of_erased(*world.prison.records));
  REQUIRE(copies.size() == 1);
  CHECK(copies[0].is_held);
  CHECK(refusal(remove_copies(*world.prison.records, copies[0], world.prison.by)).kind ==
        ErrorKind::denied);

  must(Holds(*world.prison.records).lift(hold, "it is over", world.prison.by));
  CHECK_FALSE(must(copies_of_erased(*world.prison.records))[0].is_held);
  must(remove_value(*world.prison.records, name, change, {world.prison.by.actor, "a slip"}));
  CHECK(must(remove_copies(*world.prison.records, copies[0], world.prison.by)) == 2);
}

TEST_CASE("what a partner's legal hold keeps loses no value at its owner", "[erasure][hold]") {
  Asking world;
  const auto handover = world.copied_into_a_handover();
  const sync::store::RecordName name{handover, {}, 110};
  const auto change = must(world.prison.reader().history(name, {})).front();
  const auto hold =
      must(Holds(*world.partner.records).set({handover}, "a claim against us", world.partner.by))
          .record.dossier;
  world.sync_all();
  const auto refused = refusal(remove_value(*world.prison.records, name, change, world.prison.by));
  CHECK(refused.kind == ErrorKind::denied);
  CHECK(refused.message.find("a claim against us") != std::string::npos);
  CHECK(must(plan_erasure(*world.prison.records, handover)).holds.size() == 1);
  CHECK(must(holds_on(*world.stranger.records, {handover})).empty());
  CHECK(refusal(Holds(*world.prison.records).lift(hold, "not ours", world.prison.by)).kind ==
        ErrorKind::denied);
  must(Holds(*world.partner.records).lift(hold, "it is settled", world.partner.by));
  world.sync_all();
  must(remove_value(*world.prison.records, name, change, {world.prison.by.actor, "a slip"}));
}

TEST_CASE("a hold of an organisation that never had a part in a record keeps nothing of it",
          "[erasure][hold][receiving]") {
  Asking world;
  const auto handover = world.copied_into_a_handover();
  const sync::store::RecordName name{handover, {}, 110};
  const auto change = must(world.prison.reader().history(name, {})).front();
  const auto hold =
      must(Holds(*world.stranger.records).set({handover}, "out of spite", world.stranger.by))
          .record.dossier;
  must(world.stranger.node->admission().change_members(
      hold,
      {sync::store::MemberChange::Kind::set_role, world.prison.organisation, sync::Role::reader},
      world.stranger.records->authorship(world.stranger.by)));
  world.sync_all();
  CHECK(must(all_holds(*world.prison.records)).size() == 1);
  for (Site* site : {&world.prison, &world.desk}) {
    CHECK(must(holds_on(*site->records, {handover})).empty());
  }
  must(remove_value(*world.prison.records, name, change, {world.prison.by.actor, "a slip"}));
}

TEST_CASE("a partner that takes part no more still keeps by its hold what it had",
          "[erasure][hold]") {
  Asking world;
  const auto handover = world.copied_into_a_handover();
  must(Holds(*world.partner.records).set({handover}, "a claim against us", world.partner.by));
  world.sync_all();
  must(Handovers(*world.prison.records)
           .remove_partner(handover, world.partner.organisation,
                           {world.prison.by.actor, "They have closed"}));
  world.sync_all();
  for (Site* site : {&world.prison, &world.desk}) {
    CHECK(must(holds_on(*site->records, {handover})).size() == 1);
  }
}

TEST_CASE("why a value is removed is looked through before others read it",
          "[erasure][free-text]") {
  Asking world;
  const auto handover = world.copied_into_a_handover();
  const sync::store::RecordName name{handover, {}, 110};
  const auto change = must(world.prison.reader().history(name, {})).front();
  auto records = seen_by_jo(world.prison, world.codes);
  const By told{world.prison.by.actor, "told by A9876XY"};
  CHECK(refusal(remove_value(records, name, change, told)).kind == ErrorKind::invalid);
  REQUIRE(records.text_doubts().size() == 1);
  CHECK(records.text_doubts()[0].where == "Reason");
  records.take_text_as_it_stands();
  must(remove_value(records, name, change, told));
}

TEST_CASE("only who may write a detail removes a value of it", "[erasure][permissions]") {
  Asking world;
  const sync::store::RecordName name{world.beside[1], {}, record_type("vetting-notes")->number};
  const auto change = must(world.prison.reader().history(name, {})).front();
  const auto as = [&](const std::string& role) {
    return RecordService(
        *world.prison.node, world.codes,
        Viewer(Permissions::shipped(), {world.prison.by.actor.id, "Sam", role}, "an appeal"));
  };
  auto coordinator = as("coordinator");  // who has records erased, and writes no vetting notes
  const By by{world.prison.by.actor, "a slip"};
  CHECK(refusal(remove_value(coordinator, name, change, by)).kind == ErrorKind::denied);
  auto both = as("coordinator,security");
  CHECK(remove_value(both, name, change, by));
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

TEST_CASE("a hold or request that is written where none stands keeps nobody from theirs",
          "[erasure][request]") {
  Asking world;
  const auto& type = *record_type(GENERATE("legal-hold", "erasure-request"));
  const int reason = type.descriptor->FindFieldByName("reason")->number();
  const sync::RecordId elsewhere = sync::RecordId::random(world.partner.node->random());
  const auto id = must(world.partner.node->admission().create(
      {{world.partner.organisation, sync::Role::owner},
       {world.prison.organisation, sync::Role::reader},
       {world.desk.organisation, sync::Role::central}},
      world.partner.records->authorship(world.partner.by),
      {{{elsewhere, type.number, static_cast<std::uint32_t>(reason)},
        sync::OpKind::set,
        sync::Bytes{'w', 'h', 'y'},
        {},
        {}}}));
  const auto request = world.ask(world.volunteer);
  world.sync_all();
  REQUIRE(world.holds(world.desk, id));
  const auto asked = must(world.erasures().requests());
  REQUIRE(asked.size() == 1);
  must(world.erasures().sign(request, world.desk.by));
  must(holds_on(*world.prison.records, {world.volunteer}));
  must(all_requests(*world.prison.records));
}

}  // namespace throughgate::node::testing
