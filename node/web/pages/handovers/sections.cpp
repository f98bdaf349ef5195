#include "node/web/pages/handovers/sections.h"

#include <algorithm>

namespace throughgate::node::web {

using schema::Handover;

std::span<const Section> handover_sections() {
  static const std::vector<Section> sections{
      {"person",
       "The person",
       {Handover::kGivenNameFieldNumber, Handover::kFamilyNameFieldNumber,
        Handover::kKnownAsFieldNumber, Handover::kDateOfBirthFieldNumber,
        Handover::kPrisonNumberFieldNumber, Handover::kCrnFieldNumber,
        Handover::kEstablishmentFieldNumber, Handover::kContactRouteFieldNumber,
        Handover::kLanguagesFieldNumber, Handover::kInterpreterFieldNumber,
        Handover::kCommunicationNeedsFieldNumber}},
      {"release",
       "Release",
       {Handover::kSameDayFieldNumber, Handover::kReleaseDateFieldNumber,
        Handover::kReleaseDateLatestFieldNumber, Handover::kReleaseDateConfidenceFieldNumber,
        Handover::kReleaseDateUnknownBecauseFieldNumber, Handover::kReleaseTypeFieldNumber,
        Handover::kReleasePolicyFieldNumber, Handover::kReleaseAreaFieldNumber,
        Handover::kProbationRegionFieldNumber, Handover::kReleasedOnFieldNumber,
        Handover::kReleasedAtFieldNumber}},
      {"risk",
       "Risk in the community",
       {Handover::kRiskToStaffFieldNumber, Handover::kRiskToChildrenFieldNumber,
        Handover::kRiskToPublicFieldNumber, Handover::kRiskToKnownAdultFieldNumber,
        Handover::kRiskToSelfFieldNumber, Handover::kRiskSummaryFieldNumber,
        Handover::kRiskReviewedOnFieldNumber, Handover::kRiskSourceFieldNumber}},
      {"licence",
       "Licence and probation",
       {Handover::kLicenceHeadlineFieldNumber, Handover::kLicenceConditionsFieldNumber,
        Handover::kLicenceEndsOnFieldNumber, Handover::kFirstAppointmentOnFieldNumber,
        Handover::kFirstAppointmentAtFieldNumber, Handover::kFirstAppointmentPlaceFieldNumber,
        Handover::kProbationContactFieldNumber}},
      {"sharing",
       "Consent, sender and partner",
       {Handover::kConsentFieldNumber, Handover::kConsentOnFieldNumber,
        Handover::kSenderNameFieldNumber, Handover::kSenderTelephoneFieldNumber,
        Handover::kReceiverNameFieldNumber, Handover::kReceiverContactFieldNumber}},
      {"gate-plan",
       "Meeting and plan for the gate",
       {Handover::kMeetingOnFieldNumber, Handover::kMeetingPersonFieldNumber,
        Handover::kMeetingPrisonFieldNumber, Handover::kMeetingPartnerFieldNumber,
        Handover::kMeetingAbsentBecauseFieldNumber, Handover::kMeetingPlaceFieldNumber,
        Handover::kMeetingTimeFieldNumber, Handover::kVehicleFieldNumber,
        Handover::kGateTelephoneFieldNumber, Handover::kBackupPersonFieldNumber,
        Handover::kPropertyNoteFieldNumber, Handover::kMedicationFieldNumber,
        Handover::kFirstNightAddressFieldNumber, Handover::kFinalCheckOnFieldNumber}},
      {"gate",
       "At the gate",
       {Handover::kGateResultFieldNumber, Handover::kGateMissedReasonFieldNumber,
        Handover::kGateReportedByFieldNumber, Handover::kGateOnFieldNumber,
        Handover::kGateAtFieldNumber, Handover::kGateNotesFieldNumber},
       false},
      {"answers",
       "Answers and reasons",
       {Handover::kConfirmedByCodeFieldNumber, Handover::kInformationWantedFieldNumber,
        Handover::kDeclineReasonFieldNumber, Handover::kDeclineNoteFieldNumber,
        Handover::kCloseReasonFieldNumber, Handover::kStopNoteFieldNumber},
       false},
      {"notes", "Notes", {Handover::kNotesFieldNumber}},
  };
  return sections;
}

const Section* handover_section(std::string_view key) {
  const auto sections = handover_sections();
  const auto found = std::find_if(sections.begin(), sections.end(),
                                  [&](const Section& each) { return each.key == key; });
  return found == sections.end() ? nullptr : &*found;
}

const Section* section_of(int field) {
  const auto sections = handover_sections();
  const auto found = std::find_if(sections.begin(), sections.end(), [&](const Section& each) {
    return std::find(each.fields.begin(), each.fields.end(), field) != each.fields.end();
  });
  return found == sections.end() ? nullptr : &*found;
}

}  // namespace throughgate::node::web
