// A field, record or enum value that is silent about itself would be judged by default: none may
// be.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <string>
#include <vector>

#include "node/records/catalogue.h"
#include "silent.pb.h"
#include "tests/node/records/silence.h"

using namespace throughgate;
using namespace throughgate::node;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using schema::FieldRule;
using Names = std::vector<std::string>;

namespace {

Messages real_records() {
  Messages messages;
  for (const RecordType& type : record_types()) messages.push_back(type.descriptor);
  return messages;
}

template <typename Chosen>
Names fields_where(Chosen chosen) {
  Names names;
  for (const FieldDescriptor* field : fields_of(real_records())) {
    if (chosen(*field)) names.push_back(field->containing_type()->name() + "." + field->name());
  }
  std::sort(names.begin(), names.end());
  return names;
}

const Descriptor* planted(const std::string& name) {
  return silent::NoFields::descriptor()->file()->FindMessageTypeByName(name);
}

struct Planted {
  std::string message;
  std::string fault;
};

const std::vector<Planted> planted_faults = {
    {"NoRecordLine", "no number"},
    {"NoNumber", "no number"},
    {"NoDossier", "no dossier"},
    {"NoPlural", "no label or plural"},
    {"NoFields", "no fields"},
    {"NoFieldLine", "no label"},
    {"NoLabel", "no label"},
    {"NoPolicy", "no policy"},
    {"NoWriters", "no writers"},
    {"NoSensitivity", "no sensitivity"},
    {"NoBytesMax", "no bytes_max"},
    {"HugeBytesMax", "bytes_max above the limit"},
    {"NumberWithBytesMax", "bytes_max of a number"},
    {"SetNotRepeated", "SET or APPEND, and not repeated"},
    {"AppendNotRepeated", "SET or APPEND, and not repeated"},
    {"LatestRepeated", "repeated, and neither SET nor APPEND"},
    {"LowerByAlone", "lower_by, and not STRICTEST"},
    {"StrictestText", "STRICTEST, and no enum"},
    {"NoLowerBy", "STRICTEST without lower_by"},
    {"NoSeverity", "a value without severity"},
    {"EqualSeverities", "two values of one severity"},
    {"NoValueLine", "a value without label"},
    {"SeverityAlone", "severities, and not STRICTEST"},
    {"TransitionAlone", "transitions, and no LIFECYCLE"},
    {"LifecycleText", "LIFECYCLE, and no enum"},
    {"UnknownState", "entered from no known state"},
    {"UnreachableState", "cannot be reached"},
    {"UnreachableLoop", "cannot be reached"},
    {"EnteredFromItself", "entered from itself"},
    {"EnteredTwice", "entered twice from one state"},
    {"EnteredByNobody", "entered by nobody"},
    {"EnteredByAStranger", "entered by somebody who does not write the field"},
    {"ReviewedSet", "REVIEW of a field that cannot conflict"},
    {"ShownByAStranger", "shown by somebody who does not write it"},
    {"IdAsText", "format of another kind of value"},
    {"ShortId", "format of another kind of value"},
    {"DateAsNumber", "format of another kind of value"},
    {"CodesOfANumber", "codes, and no text"},
    {"PastText", "a rule for dates, and no date"},
    {"NotBeforeText", "comes not before what is no date of this record"}};

}  // namespace

TEST_CASE("every record, field and enum value says everything about itself", "[records]") {
  for (const Descriptor* message : real_records()) CHECK(faults_in(*message) == Names{});
  CHECK(faults_between(real_records()) == Names{});
}

TEST_CASE("a planted fault of each kind is seen", "[records]") {
  for (const Planted& plant : planted_faults) {
    CAPTURE(plant.message, plant.fault);
    const Descriptor* message = planted(plant.message);
    REQUIRE(message != nullptr);
    const Names faults = faults_in(*message);
    CHECK(std::any_of(faults.begin(), faults.end(),
                      [&](const std::string& each) { return each.ends_with(": " + plant.fault); }));
  }
  const Names between =
      faults_between({planted("UnknownList"), planted("UsedTwice"), planted("Rootless")});
  CHECK(between == Names{"records: number 1950 used twice", "records: LINK has not one root",
                         "records: CASE has not one root"});
}

