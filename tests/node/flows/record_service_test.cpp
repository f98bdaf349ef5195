#include "node/record_service.h"
#include "schema/directory.pb.h"

#include <catch_amalgamated.hpp>

#include "node/dossier_kinds.h"
#include "node/field_names.h"
#include "node/handovers/handovers.h"
#include "sync/layout.h"
#include "sync/store/settings_table.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {
namespace {

using sync::ErrorKind;
using sync::store::OpStanding;
using sync::store::RecordName;

constexpr std::uint64_t day_ms = 24ull * 60 * 60 * 1000;
constexpr std::uint32_t email = 6;
constexpr std::uint32_t former_names = 4;

sync::DossierId volunteer(Site& site, const std::string& family_name = "Jones") {
  return must(site.records->new_record(*record_type("volunteer"),
                                       {{"given-name", "Ann"}, {"family-name", family_name}},
                                       site.by))
      .record.dossier;
}
RecordName root(const sync::DossierId& id, std::uint32_t type = 50) { return {id, {}, type}; }

std::string shown(const Site& site, const RecordName& name, std::uint32_t field) {
  const auto record = must(site.reader().read(name));
  const auto* view = record.field(field);
  return view && view->shown() ? std::string(crypto::as_text(view->shown()->value)) : "";
}

Saved set(Site& site, const RecordName& name, const std::vector<FieldInput>& inputs) {
  return must(site.records->set_fields(must(site.records->open(name)), inputs, site.by));
}

sync::DossierId person(Site& site) {
  const auto id = must(site.records->new_record(*record_type("person"),
                                                {{"given-name", "Alex"},
                                                 {"family-name", "Example"},
                                                 {"prison-number", "A1234BC"},
                                                 {"languages", "English\nWelsh"}},
                                                site.by))
                      .record.dossier;
  for (const char* code : {"RST", "HID", "XCI", "OVI"}) {
    must(site.records->new_record_in(id, *record_type("person-alert"),
                                     {{"code", code}, {"from", "2026-01-02"}}, site.by));
  }
  return id;
}

}  // namespace

TEST_CASE("a new record has the members that its kind has by default", "[records]") {
  World world;
  using Roles = std::vector<sync::Role>;
  const auto roles = [&](schema::DossierKind kind, const Site& site) {
    Roles out;
    for (const auto& member : must(members_of_new(kind, *site.node))) out.push_back(member.role);
    return out;
  };
  const Roles owner_only{sync::Role::owner};
  const Roles with_desk{sync::Role::owner, sync::Role::central};
  CHECK(roles(schema::VOLUNTEER, world.partner) == with_desk);
  CHECK(roles(schema::CASE, world.prison) == with_desk);
  for (const auto kind : {schema::VOLUNTEER_FILE, schema::VETTING_NOTES, schema::DIVERSITY,
                          schema::SITE, schema::DIARY, schema::INCIDENT, schema::PERSON}) {
    CHECK(roles(kind, world.prison) == owner_only);
  }
  CHECK(roles(schema::LINK, world.desk) == owner_only);
}

TEST_CASE("only a prison begins a person's record or a handover, only the desk a link",
          "[records]") {
  World world;
  CHECK(refusal(members_of_new(schema::PERSON, *world.partner.node)).kind == ErrorKind::denied);
  CHECK(refusal(members_of_new(schema::CASE, *world.desk.node)).kind == ErrorKind::denied);
  CHECK(refusal(members_of_new(schema::LINK, *world.prison.node)).kind == ErrorKind::denied);
}

TEST_CASE("what is required must be given, and cannot be emptied", "[records]") {
  World world;
  const auto error = refusal(world.prison.records->new_record(
      *record_type("volunteer"), {{"given-name", "Ann"}}, world.prison.by));
  CHECK(error.message.find("Family name") != std::string::npos);
  const auto id = volunteer(world.prison);
  const auto form = must(world.prison.records->open(root(id)));
  CHECK(refusal(world.prison.records->set_fields(form, {{"family-name", ""}}, world.prison.by))
            .kind == ErrorKind::invalid);
}

