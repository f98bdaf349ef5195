// What a handover that goes on with another partner, or after a hold, takes from the one before.
#include <algorithm>

#include "node/dossier_kinds.h"
#include "node/field_names.h"
#include "node/handovers/copied_facts.h"
#include "node/handovers/copied_text.h"
#include "node/handovers/handovers.h"

namespace throughgate::node {
namespace {

using schema::Flag;
using schema::Handover;
using schema::Need;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using How = FieldInput::How;

// The person and what the prison knows of them. Not what belongs to that one handover: consent to
// it, the ground, the partner, the code, the plan and all that happened.
constexpr int person_facts[] = {Handover::kPersonSourceFieldNumber,
                                Handover::kGivenNameFieldNumber,
                                Handover::kFamilyNameFieldNumber,
                                Handover::kKnownAsFieldNumber,
                                Handover::kDateOfBirthFieldNumber,
                                Handover::kPrisonNumberFieldNumber,
                                Handover::kCrnFieldNumber,
                                Handover::kEstablishmentFieldNumber,
                                Handover::kLanguagesFieldNumber,
                                Handover::kCommunicationNeedsFieldNumber,
                                Handover::kInterpreterFieldNumber,
                                Handover::kContactRouteFieldNumber,
                                Handover::kReleaseAreaFieldNumber,
                                Handover::kProbationRegionFieldNumber,
                                Handover::kRiskToStaffFieldNumber,
                                Handover::kRiskToChildrenFieldNumber,
                                Handover::kRiskToPublicFieldNumber,
                                Handover::kRiskToKnownAdultFieldNumber,
                                Handover::kRiskToSelfFieldNumber,
                                Handover::kRiskSummaryFieldNumber,
                                Handover::kRiskReviewedOnFieldNumber,
                                Handover::kRiskSourceFieldNumber,
                                Handover::kLicenceHeadlineFieldNumber,
                                Handover::kLicenceConditionsFieldNumber,
                                Handover::kLicenceEndsOnFieldNumber,
                                Handover::kProbationContactFieldNumber,
                                Handover::kSenderNameFieldNumber,
                                Handover::kSenderTelephoneFieldNumber};
// Of a release that is still to come.
constexpr int release_facts[] = {
    Handover::kReleaseDateFieldNumber,           Handover::kReleaseDateLatestFieldNumber,
    Handover::kReleaseDateConfidenceFieldNumber, Handover::kReleaseDateUnknownBecauseFieldNumber,
    Handover::kReleaseTypeFieldNumber,           Handover::kReleasePolicyFieldNumber,
    Handover::kFirstAppointmentOnFieldNumber,    Handover::kFirstAppointmentAtFieldNumber,
    Handover::kFirstAppointmentPlaceFieldNumber, Handover::kSameDayFieldNumber};
constexpr int need_facts[] = {Need::kPathwayFieldNumber,     Need::kSectionFieldNumber,
                              Need::kNeedFieldNumber,        Need::kStatusFieldNumber,
                              Need::kResponsibleFieldNumber, Need::kSkillsWantedFieldNumber,
                              Need::kDueOnFieldNumber};
constexpr int flag_facts[] = {
    Flag::kKindFieldNumber,      Flag::kCodeFieldNumber,        Flag::kInstructionFieldNumber,
    Flag::kStandingFieldNumber,  Flag::kRingFieldNumber,        Flag::kSourceFieldNumber,
    Flag::kAuthorFieldNumber,    Flag::kDatedFieldNumber,       Flag::kReviewOnFieldNumber,
    Flag::kStatementFieldNumber, Flag::kConfirmedByFieldNumber, Flag::kSourceDossierFieldNumber};

void copy(const sync::store::RecordView& from, std::span<const int> fields, const CodeLists& codes,
          std::vector<FieldInput>& out) {
  const auto& type = *record_type(from.name.type)->descriptor;
  for (const int number : fields) {
    const auto& field = *type.FindFieldByNumber(number);
    const auto text = copied_text(from, field, codes);
    if (!text.empty()) out.push_back({field.name(), text, How::set});
  }
}

Result<sync::Done> copy_rows(const RecordService& records,
                             const std::vector<sync::store::RecordRow>& rows,
                             std::span<const int> fields, std::vector<NewRecord>& out) {
  for (const auto& row : rows) {
    const auto record = records.reader().read(row.name);
    if (!record) return record.error();
    NewRecord made{record_type(row.name.type), {}, {}};
    copy(*record, fields, records.codes(), made.taken_over);
    out.push_back(std::move(made));
  }
  return sync::Done{};
}

}  // namespace

const std::vector<FactsTakenOver>& facts_taken_over() {
  static const std::vector<FactsTakenOver> all = [] {
    std::vector<FactsTakenOver> out{
        {Handover::descriptor(), {std::begin(person_facts), std::end(person_facts)}},
        {Need::descriptor(), {std::begin(need_facts), std::end(need_facts)}},
        {Flag::descriptor(), {std::begin(flag_facts), std::end(flag_facts)}}};
    auto& of_handover = out.front().fields;
    of_handover.insert(of_handover.end(), std::begin(release_facts), std::end(release_facts));
    return out;
  }();
  return all;
}

Result<Saved> Handovers::begin_again(const sync::DossierId& before, const By& by) {
  const auto file = read(before);
  if (!file) return file.error();
  if (file->role() != sync::Role::owner) {
    return Error{ErrorKind::denied, "Only the prison whose handover it was begins another."};
  }
  NewRecord handover{
      record_type(*Handover::descriptor()), {}, {{"replaces", before.hex(), How::set}}};
  copy(file->root, person_facts, records_.codes(), handover.taken_over);
  const bool released = !file->text(Handover::kReleasedOnFieldNumber).empty();
  if (!released) copy(file->root, release_facts, records_.codes(), handover.taken_over);
  std::vector<NewRecord> made{std::move(handover)};
  auto flags = file->flags;
  std::erase_if(flags, [](const auto& row) {
    return number_in(row, Flag::kStandingFieldNumber) == Flag::ENDED;
  });
  if (auto done = copy_rows(records_, file->needs, need_facts, made); !done) return done.error();
  if (auto done = copy_rows(records_, flags, flag_facts, made); !done) return done.error();
  return records_.new_records(made, Required::none, by);
}

}  // namespace throughgate::node
