#include "node/intake/candidate.h"

#include "node/intake/codes.h"
#include "node/text/spoken_telephone.h"
#include "node/text/unicode.h"

namespace throughgate::node {
namespace {

// Name, length and value of every field that is filled: no two contents give the same text.
class Canonical {
 public:
  void add(std::string_view field, std::string_view value) {
    if (value.empty()) return;
    const std::string folded = fold_case(value);
    text_.append(field).append(":").append(std::to_string(folded.size())).append(":");
    text_.append(folded).append("\n");
  }
  void add(std::string_view field, const std::optional<Date>& date) {
    if (date) add(field, iso_date(*date));
  }
  void add(std::string_view field, const std::vector<std::string>& values) {
    for (const std::string& value : values) add(field, value);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// Frozen: the names here are part of keys already stored.
std::string canonical(const Candidate& candidate) {
  Canonical out;
  const Identity& identity = candidate.identity;
  out.add("forenames", identity.name.forenames);
  out.add("surname", identity.name.surname);
  out.add("known_as", identity.name.known_as);
  out.add("former_name", identity.name.former_names);
  out.add("date_of_birth", identity.date_of_birth);
  out.add("email", identity.email);
  out.add("mobile", identity.mobile);
  out.add("telephone", candidate.telephone);
  out.add("address_line", candidate.address_lines);
  out.add("postcode", candidate.postcode);
  out.add("role", candidate.roles);
  out.add("status", candidate.status);
  out.add("establishment", candidate.establishment);
  for (const CandidateClearance& clearance : candidate.clearances) {
    out.add("clearance", "begins");
    out.add("level", clearance.level);
    out.add("outcome", clearance.outcome);
    out.add("setting", clearance.setting);
    out.add("applied_on", clearance.applied_on);
    out.add("granted_on", clearance.granted_on);
    out.add("expires_on", clearance.expires_on);
    out.add("reference", clearance.reference);
  }
  out.add("started_on", candidate.started_on);
  out.add("left_on", candidate.left_on);
  if (candidate.agreement_signed) {
    out.add("agreement_signed", *candidate.agreement_signed ? "yes" : "no");
  }
  out.add("notes", candidate.notes);
  return out.text();
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string text;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += between;
    text += part;
  }
  return text;
}

std::string in_brackets(const std::string& text) { return text.empty() ? "" : "(" + text + ")"; }

std::string shown_clearance(const CandidateClearance& clearance) {
  return joined({"vetting", vetting_level_label(clearance.level),
                 in_brackets(vetting_outcome_label(clearance.outcome)),
                 clearance.setting.empty() ? "" : "at " + clearance.setting,
                 clearance.applied_on ? "applied " + spoken_date(*clearance.applied_on) : "",
                 clearance.granted_on ? "granted " + spoken_date(*clearance.granted_on) : "",
                 clearance.expires_on ? "until " + spoken_date(*clearance.expires_on) : "",
                 clearance.reference.empty() ? "" : "reference " + clearance.reference},
                " ");
}

}  // namespace

RowKey row_key(const Candidate& candidate) {
  return crypto::hash("tg intake row v1", {crypto::as_bytes(canonical(candidate))});
}

std::string shown(const Candidate& candidate) {
  const Identity& identity = candidate.identity;
  const auto& birth = identity.date_of_birth;
  const std::string person = joined(
      {shown_name(identity.name),
       identity.name.former_names.empty() ? ""
                                          : "formerly " + joined(identity.name.former_names, ", "),
       birth ? "born " + spoken_date(*birth) : "", identity.email,
       identity.mobile.empty() ? "" : spoken_telephone(identity.mobile),
       candidate.telephone.empty() ? "" : spoken_telephone(candidate.telephone),
       joined(candidate.address_lines, ", "), candidate.postcode},
      ", ");
  std::vector<std::string> parts{person};
  std::vector<std::string> roles;
  for (const auto& role : candidate.roles) roles.push_back(role_label(role));
  if (!candidate.roles.empty()) parts.push_back("roles " + joined(roles, ", "));
  if (!candidate.status.empty()) parts.push_back("status " + status_label(candidate.status));
  if (!candidate.establishment.empty()) parts.push_back("at " + candidate.establishment);
  for (const auto& clearance : candidate.clearances) parts.push_back(shown_clearance(clearance));
  if (candidate.started_on) parts.push_back("started " + spoken_date(*candidate.started_on));
  if (candidate.left_on) parts.push_back("left " + spoken_date(*candidate.left_on));
  if (candidate.agreement_signed) {
    parts.emplace_back(*candidate.agreement_signed ? "agreement signed" : "agreement not signed");
  }
  if (!candidate.notes.empty()) parts.emplace_back("with notes");
  return joined(parts, "; ");
}

}  // namespace throughgate::node