TEST_CASE("a date of what has happened is not to come, whatever this computer's clock says",
          "[records][dates]") {
  World world;  // it is 21 September 2026
  const auto id = volunteer(world.prison);
  const auto born = [&](const std::string& day) {
    const auto form = must(world.prison.records->open(root(id)));
    return world.prison.records->set_fields(form, {{"date-of-birth", day}}, world.prison.by);
  };
  CHECK(refusal(born("1 January 2031")).kind == ErrorKind::invalid);
  CHECK(refusal(born("22 September 2010")).message.find("younger than 16") != std::string::npos);
  must(born("21 September 2010"));
  CHECK(world.prison.records
            ->problems_in_new(
                *record_type("volunteer"),
                {{"family-name", "A"}, {"given-name", "B"}, {"date-of-birth", "1/1/2031"}})
            .size() == 1);
  const auto training = [&](const std::string& day) {
    return world.prison.records->new_record_in(id, *record_type("training-passed"),
                                               {{"course", "SEC_AWARE"}, {"passed-on", day}},
                                               world.prison.by);
  };
  CHECK(refusal(training("2026-09-22")).message.starts_with("Passed on: "));
  world.pass(0 - 40 * 365 * day_ms);  // this computer's clock is set back to 1986
  CHECK(refusal(training("2026-09-21")).kind == ErrorKind::invalid);
  sync::store::UnitOfWork work(world.prison.node->database());
  sync::store::SettingsTable(work).set(sync::store::setting::clock_offset_ms,
                                       sync::LayoutWriter().u64(40 * 365 * day_ms).take());
  must(work.commit());  // as a visit notes it, from the hub's
  must(training("2026-09-21"));
}

TEST_CASE("of two dates that follow on each other the later one is not before the earlier one",
          "[records][dates]") {
  World world;
  const auto id = volunteer(world.prison);
  const auto& type = *record_type("clearance");
  const auto clearance = [&](const std::string& granted, const std::string& expires) {
    return world.prison.records->new_record_in(id, type,
                                               {{"level", "STANDARD"},
                                                {"setting", "PRISON"},
                                                {"granted-on", granted},
                                                {"expires-on", expires}},
                                               world.prison.by);
  };
  const auto refused = refusal(clearance("2026-05-04", "2025-05-04"));
  CHECK(refused.message == "Expires on: This is before \"Granted on\". Check both dates.");
  const auto saved = must(clearance("2026-05-04", "2026-05-04"));
  const auto form = must(world.prison.records->open(saved.record));
  const auto later = refusal(
      world.prison.records->set_fields(form, {{"granted-on", "2026-05-05"}}, world.prison.by));
  CHECK(later.message == "Granted on: This is after \"Expires on\". Check both dates.");
  must(world.prison.records->set_fields(
      form, {{"granted-on", "2026-05-05"}, {"expires-on", "2027-05-05"}}, world.prison.by));
}

TEST_CASE("a ground for sharing that is over when it is recorded is refused", "[records][dates]") {
  World world;
  const auto id = ready_handover(world);
  auto basis = example_basis(world);
  basis.expires_on = "1 January 2020";
  Handovers prison(*world.prison.records);
  CHECK(refusal(prison.record_basis(id, basis, world.prison.by)).message.starts_with("Expires on"));
}

TEST_CASE("an unknown field is answered with the nearest names", "[records]") {
  World world;
  const auto id = volunteer(world.prison);
  const auto form = must(world.prison.records->open(root(id)));
  const auto error = refusal(
      world.prison.records->set_fields(form, {{"e-mial", "a@example.org"}}, world.prison.by));
  CHECK(error.message.find("email") != std::string::npos);
  CHECK(error.message.find("a@example.org") == std::string::npos);
}

TEST_CASE("a save that changes nothing writes nothing", "[records]") {
  World world;
  const auto id = volunteer(world.prison);
  CHECK(set(world.prison, root(id), {{"email", "ann@example.org"}}).entry);
  CHECK_FALSE(set(world.prison, root(id), {{"email", "ann@example.org"}}).entry);
  CHECK_FALSE(set(world.prison, root(id), {{"mobile", ""}}).entry);
  CHECK(set(world.prison, root(id), {{"email", ""}}).entry);
  CHECK(shown(world.prison, root(id), email).empty());
}

