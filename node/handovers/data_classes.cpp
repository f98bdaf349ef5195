#include "node/handovers/data_classes.h"

#include <algorithm>
#include <set>

namespace throughgate::node {
namespace {

using schema::Handover;

struct FieldsOfClass {
  const char* code;
  std::vector<int> fields;
};

const std::vector<FieldsOfClass>& fields_by_class() {
  static const std::vector<FieldsOfClass> all{
      {"IDENTITY",
       {Handover::kGivenNameFieldNumber, Handover::kFamilyNameFieldNumber,
        Handover::kKnownAsFieldNumber, Handover::kDateOfBirthFieldNumber,
        Handover::kPrisonNumberFieldNumber, Handover::kCrnFieldNumber}},
      {"CONTACT", {Handover::kContactRouteFieldNumber}},
      {"RELEASE",
       {Handover::kReleaseDateFieldNumber, Handover::kReleaseDateLatestFieldNumber,
        Handover::kReleaseDateUnknownBecauseFieldNumber, Handover::kReleaseTypeFieldNumber,
        Handover::kReleasePolicyFieldNumber, Handover::kReleaseAreaFieldNumber,
        Handover::kReleasedOnFieldNumber}},
      {"RISK_FLAGS", {}},
      {"RISK_LEVELS",
       {Handover::kRiskToChildrenFieldNumber, Handover::kRiskToPublicFieldNumber,
        Handover::kRiskToKnownAdultFieldNumber, Handover::kRiskToStaffFieldNumber,
        Handover::kRiskToSelfFieldNumber, Handover::kRiskSummaryFieldNumber}},
      {"LICENCE",
       {Handover::kLicenceHeadlineFieldNumber, Handover::kLicenceConditionsFieldNumber,
        Handover::kLicenceEndsOnFieldNumber, Handover::kFirstAppointmentOnFieldNumber,
        Handover::kFirstAppointmentPlaceFieldNumber, Handover::kProbationContactFieldNumber}},
      {"NEEDS", {}},
      {"HEALTH", {Handover::kCommunicationNeedsFieldNumber, Handover::kMedicationFieldNumber}},
      {"GATE_PLAN",
       {Handover::kMeetingPlaceFieldNumber, Handover::kMeetingTimeFieldNumber,
        Handover::kVehicleFieldNumber, Handover::kPropertyNoteFieldNumber,
        Handover::kFirstNightAddressFieldNumber}},
      {"OUTCOMES", {Handover::kGateResultFieldNumber, Handover::kGateNotesFieldNumber}},
  };
  return all;
}

// What stands in it, also where nobody has decided yet which of two.
bool holds(const CaseFile& file, int field) {
  const auto* view = file.root.field(static_cast<std::uint32_t>(field));
  if (!view || view->ops.empty()) return false;
  const auto* descriptor = Handover::descriptor()->FindFieldByNumber(field);
  const bool is_text = descriptor->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING;
  return is_text || file.number(field) != 0;
}

bool holds(const CaseFile& file, const FieldsOfClass& of) {
  if (of.code == std::string_view("RISK_FLAGS")) return !file.flags.empty();
  if (of.code == std::string_view("NEEDS")) return !file.needs.empty();
  return std::any_of(of.fields.begin(), of.fields.end(),
                     [&](int field) { return holds(file, field); });
}

}  // namespace

std::vector<std::string> classes_held(const CaseFile& file) {
  std::vector<std::string> out;
  for (const auto& each : fields_by_class()) {
    if (holds(file, each)) out.emplace_back(each.code);
  }
  return out;
}

sync::Result<std::vector<std::string>> classes_written_by(const RecordService& records,
                                                          const sync::DossierId& handover,
                                                          std::optional<std::uint64_t> before_dsn) {
  std::set<std::string> written;
  sync::store::UnitOfWork work(records.node().database(), sync::store::Purpose::reading);
  work.each(
      "SELECT DISTINCT o.type, o.field FROM op o JOIN entry e ON e.id = o.entry "
      "JOIN dossier d ON d.id = o.dossier WHERE d.dossier = ? AND e.dsn < ?",
      sync::store::bound(handover.view(), before_dsn.value_or(sync::counter_max)),
      [&](const sync::store::Statement& row) {
        const auto code = class_of(static_cast<std::uint32_t>(row.integer(0)),
                                   static_cast<std::uint32_t>(row.integer(1)));
        if (code) written.insert(*code);
      });
  if (auto done = work.commit(); !done) return done.error();
  std::vector<std::string> out;
  for (const auto& each : fields_by_class()) {
    if (written.contains(each.code)) out.emplace_back(each.code);
  }
  return out;
}

std::optional<std::string> class_of(std::uint32_t type, std::uint32_t field) {
  if (type == record_type(*schema::Flag::descriptor())->number) return "RISK_FLAGS";
  if (type == record_type(*schema::Need::descriptor())->number) return "NEEDS";
  if (type != record_type(*Handover::descriptor())->number) return std::nullopt;
  for (const auto& each : fields_by_class()) {
    const auto found = std::find(each.fields.begin(), each.fields.end(), static_cast<int>(field));
    if (found != each.fields.end()) return each.code;
  }
  return std::nullopt;
}

std::string classes_in_words(const std::vector<std::string>& classes, const CodeLists& codes) {
  std::string out;
  const auto* list = codes.list("data-classes");
  for (const auto& code : classes) {
    const auto* known = list ? list->find(code) : nullptr;
    out += (out.empty() ? "" : "; ") + (known ? known->label : code);
  }
  return out;
}

}  // namespace throughgate::node