TEST_CASE("every planted record is in the table of planted faults", "[records]") {
  const auto* file = silent::NoFields::descriptor()->file();
  const int not_faulty_in_themselves = 3;
  CHECK(file->message_type_count() ==
        static_cast<int>(planted_faults.size()) + not_faulty_in_themselves);
}

TEST_CASE("a person decides where these fields were changed in two places, and no others",
          "[records]") {
  const auto reviewed = fields_where(
      [](const FieldDescriptor& field) { return rule_of(field).conflict() == FieldRule::REVIEW; });
  CHECK(reviewed ==
        Names{"Clearance.decision", "Flag.standing", "Handover.consent", "Handover.release_date",
              "Handover.released_on", "Handover.risk_to_children", "Handover.risk_to_known_adult",
              "Handover.risk_to_public", "Handover.risk_to_self", "Handover.risk_to_staff",
              "Person.date_of_birth", "Volunteer.date_of_birth", "Volunteer.standing"});
}

TEST_CASE("a change to these fields must be read by a person, and to no others", "[records]") {
  const auto acknowledged =
      fields_where([](const FieldDescriptor& field) { return rule_of(field).acknowledge(); });
  CHECK(acknowledged ==
        Names{"Flag.instruction", "Flag.kind", "Flag.standing", "Handover.consent",
              "Handover.licence_headline", "Handover.meeting_place", "Handover.meeting_time",
              "Handover.release_date", "Handover.risk_to_children", "Handover.risk_to_known_adult",
              "Handover.risk_to_public", "Handover.risk_to_self", "Handover.risk_to_staff"});
}

TEST_CASE("the release date is both sides' to write and the prison's to show", "[records]") {
  const auto& rule = rule_of(*field_named(*record_type("handover"), "release-date"));
  CHECK(rule.policy() == FieldRule::LATEST);
  CHECK(rule.writers() == FieldRule::OWNER_AND_RECEIVER);
  CHECK(rule.shown() == FieldRule::OWNER);
}

TEST_CASE("only the partner says how it went at the gate", "[records]") {
  for (const auto* name : {"gate-result", "gate-missed-reason", "gate-reported-by", "gate-on"}) {
    CAPTURE(name);
    CHECK(rule_of(*field_named(*record_type("handover"), name)).writers() == FieldRule::RECEIVER);
  }
}

TEST_CASE(
    "whatever keeps people safe is taken at its strictest, and lowered only by its owner or "
    "the central team",
    "[records]") {
  const auto strictest = fields_where(
      [](const FieldDescriptor& field) { return rule_of(field).policy() == FieldRule::STRICTEST; });
  CHECK(strictest ==
        Names{"Clearance.decision", "Disclosure.standing", "Flag.standing", "Handover.consent",
              "Handover.risk_to_children", "Handover.risk_to_known_adult",
              "Handover.risk_to_public", "Handover.risk_to_self", "Handover.risk_to_staff",
              "Incident.severity", "NoContact.standing", "Person.custody_risk_to_children",
              "Person.custody_risk_to_known_adult", "Person.custody_risk_to_prisoners",
              "Person.custody_risk_to_public", "Person.custody_risk_to_self",
              "Person.custody_risk_to_staff", "PersonAlert.standing", "Volunteer.standing"});
  const auto lowered_by_others = fields_where([](const FieldDescriptor& field) {
    const auto by = rule_of(field).lower_by();
    return by != FieldRule::BY_UNSPECIFIED && by != FieldRule::OWNER &&
           by != FieldRule::OWNER_AND_CENTRAL;
  });
  CHECK(lowered_by_others == Names{});
}

TEST_CASE("every fact copied into a handover can name the record it came from", "[records]") {
  for (const auto* field : {"handover.person-source", "assignment.volunteer-source",
                            "contact-made.volunteer-source", "flag.source-dossier"}) {
    CAPTURE(field);
    const std::string path = field;
    const RecordType* type = record_type(path.substr(0, path.find('.')));
    REQUIRE(type != nullptr);
    const FieldDescriptor* source = field_named(*type, path.substr(path.find('.') + 1));
    REQUIRE(source != nullptr);
    CHECK(rule_of(*source).format() == FieldRule::DOSSIER_ID);
  }
}