TEST_CASE("a save puts its value in the place of what its form had seen, and of nothing else",
          "[records]") {
  World world;
  const auto id = volunteer(world.prison);
  set(world.prison, root(id), {{"date-of-birth", "1981-04-03"}});
  const auto early = must(world.prison.records->open(root(id)));
  set(world.prison, root(id), {{"date-of-birth", "1981-04-04"}});
  must(world.prison.records->set_fields(early, {{"date-of-birth", "1981-04-05"}}, world.prison.by));
  const auto record = must(world.prison.reader().read(root(id)));
  const auto* field = record.field(5);
  REQUIRE(field->ops.size() == 2);  // the second save is not lost: both stand
  CHECK(field->in_review);
}

TEST_CASE("a form comes back whole from its text, and lies do not", "[form]") {
  World world;
  const auto id = volunteer(world.prison);
  set(world.prison, root(id), {{"former-names", "Smith\nBrown"}, {"email", "a@example.org"}});
  const auto form = must(world.prison.records->open(root(id)));
  const std::string text = form.encode();
  CHECK(Form::decode(text) == form);
  for (std::size_t length = 0; length < text.size(); ++length) {
    CHECK_FALSE(Form::decode(text.substr(0, length)));
  }
  CHECK_FALSE(Form::decode(text + "00"));
  CHECK_FALSE(Form::decode(std::string(70'000, '0')));
}

TEST_CASE("a list of values is set as a whole, added to and taken from", "[records]") {
  World world;
  const auto id = volunteer(world.prison);
  const auto names = [&] {
    std::set<std::string> out;
    const auto record = must(world.prison.reader().read(root(id)));
    if (const auto* field = record.field(former_names)) {
      for (const auto* op : field->listed()) out.emplace(crypto::as_text(op->value));
    }
    return out;
  };
  using Names = std::set<std::string>;
  set(world.prison, root(id), {{"former-names", "Smith\nBrown"}});
  CHECK(names() == Names{"Smith", "Brown"});
  set(world.prison, root(id), {{"former-names", "Hill", FieldInput::How::add}});
  set(world.prison, root(id), {{"former-names", "Smith", FieldInput::How::remove}});
  CHECK(names() == Names{"Brown", "Hill"});
  CHECK_FALSE(set(world.prison, root(id), {{"former-names", "Hill\nBrown"}}).entry);
  set(world.prison, root(id), {{"former-names", "Smith"}});
  CHECK(names() == Names{"Smith"});
  const auto form = must(world.prison.records->open(root(id)));
  CHECK(refusal(world.prison.records->set_fields(
                    form, {{"former-names", "Nobody", FieldInput::How::remove}}, world.prison.by))
            .kind == ErrorKind::invalid);
}

TEST_CASE("a stage moves only along its ways, and not from where it no longer is", "[records]") {
  World world;
  const auto id = volunteer(world.prison);
  set(world.prison, root(id), {{"status", "Application"}});
  const auto early = must(world.prison.records->open(root(id)));
  const auto no_way =
      refusal(world.prison.records->set_fields(early, {{"status", "Active"}}, world.prison.by));
  CHECK(no_way.kind == ErrorKind::denied);
  CHECK(no_way.message.find("Shortlist") != std::string::npos);  // says where it can go
  set(world.prison, root(id), {{"status", "Interview"}});
  CHECK(refusal(world.prison.records->set_fields(early, {{"status", "Shortlist"}}, world.prison.by))
            .kind == ErrorKind::stale);
}

TEST_CASE("an organisation writes only what its role may", "[records]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  const auto form = must(world.partner.records->open(root(id, 110)));
  const auto error = refusal(world.partner.records->set_fields(
      form, {{"sender-telephone", "07700 900199"}}, world.partner.by));
  CHECK(error.kind == ErrorKind::denied);
  CHECK(error.message.find("Sender's telephone") != std::string::npos);
  CHECK(refusal(world.partner.records->new_record_in(id, *record_type("disclosure"),
                                                     {{"to", world.partner.organisation.hex()}},
                                                     world.partner.by))
            .kind == ErrorKind::denied);
}

TEST_CASE("a record goes only where its kind belongs, and once where there is only one",
          "[records]") {
  World world;
  const auto id = volunteer(world.prison);
  CHECK(refusal(world.prison.records->new_record_in(
                    id, *record_type("flag"), {{"instruction", "ring first"}}, world.prison.by))
            .kind == ErrorKind::invalid);
  CHECK(refusal(world.prison.records->new_record(*record_type("clearance"), {{"level", "CTC"}},
                                                 world.prison.by))
            .kind == ErrorKind::invalid);
  const std::vector<FieldInput> file{{"volunteer", id.hex()}};
  must(world.prison.records->new_record(*record_type("volunteer-file"), file, world.prison.by));
  CHECK(refusal(
            world.prison.records->new_record(*record_type("volunteer-file"), file, world.prison.by))
            .kind == ErrorKind::invalid);
}

TEST_CASE("a site has one record of its settings", "[records]") {
  World world;
  const std::vector<FieldInput> site{{"name", "HMP Example"}};
  must(world.prison.records->new_records({{record_type("site"), site}}, Required::none,
                                         world.prison.by));
  CHECK(refusal(world.prison.records->new_records({{record_type("site"), site}}, Required::none,
                                                  world.prison.by))
            .kind == ErrorKind::invalid);
}

TEST_CASE("a batch that is not committed leaves nothing", "[records]") {
  World world;
  const auto context = world.prison.node->context();
  const auto members = must(members_of_new(schema::VOLUNTEER, *world.prison.node));
  {
    sync::store::Batch batch(world.prison.node->database(), context);
    must(batch.create(members, world.prison.records->authorship(world.prison.by),
                      {{root({}).field(2), sync::OpKind::set, {'X'}, {}, {}}}));
  }
  sync::store::ListQuery query;
  query.type = 50;
  CHECK(must(world.prison.reader().list(query)).rows.empty());
}

TEST_CASE("alerts that never leave the prison enter no shared record by any path",
          "[never-share]") {
  World world;
  const auto source = person(world.prison);
  Handovers handovers(*world.prison.records);
  const auto made = must(handovers.begin_from(source, {}, world.prison.by));
  const auto id = made.record.dossier;
  REQUIRE(made.notes.size() == 1);  // says that two were left out
  CHECK(made.notes[0].find("2 alerts") != std::string::npos);
  const auto file = must(handovers.read(id));
  std::set<std::string> copied;
  for (const auto& flag : file.flags) {
    copied.insert(text_in(flag, schema::Flag::kCodeFieldNumber));
    CHECK(text_in(flag, schema::Flag::kSourceDossierFieldNumber) == crypto::as_text(source.view()));
  }
  CHECK(copied == std::set<std::string>{"RST", "HID"});
  CHECK(file.text(schema::Handover::kFamilyNameFieldNumber) == "Example");
  CHECK(file.texts(schema::Handover::kLanguagesFieldNumber).size() == 2);
  CHECK(file.text(schema::Handover::kPersonSourceFieldNumber) == crypto::as_text(source.view()));

  // Typed.
  CHECK(refusal(world.prison.records->new_record_in(
                    id, *record_type("flag"),
                    {{"kind", "Do not"}, {"code", "XCI"}, {"instruction", "x"}}, world.prison.by))
            .message.find("never leaves") != std::string::npos);
  // As bytes, past the form.
  const RecordName flag{id, sync::RecordId{{1}}, 113};
  const std::string code = "XCI";
  ChangePlan plan{{{flag.field(2), sync::OpKind::set, {code.begin(), code.end()}, {}, {}}}, {}};
  CHECK(refusal(world.prison.records->save(flag, plan, world.prison.by)).kind == ErrorKind::denied);
}

TEST_CASE("nobody is asked about words that they did not type, and is told of them",
          "[free-text]") {
  World world;
  const auto source =
      must(world.prison.records->new_record(*record_type("person"),
                                            {{"given-name", "Al"},
                                             {"family-name", "Example"},
                                             {"prison-number", "A1234BC"},
                                             {"communication-needs", "sits beside A9876XY"}},
                                            world.prison.by))
          .record.dossier;
  auto records = seen_by_jo(world.prison, world.codes);
  const auto made = must(Handovers(records).begin_from(source, {}, world.prison.by));
  CHECK(records.text_doubts().empty());
  REQUIRE(made.notes.size() == 1);
  CHECK(made.notes[0].find("what was taken over looks like a prison number of somebody else") !=
        std::string::npos);
  CHECK(made.notes[0].find("A9876XY") == std::string::npos);
  const auto file = must(Handovers(records).read(made.record.dossier));
  CHECK(file.text(schema::Handover::kCommunicationNeedsFieldNumber) == "sits beside A9876XY");
  // What they type beside it is asked about.
  CHECK(refusal(Handovers(records).begin_from(source, {{"contact-route", "through A5555CC"}},
                                              world.prison.by))
            .kind == ErrorKind::invalid);
  REQUIRE(records.text_doubts().size() == 1);
  CHECK(records.text_doubts()[0].part == "A5555CC");
}

TEST_CASE("an alert that only the practitioner may share needs a name", "[never-share]") {
  World world;
  const auto id = ready_handover(world);
  std::vector<FieldInput> inputs{{"kind", "Do not"}, {"code", "SOR"}, {"instruction", "x"}};
  CHECK(refusal(
            world.prison.records->new_record_in(id, *record_type("flag"), inputs, world.prison.by))
            .kind == ErrorKind::denied);
  inputs.push_back({"confirmed-by", "Pat, probation"});
  must(world.prison.records->new_record_in(id, *record_type("flag"), inputs, world.prison.by));
}

TEST_CASE("a handover is not shared before it is complete, grounded, agreed and consented to",
          "[handover]") {
  World world;
  Handovers prison(*world.prison.records);
  const auto share = [&](const sync::DossierId& id, const Site& with) {
    return prison.share(id, with.organisation, world.prison.by);
  };
  CHECK(refusal(prison.begin({{"given-name", "Alex"}}, world.prison.by)).kind ==
        ErrorKind::invalid);
  const auto draft =
      must(prison.begin({{"family-name", "Example"}}, world.prison.by)).record.dossier;
  const auto lacks = refusal(share(draft, world.partner));
  CHECK(lacks.kind == ErrorKind::invalid);
  CHECK(lacks.message.find("Expected release date") != std::string::npos);

  const auto groundless = must(prison.begin(complete_inputs(), world.prison.by)).record.dossier;
  must(world.prison.records->new_record_in(groundless, *record_type("need"),
                                           {{"pathway", "ACCOMMODATION"}}, world.prison.by));
  CHECK(refusal(share(groundless, world.partner)).message.find("ground") != std::string::npos);

  const auto ready = ready_handover(world);
  CHECK(refusal(share(ready, world.stranger)).message.find("agreement") != std::string::npos);
  CHECK(refusal(share(ready, world.desk)).kind == ErrorKind::denied);
  set(world.prison, root(ready, 110), {{"consent", "Refused"}});
  CHECK(refusal(share(ready, world.partner)).message.find("said no") != std::string::npos);
  set(world.prison, root(ready, 110), {{"consent", "Given"}});
  world.pass(366ull * 24 * 60 * 60 * 1000);
  CHECK(refusal(share(ready, world.partner)).message.find("has run out") != std::string::npos);
  world.publish(
      schema::DirectoryBody());  // the list is fresh again, and the agreement in it is over
  CHECK(refusal(share(ready, world.partner)).message.find("agreement") != std::string::npos);
}

TEST_CASE("sharing that has ended is not taken up again", "[handover]") {
  World world;
  const auto id = ready_handover(world);
  const auto file = must(read_case(*world.prison.records, id));
  set(world.prison, file.disclosures.at(0).name, {{"standing", "Ended"}});
  CHECK(refusal(
            Handovers(*world.prison.records).share(id, world.partner.organisation, world.prison.by))
            .kind == ErrorKind::denied);
}

TEST_CASE("a same-day release needs only the short form", "[handover]") {
  World world;
  Handovers prison(*world.prison.records);
  const auto id = must(prison.begin({{"given-name", "Alex"},
                                     {"family-name", "Example"},
                                     {"same-day", "yes"},
                                     {"release-area", "Leeds"},
                                     {"contact-route", "at the gate"}},
                                    world.prison.by))
                      .record.dossier;
  CHECK(must(prison.completeness(id)).missing.size() == 1);  // whom to ring
  set(world.prison, root(id, 110), {{"sender-telephone", "07700 900100"}});
  CHECK(must(prison.completeness(id)).is_ready());
}

}  // namespace throughgate::node::testing
