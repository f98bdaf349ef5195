#include "node/volunteers/candidate_fields.h"

#include "records/volunteer.pb.h"

namespace throughgate::node {
namespace {

using Fields = std::vector<FieldInput>;

void add(Fields& fields, const char* name, const std::string& text) {
  if (!text.empty()) fields.push_back({name, text, FieldInput::How::set});
}
void add(Fields& fields, const char* name, const std::optional<Date>& date) {
  if (date) add(fields, name, iso_date(*date));
}

std::string lines(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts) out += (out.empty() ? "" : "\n") + text;
  return out;
}

// Where intake's word differs from the record's.
std::string stage_of(const std::string& status) {
  return status == "TRIAL_PERIOD" ? "TRIAL" : status;
}

std::string decision_of(const CandidateClearance& clearance) {
  const std::string& outcome = clearance.outcome;
  if (outcome.empty()) return clearance.granted_on ? "GRANTED" : "";
  if (outcome == "APPLIED") return "DECISION_AWAITED";
  if (outcome == "WITHDRAWN") return "CLEARANCE_WITHDRAWN";
  if (outcome == "SUSPENDED") return "CLEARANCE_SUSPENDED";
  return outcome == "UNDER_APPEAL" ? "APPEAL" : outcome;
}

Fields volunteer_fields(const Candidate& candidate) {
  Fields out;
  const Identity& identity = candidate.identity;
  add(out, "given-name", identity.name.forenames);
  add(out, "family-name", identity.name.surname);
  add(out, "known-as", identity.name.known_as);
  add(out, "former-names", lines(identity.name.former_names));
  add(out, "date-of-birth", identity.date_of_birth);
  add(out, "email", identity.email);
  add(out, "mobile", identity.mobile);
  add(out, "status", stage_of(candidate.status));
  add(out, "home-site", candidate.establishment);
  return out;
}

Fields clearance_fields(const CandidateClearance& clearance) {
  Fields out;
  add(out, "level", clearance.level);
  add(out, "setting", std::string(clearance.setting.empty() ? "" : "PRISON"));
  add(out, "establishment", clearance.setting);
  add(out, "applied-on", clearance.applied_on);
  add(out, "granted-on", clearance.granted_on);
  add(out, "expires-on", clearance.expires_on);
  add(out, "reference", clearance.reference);
  add(out, "decision", decision_of(clearance));
  return out;
}

Fields role_fields(const Candidate& candidate, const std::string& role) {
  Fields out;
  add(out, "role-code", role);
  add(out, "establishment", candidate.establishment);
  add(out, "from", candidate.started_on);
  add(out, "until", candidate.left_on);
  return out;
}

// What has no field of its own is kept in words.
std::string notes_of(const Candidate& candidate) {
  std::vector<std::string> notes;
  if (candidate.roles.empty() && candidate.started_on) {
    notes.push_back("Started on " + spoken_date(*candidate.started_on) + ".");
  }
  if (candidate.agreement_signed) {
    notes.emplace_back(*candidate.agreement_signed ? "Agreement signed." : "Agreement not signed.");
  }
  if (!candidate.notes.empty()) notes.push_back(candidate.notes);
  return lines(notes);
}

}  // namespace

std::vector<NewRecord> travelling_records(const Candidate& candidate) {
  std::vector<NewRecord> out{
      {record_type(*schema::Volunteer::descriptor()), volunteer_fields(candidate)}};
  for (const auto& clearance : candidate.clearances) {
    auto fields = clearance_fields(clearance);
    if (!fields.empty()) {
      out.push_back({record_type(*schema::Clearance::descriptor()), std::move(fields)});
    }
  }
  for (const auto& role : candidate.roles) {
    out.push_back({record_type(*schema::RoleHeld::descriptor()), role_fields(candidate, role)});
  }
  return out;
}

Fields file_fields(const Candidate& candidate) {
  Fields out;
  add(out, "address", lines(candidate.address_lines));
  add(out, "postcode", candidate.postcode);
  add(out, "home-telephone", candidate.telephone);
  add(out, "left-on", candidate.left_on);
  add(out, "notes", notes_of(candidate));
  return out;
}

}  // namespace throughgate::node
