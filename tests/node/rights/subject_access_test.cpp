// All that is kept of a person, over every type of record there is.
#include <algorithm>
#include <catch_amalgamated.hpp>

#include "node/audit.h"
#include "node/erasure/holds.h"
#include "node/rights/files.h"
#include "node/rights/pack_document.h"
#include "records/link.pb.h"
#include "records/volunteer.pb.h"
#include "tests/node/staff/filled_site.h"
#include "tests/node/web/pages/page_world.h"

namespace throughgate::node::testing {
namespace {

using google::protobuf::FieldDescriptor;
using sync::DossierId;
using sync::ErrorKind;
using sync::store::RecordName;

const Kept nothing{};
const Kept everything{{}, true};

// Types in which nobody but staff is named. Every other type is about somebody: a type that is
// added to the catalogue fails the test until it is found, or stands here.
const std::set<std::string> about_nobody{"site",          "role-definition", "programme",
                                         "staff-member",  "paid-vacancy",    "survey",
                                         "survey-action", "diary-month",     "session"};
// Those that FilledSite does not fill; each has its own test below.
const std::set<std::string> tested_apart{"link", "erasure-request", "legal-hold"};

struct Asked {
  FilledSite site;
  RecordService governor = site.seen_by({"governor"}, "they asked");

  Pack pack(const std::string& type, const Kept& kept = nothing) {
    return must(pack_of(governor, site.record(type).dossier, kept));
  }
};

bool holds(const Pack& pack, const std::string& text) {
  return json_of(pack).find(text) != std::string::npos;
}

bool has(const Pack& pack, const std::string& type) {
  return std::any_of(pack.records.begin(), pack.records.end(),
                     [&](const PackRecord& record) { return record.type == type; });
}

const FieldDescriptor& field_at(const Mark& mark) {
  return *record_type(mark.record.type)
              ->descriptor->FindFieldByNumber(static_cast<int>(mark.field));
}

bool is_text_of(const Document& document, const std::string& text) {
  return std::any_of(document.blocks.begin(), document.blocks.end(),
                     [&](const auto& block) { return block.text.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("what is kept of a person is found in every type of record that can hold it",
          "[rights]") {
  Asked asked;
  std::vector<Pack> packs;
  for (const char* type : {"volunteer", "person", "handover"}) {
    packs.push_back(asked.pack(type, everything));
  }
  for (const auto& type : record_types()) {
    if (about_nobody.contains(type.name) || tested_apart.contains(type.name)) continue;
    INFO(type.name);
    CHECK(std::any_of(packs.begin(), packs.end(),
                      [&](const Pack& pack) { return has(pack, type.name); }));
  }
  for (const auto& pack : packs) {
    for (const auto& type : about_nobody) CHECK_FALSE(has(pack, type));
  }
}

TEST_CASE("each text that is kept of a person is in what they are given, or left out for a reason",
          "[rights]") {
  Asked asked;
  for (const char* root : {"volunteer", "person", "handover"}) {
    const auto kind = record_type(asked.site.record(root).type)->dossier;
    const auto strict = asked.pack(root);
    const auto whole = asked.pack(root, everything);
    const bool is_volunteer = kind == schema::VOLUNTEER;
    for (const auto& [text, mark] : asked.site.marks) {
      const auto in = record_type(mark.record.type)->dossier;
      const bool own =
          in == kind || (is_volunteer && (in == schema::VOLUNTEER_FILE ||
                                          in == schema::VETTING_NOTES || in == schema::DIVERSITY));
      if (!own) continue;
      const auto& field = field_at(mark);
      INFO(root << ": " << field.full_name());
      const auto of = whose(field, Found::their_own, is_volunteer);
      CHECK(holds(strict, text) == (of == Whose::theirs));
      CHECK(holds(whole, text) == (of == Whose::theirs || of == Whose::to_be_looked));
      const bool to_look_at =
          std::any_of(strict.to_look_at.begin(), strict.to_look_at.end(),
                      [&, shown = text](const ToLookAt& item) { return item.text == shown; });
      CHECK(to_look_at == (of == Whose::to_be_looked));
    }
  }
}

TEST_CASE("of others' data and of the names of staff nothing is in it, whatever is kept",
          "[rights]") {
  Asked asked;
  const auto pack = asked.pack("volunteer", everything);
  const auto document = document_of(pack);
  for (const char* name : {"next_of_kin_name", "next_of_kin_telephone"}) {
    const auto& type = *record_type("volunteer-file");
    const auto mark = "zq" + std::to_string(type.number) + "f" +
                      std::to_string(field_named(type, name)->number()) + "z";
    REQUIRE(asked.site.marks.contains(mark));
    CHECK_FALSE(holds(pack, mark));
    CHECK_FALSE(is_text_of(document, mark));
  }
  CHECK_FALSE(holds(pack, asked.site.prison.actor().name));
  CHECK_FALSE(is_text_of(document, asked.site.prison.actor().name));
  CHECK(pack.left_out_of_others > 4);
  CHECK(pack.left_out_of_staff > 4);
  CHECK(is_text_of(document, "Volunteer coordinator"));
}

TEST_CASE("what names a member of staff or somebody else is in no answer, field by field",
          "[rights]") {
  const std::map<std::string, std::set<std::string>> named{
      {"clearance", {"decided_by"}},
      {"training-passed", {"delivered_by", "assessor"}},
      {"signed-agreement", {"witnessed_by"}},
      {"expense-claim", {"approved_by"}},
      {"vetting-override", {"allowed_by"}},
      {"vetting-notes", {"seen_by"}},
      {"person-alert", {"author"}},
      {"flag", {"author", "ring", "confirmed_by"}},
      {"disclosure", {"second_person"}},
      {"handover",
       {"sender_name", "sender_telephone", "probation_contact", "receiver_contact",
        "gate_telephone", "gate_reported_by", "backup_person"}},
      {"volunteer-file", {"next_of_kin_name", "next_of_kin_relation", "next_of_kin_telephone"}},
      {"referee", {"name", "relation", "email", "telephone"}},
      {"no-contact", {"with"}}};
  Asked asked;
  std::size_t left = 0;
  for (const auto& [type, fields] : named) left += fields.size();
  for (const char* root : {"volunteer", "person", "handover"}) {
    const auto pack = asked.pack(root, everything);
    for (const auto& [text, mark] : asked.site.marks) {
      const auto of_type = named.find(record_type(mark.record.type)->name);
      if (of_type == named.end() || !of_type->second.contains(field_at(mark).name())) continue;
      INFO(root << ": " << field_at(mark).full_name());
      CHECK_FALSE(holds(pack, text));
      if (std::string_view(root) == "volunteer") --left;
    }
  }
  CHECK(left == 0);  // each of them has a text
}

TEST_CASE("a record of others that names them is there without what it says of the others",
          "[rights]") {
  Asked asked;
  const auto of_case = asked.pack("handover", everything);
  const auto of_volunteer = asked.pack("volunteer", everything);
  CHECK(has(of_volunteer, "assignment"));
  CHECK(holds(of_volunteer, "zq116f2z"));  // the volunteer's name, copied into the handover
  CHECK_FALSE(holds(of_case, "zq116f2z"));
  // The family name and the birthday of whoever is handed over.
  CHECK_FALSE(holds(asked.pack("volunteer"), "zq110f4z"));
  CHECK_FALSE(holds(asked.pack("volunteer"), "zq110f6z"));
  CHECK(has(of_volunteer, "incident"));
  CHECK_FALSE(has(asked.pack("volunteer"), "incident"));  // nothing of it, unless somebody keeps it
}

TEST_CASE("texts that name somebody known here are marked before they are decided on", "[rights]") {
  Asked asked;
  const auto file = asked.site.record("volunteer-file");
  RecordService jo(*asked.site.prison.node, asked.site.codes);
  const auto form = must(jo.open(file));
  const auto kin = "Kim Nextofkin";
  must(jo.set_fields(form, {{"next-of-kin-name", kin}, {"interview-notes", "KIM NEXTOFKIN drove."}},
                     {asked.site.prison.actor(), "told Kim Nextofkin"}));
  const auto pack = asked.pack("volunteer");
  std::size_t marked = 0;
  for (const auto& item : pack.to_look_at) {
    marked += std::count(item.names.begin(), item.names.end(), kin);
  }
  CHECK(marked == 2);  // the notes, and the reason
  CHECK_FALSE(holds(pack, "KIM"));
  CHECK_FALSE(holds(pack, "told Kim"));
}

TEST_CASE("a value stands with what it was before, who wrote it by role, when and why",
          "[rights]") {
  Asked asked;
  RecordService jo(*asked.site.prison.node, asked.site.codes);
  const auto volunteer = asked.site.record("volunteer");
  asked.site.world.now_ms += 60'000;
  must(jo.set_fields(must(jo.open(volunteer)), {{"family-name", "Corrected"}},
                     {asked.site.prison.actor(), "misheard"}));
  const auto pack = asked.pack("volunteer", everything);
  const auto& record = pack.records.front();
  const auto field = std::find_if(record.fields.begin(), record.fields.end(),
                                  [](const auto& each) { return each.name == "family_name"; });
  REQUIRE(field != record.fields.end());
  REQUIRE(field->changes.size() == 2);
  CHECK(field->changes[0].text == "Corrected");
  CHECK(field->changes[0].standing == "now; not sent yet");
  CHECK(field->changes[0].reason == "misheard");
  CHECK(field->changes[0].at_ms == asked.site.world.now_ms);
  CHECK(field->changes[0].by.find("Volunteer coordinator") != std::string::npos);
  CHECK(field->changes[1].text == "zq50f2z");
  CHECK(field->changes[1].standing == "replaced");
}

TEST_CASE("records that a link calls the same person's are given too, those of another are not",
          "[rights]") {
  PageWorld world;
  auto records = world.records(world.desk);  // which links
  const auto by = world.by(world.desk);
  const auto recorded = [&](const std::string& name) {
    return must(records.new_record(*record_type("volunteer"), {{"family-name", name}}, by))
        .record.dossier;
  };
  const auto first = recorded("Firstly");
  const auto linked = [&](const std::string& name, const std::string& verdict) {
    must(records.new_record(
        *record_type("link"),
        {{"first", first.hex()}, {"second", recorded(name).hex()}, {"verdict", verdict}}, by));
  };
  linked("Sametwice", "SAME");
  linked("Otherwise", "NOT_SAME");
  const auto pack = must(pack_of(records, first, nothing));
  CHECK(has(pack, "link"));
  CHECK(holds(pack, "Sametwice"));
  CHECK_FALSE(holds(pack, "Otherwise"));
}

TEST_CASE("requests to erase and legal holds about a person are found too", "[rights]") {
  Asked asked;
  RecordService jo(*asked.site.prison.node, asked.site.codes);
  const By by{asked.site.prison.actor(), "an inquest"};
  const auto id = asked.site.record("volunteer").dossier;
  must(Holds(jo).set({id}, "an inquest", by));
  sync::Bytes named(48, 7);
  std::copy(id.bytes.begin(), id.bytes.end(), named.begin());
  must(jo.new_record(*record_type("erasure-request"),
                     {{"kind", "Volunteer"},
                      {"records", crypto::to_hex(named)},
                      {"ground", "PERSON_ASKED"},
                      {"reason", "they asked"}},
                     by));
  const auto pack = asked.pack("volunteer");
  CHECK(has(pack, "legal-hold"));
  CHECK(has(pack, "erasure-request"));
}

TEST_CASE("a record that names them in words alone is shown to be looked at, and only those words",
          "[rights]") {
  Asked asked;
  RecordService jo(*asked.site.prison.node, asked.site.codes);
  const auto id = must(jo.new_record(*record_type("volunteer"),
                                     {{"given-name", "Rosemary"}, {"family-name", "Planted"}},
                                     {asked.site.prison.actor(), ""}))
                      .record.dossier;
  const auto other = asked.site.record("volunteer-file");
  must(jo.set_fields(must(jo.open(other)),
                     {{"motivation", "Knows Rosemary Planted."}, {"experience", "Another text"}},
                     {asked.site.prison.actor(), ""}));
  const auto look = must(pack_of(asked.governor, id, nothing));
  CHECK_FALSE(has(look, "volunteer-file"));
  REQUIRE(look.to_look_at.size() == 1);
  CHECK(look.to_look_at[0].text == "Knows Rosemary Planted.");
  const auto kept = must(pack_of(asked.governor, id, {{look.to_look_at[0].id}, false}));
  CHECK(holds(kept, "Knows Rosemary"));
  CHECK_FALSE(holds(kept, "Another text"));
  CHECK(holds(kept, id.hex()));
  CHECK_FALSE(holds(kept, other.dossier.hex()));  // whoever it is about is not told of by number
}

TEST_CASE("whom it was shared with, on what ground, and who else holds it stands in both files",
          "[rights]") {
  PageWorld world;
  const auto handover = world.shared_handover();
  auto records = world.records(world.prison);
  const auto pack = must(pack_of(records, handover, nothing));
  CHECK(pack.holders == std::vector<std::string>{"Bridge Trust", world.desk.name});
  std::size_t grounds = 0, partners = 0;
  for (const auto& each : pack.sharing) {
    if (each.with != "Bridge Trust") continue;
    if (each.ground.empty()) partners += each.when.find("last heard to have it") == 0 ? 1 : 0;
    if (each.ground.find("Public task (UK GDPR)") == 0) ++grounds;
  }
  CHECK(grounds == 1);
  CHECK(partners == 1);
  const auto json = json_of(pack);
  CHECK(json.find("\"also_held_by\": [\n  \"Bridge Trust\"") != std::string::npos);
  const auto shared = json.find("\"shared_with\": [\n  {\"with\": \"");
  REQUIRE(shared != std::string::npos);
  CHECK(json.find("\"ground\": \"Public task (UK GDPR)", shared) != std::string::npos);
  const auto document = document_of(pack);
  CHECK(is_text_of(document, "Other organisations hold some of these records too: Bridge Trust"));
  CHECK(is_text_of(document, "Whom it was shared with"));
  CHECK(is_text_of(document, "Ground: Public task (UK GDPR)"));
  CHECK(is_text_of(document, "Who looked at it"));
  const auto alone = must(pack_of(records, world.complete_draft(), nothing));
  CHECK(is_text_of(document_of(alone), "ask them."));
}

TEST_CASE("what came too late, and both of what was changed in two places, are given", "[rights]") {
  PageWorld world;
  const auto handover = world.shared_handover();
  world.set(world.partner, handover, "contact-route", "by the hostel");
  world.set(world.prison, handover, "contact-route", "by the sister");
  world.sync_all();
  auto prison = world.records(world.prison);
  must(Handovers(prison).remove_partner(handover, world.partner.node->identity().organisation,
                                        world.by(world.prison, "They closed")));
  world.set(world.partner, handover, "contact-route", "Written Too-Late");
  must(world.prison.sync(world.hub));
  world.sync_all();
  const auto pack = must(pack_of(prison, handover, everything));
  CHECK(holds(pack, "by the hostel"));
  CHECK(holds(pack, "by the sister"));
  CHECK(holds(pack, "Written Too-Late"));
  CHECK(holds(pack, "never got a place") != holds(pack, "refused"));
}

TEST_CASE("what others sent that counts for nothing here is given, as set aside", "[rights]") {
  PageWorld world;
  auto records = world.records(world.prison);
  const auto id = must(records.new_record(*record_type("volunteer"),
                                          {{"given-name", "Rosemary"}, {"family-name", "Planted"}},
                                          world.by(world.prison)))
                      .record.dossier;
  const auto type = record_type("volunteer")->number;
  const auto text = [&](int field, const std::string& value) {
    return sync::store::OpDraft{{{}, type, static_cast<std::uint32_t>(field)},
                                sync::OpKind::set,
                                {value.begin(), value.end()},
                                {},
                                {}};
  };
  auto theirs = world.records(world.partner);
  must(world.partner.node->admission().create(
      {{world.partner.node->identity().organisation, sync::Role::owner},
       {world.prison.node->identity().organisation, sync::Role::reader}},
      theirs.authorship(world.by(world.partner)),
      {text(schema::Volunteer::kFamilyNameFieldNumber, "Somebody-Else"),
       text(schema::Volunteer::kKnownAsFieldNumber, "was seen with Rosemary Planted")}));
  world.sync_all();
  const auto unasked = must(pack_of(records, id, nothing));
  CHECK(unasked.left_out_after_a_look > 0);
  const auto pack = must(pack_of(records, id, everything));
  CHECK(holds(pack, "was seen with Rosemary Planted"));
  CHECK_FALSE(holds(pack, "Somebody-Else"));  // where only words name them, those words alone
  CHECK(holds(pack, "\"set_aside_from\": \"Bridge Trust\""));
  CHECK(is_text_of(document_of(pack), "kept apart, shown to nobody here"));
  must(note_taken(records, pack));
}

TEST_CASE("only who may, and says why, is given what is kept of a person", "[rights]") {
  FilledSite site;
  const auto id = site.record("volunteer").dossier;
  const auto refused = [&](const RecordService& records) {
    const auto pack = pack_of(records, id, nothing);
    REQUIRE_FALSE(pack);
    return pack.error().kind;
  };
  for (const auto& roles : role_sets()) {
    const bool may = roles.contains("governor");
    const auto records = site.seen_by(roles, "they asked");
    INFO(joined(roles));
    if (!may) CHECK(refused(records) == ErrorKind::denied);
    if (may) CHECK(pack_of(records, id, nothing));
  }
  CHECK(refused(site.seen_by({"governor"})) == ErrorKind::invalid);
  CHECK(refused(site.seen_by({"governor"}, "  ")) == ErrorKind::invalid);
  const auto of_a_diary = pack_of(site.seen_by({"governor"}, "they asked"),
                                  site.record("diary-month").dossier, nothing);
  REQUIRE_FALSE(of_a_diary);
  CHECK(of_a_diary.error().kind == ErrorKind::invalid);
}

TEST_CASE("twin: a table that lets everybody shows somebody without a role what is kept",
          "[rights]") {
  FilledSite site;
  const RecordService anybody(
      *site.prison.node, site.codes,
      Viewer(FilledSite::permissive(), {sync::ActorId{}, "Somebody", ""}, "they asked"));
  CHECK(holds(must(pack_of(anybody, site.record("volunteer").dossier, nothing)), "zq50f2z"));
}

TEST_CASE(
    "every noted field that goes into an answer has its row, and the file one for each record",
    "[rights][audit]") {
  Asked asked;
  const auto pack = asked.pack("volunteer");
  Audit audit(*asked.site.prison.node);
  must(audit.note_looks(asked.governor.trail(), asked.governor.viewer()));
  must(note_taken(asked.governor, pack));
  const auto rows = must(audit.list({}, 1000));
  std::set<RecordName> looked;
  std::uint64_t files = 0;
  for (const auto& row : rows) {
    CHECK(row.reason == "they asked");
    if (row.act == AuditAct::look) looked.insert(row.record);
    if (row.act == AuditAct::file_taken) ++files;
  }
  for (const auto& name : asked.site.records) {
    const auto kind = record_type(name.type)->dossier;
    if (kind != schema::VETTING_NOTES && kind != schema::DIVERSITY) continue;
    CHECK(looked.contains(name));
  }
  CHECK(files >= 4);
  CHECK(must(audit.check()).number == rows.size());
  const auto again = asked.pack("volunteer");
  std::set<DossierId> own;
  for (const char* type : {"volunteer", "volunteer-file", "vetting-notes", "diversity"}) {
    own.insert(asked.site.record(type).dossier);
  }
  CHECK(again.readings.size() ==
        static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [&](const auto& row) {
          return own.contains(row.record.dossier);
        })));
  REQUIRE_FALSE(again.readings.empty());
  CHECK(again.readings.front().what == "Taken out as a file");
}

TEST_CASE("the same records give the same file, byte for byte, in both forms", "[rights]") {
  Asked asked;
  for (const auto form : {PackForm::json, PackForm::pdf}) {
    const auto first = must(file_of(asked.pack("volunteer", everything), form));
    const auto second = must(file_of(asked.pack("volunteer", everything), form));
    CHECK(first.bytes == second.bytes);
    CHECK(first.bytes.size() > 1'000);
    CHECK(first.remark.empty());
  }
}

}  // namespace throughgate::node::testing
