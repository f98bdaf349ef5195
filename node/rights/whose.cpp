#include "node/rights/whose.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "node/disputes.h"
#include "node/records/catalogue.h"

namespace throughgate::node {
namespace {

using google::protobuf::FieldDescriptor;
using schema::FieldRule;
using Names = std::set<std::string, std::less<>>;

// Short text, e-mail and telephone that are the person's own.
const Names& their_own() {
  static const Names names{"Volunteer.given_name",
                           "Volunteer.family_name",
                           "Volunteer.known_as",
                           "Volunteer.former_names",
                           "Volunteer.email",
                           "Volunteer.mobile",
                           "Clearance.reference",
                           "Clearance.conditions",
                           "TrainingPassed.version",
                           "RoleHeld.title",
                           "RoleHeld.site_name",
                           "VolunteerFile.address",
                           "VolunteerFile.town",
                           "VolunteerFile.home_telephone",
                           "VolunteerFile.how_to_contact",
                           "VolunteerFile.skills",
                           "VolunteerFile.available_note",
                           "VolunteerFile.areas",
                           "VolunteerFile.access_needs",
                           "SignedAgreement.version",
                           "Person.given_name",
                           "Person.family_name",
                           "Person.known_as",
                           "Person.pnc",
                           "Person.cro",
                           "Person.crn",
                           "Person.communication_needs",
                           "Alias.given_name",
                           "Alias.family_name",
                           "Handover.given_name",
                           "Handover.family_name",
                           "Handover.known_as",
                           "Handover.crn",
                           "Handover.communication_needs",
                           "Handover.release_area",
                           "Handover.first_appointment_place",
                           "Handover.receiver_name",
                           "Handover.meeting_place",
                           "Handover.vehicle",
                           "Handover.property_note",
                           "Handover.first_night_address",
                           "Disclosure.to_name",
                           "Disclosure.purpose",
                           "Disclosure.evidence",
                           "Need.skills_wanted",
                           "ErasureRequest.kind",
                           "ErasureRequest.rule"};
  return names;
}

// Who did something as part of their work.
const Names& of_staff() {
  static const Names names{"Clearance.decided_by",
                           "TrainingPassed.delivered_by",
                           "TrainingPassed.assessor",
                           "SignedAgreement.witnessed_by",
                           "ExpenseClaim.approved_by",
                           "VettingOverride.allowed_by",
                           "VettingNotes.seen_by",
                           "PersonAlert.author",
                           "Flag.author",
                           "Flag.ring",
                           "Flag.confirmed_by",
                           "Disclosure.second_person",
                           "Handover.sender_name",
                           "Handover.sender_telephone",
                           "Handover.probation_contact",
                           "Handover.receiver_contact",
                           "Handover.gate_telephone",
                           "Handover.gate_reported_by",
                           "Incident.told"};
  return names;
}

const Names& of_others() {
  static const Names names{"VolunteerFile.next_of_kin_name",
                           "VolunteerFile.next_of_kin_relation",
                           "VolunteerFile.next_of_kin_telephone",
                           "Referee.name",
                           "Referee.relation",
                           "Referee.email",
                           "Referee.telephone",
                           "NoContact.with",
                           "Handover.backup_person"};
  return names;
}

// A volunteer's, copied into a handover: the volunteer's own where it is they who ask.
const Names& of_a_volunteer() {
  static const Names names{"Assignment.volunteer_name", "Assignment.volunteer_telephone",
                           "ContactMade.by_name"};
  return names;
}

// "Volunteer.given_name".
std::string name_of(const FieldDescriptor& field) {
  return field.containing_type()->name() + "." + field.name();
}

bool is_text(const FieldDescriptor& field) {
  return field.type() == FieldDescriptor::TYPE_STRING && rule_of(field).codes().empty();
}

Whose by_format(const FieldDescriptor& field) {
  if (!is_text(field)) return Whose::theirs;
  switch (rule_of(field).format()) {
    case FieldRule::PLAIN:
    case FieldRule::LONG_TEXT:
      return Whose::to_be_looked;
    case FieldRule::EMAIL:
    case FieldRule::TELEPHONE:
      return Whose::others;
    default:
      return Whose::theirs;
  }
}

// Kept back by law more often than not, as what was noted of a risk or for a clearance.
bool may_be_kept_back(const FieldDescriptor& field) {
  const auto* type = record_type(*field.containing_type());
  return rule_of(field).sensitivity() == FieldRule::RESTRICTED &&
         !(type && type->dossier == schema::DIVERSITY);
}

// The record itself of another volunteer, person or handover: all of it is theirs.
bool is_about_somebody_else(const FieldDescriptor& field) {
  const auto* type = record_type(*field.containing_type());
  return type && type->root &&
         (type->dossier == schema::VOLUNTEER || type->dossier == schema::PERSON ||
          type->dossier == schema::CASE);
}

// Their own words about their own record.
bool is_their_note(const FieldDescriptor& field) {
  const auto* type = record_type(*field.containing_type());
  return type && is_dispute(type->number) && (field.name() == "says" || field.name() == "detail");
}

}  // namespace

Whose whose(const FieldDescriptor& field, Found found, bool is_volunteer) {
  const auto name = name_of(field);
  if (found == Found::their_own && is_their_note(field)) return Whose::theirs;
  if (found == Found::in_words) return Whose::to_be_looked;
  if (of_staff().contains(name)) return Whose::staff;
  if (of_others().contains(name)) return Whose::others;
  if (of_a_volunteer().contains(name)) return is_volunteer ? Whose::theirs : Whose::others;
  // Of a number nothing is shown but that it stands for a record.
  const bool is_number = field.type() == FieldDescriptor::TYPE_BYTES;
  if (found == Found::their_own && is_number) return Whose::theirs;
  if (may_be_kept_back(field)) return Whose::to_be_looked;
  if (found == Found::names_them && is_about_somebody_else(field)) return Whose::to_be_looked;
  if (found == Found::their_own && their_own().contains(name)) return Whose::theirs;
  if (found == Found::names_them && rule_of(field).format() == FieldRule::PRISON_NUMBER) {
    return Whose::others;
  }
  return by_format(field);
}

}  // namespace throughgate::node
