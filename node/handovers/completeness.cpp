#include "node/handovers/completeness.h"

#include <algorithm>

#include "node/field_names.h"

namespace throughgate::node {
namespace {

using schema::Handover;

class Check {
 public:
  explicit Check(const CaseFile& file) : file_(file) {}

  void filled(int field, const std::string& what_to_do) {
    if (!holds(field)) lack(out.missing, field, what_to_do);
  }
  void one_of(std::initializer_list<int> fields, const std::string& what_to_do) {
    const bool any = std::any_of(fields.begin(), fields.end(), [&](int f) { return holds(f); });
    if (!any) lack(out.missing, *fields.begin(), what_to_do);
  }
  void advise(int field, const std::string& what_to_do) {
    if (!holds(field)) lack(out.worth_adding, field, what_to_do);
  }
  bool holds(int field) const { return !file_.value(field).empty() || !file_.texts(field).empty(); }

  Completeness out;

 private:
  static void lack(std::vector<Lack>& list, int field, const std::string& what_to_do) {
    const auto* descriptor = Handover::descriptor()->FindFieldByNumber(field);
    list.push_back(
        {spoken_field(*descriptor), rule_of(*descriptor).label() + ": " + what_to_do + "."});
  }

  const CaseFile& file_;
};

void check_names(Check& check) {
  check.filled(Handover::kFamilyNameFieldNumber, "give it");
  check.filled(Handover::kGivenNameFieldNumber, "give it");
  check.filled(Handover::kReleaseAreaFieldNumber, "say where the person goes");
  check.filled(Handover::kContactRouteFieldNumber, "say how the partner reaches the person");
  check.filled(Handover::kSenderTelephoneFieldNumber, "say whom the partner can ring");
}

void check_release(Check& check, const CaseFile& file) {
  check.one_of({Handover::kReleaseDateFieldNumber, Handover::kReleaseDateUnknownBecauseFieldNumber},
               "give it, or say why it is not known");
  if (check.holds(Handover::kReleaseDateFieldNumber) &&
      file.number(Handover::kReleaseDateConfidenceFieldNumber) == 0) {
    check.filled(Handover::kReleaseDateConfidenceFieldNumber, "say estimated, likely or confirmed");
  }
  check.filled(Handover::kReleaseTypeFieldNumber, "say which kind");
}

void check_person(Check& check) {
  check.one_of({Handover::kPrisonNumberFieldNumber, Handover::kCrnFieldNumber},
               "give this or the probation number");
  check.filled(Handover::kDateOfBirthFieldNumber, "give it");
  check.filled(Handover::kEstablishmentFieldNumber, "say which prison");
  check.filled(Handover::kLanguagesFieldNumber, "name at least one");
  check.filled(Handover::kCommunicationNeedsFieldNumber, "describe them, or write \"none\"");
}

void check_safety(Check& check) {
  check.filled(Handover::kRiskToStaffFieldNumber, "say how high, or that nobody has looked");
  check.filled(Handover::kLicenceHeadlineFieldNumber,
               "say what affects meeting and support, or \"no licence\"");
  check.one_of({Handover::kFirstAppointmentOnFieldNumber, Handover::kProbationContactFieldNumber},
               "give the day, or the practitioner to ask");
  check.filled(Handover::kSenderNameFieldNumber, "say who hands over");
}

void check_needs(Check& check, const CaseFile& file, const CodeLists& codes) {
  if (file.needs.empty()) {
    check.out.missing.push_back(
        {"", "Needs: record at least one kind of support, also where there is no need."});
    return;
  }
  const auto* pathways = codes.list("pathways");
  if (!pathways) return;
  for (const auto& code : pathways->codes()) {
    const bool looked_at = std::any_of(file.needs.begin(), file.needs.end(), [&](const auto& need) {
      return text_in(need, schema::Need::kPathwayFieldNumber) == code.code;
    });
    if (code.offered() && !looked_at) {
      check.out.worth_adding.push_back({"", "Needs: nobody has looked at " + code.label + "."});
    }
  }
}

}  // namespace

Completeness completeness_of(const CaseFile& file, const CodeLists& codes) {
  Check check(file);
  check_names(check);
  if (file.number(Handover::kSameDayFieldNumber) != 0) return check.out;
  check_person(check);
  check_release(check, file);
  check_safety(check);
  check_needs(check, file, codes);
  if (file.flags.empty()) {
    check.out.worth_adding.push_back(
        {"", "Do's and don'ts: none is recorded. Ask security whether there are any."});
  }
  check.advise(Handover::kKnownAsFieldNumber, "if the person goes by another name");
  check.advise(Handover::kReleaseDateLatestFieldNumber, "if the day is not certain");
  check.advise(Handover::kBackupFieldNumber, "who takes it if the partner cannot");
  return check.out;
}

}  // namespace throughgate::node
