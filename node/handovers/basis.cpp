#include "node/handovers/basis.h"

#include "node/days.h"
#include "node/dossier_kinds.h"
#include "node/handovers/data_classes.h"
#include "node/list_standing.h"
#include "node/text/unicode.h"

namespace throughgate::node {
namespace {

using schema::Disclosure;
using schema::Handover;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::RecordRow;

bool is_for(const RecordRow& row, const sync::OrganisationId& partner) {
  return text_in(row, Disclosure::kToFieldNumber) == crypto::as_text(partner.view());
}

bool is_in_force(const RecordRow& row, const std::string& today) {
  const std::string expires = text_in(row, Disclosure::kExpiresOnFieldNumber);
  return number_in(row, Disclosure::kStandingFieldNumber) == Disclosure::IN_FORCE &&
         number_in(row, Disclosure::kRegimeFieldNumber) != Disclosure::REGIME_NOT_SET &&
         number_in(row, Disclosure::kBasisFieldNumber) != Disclosure::BASIS_NOT_SET &&
         (expires.empty() || expires >= today);
}

bool was_ended(const RecordRow& row) {
  const auto standing = number_in(row, Disclosure::kStandingFieldNumber);
  return standing == Disclosure::ENDED || standing == Disclosure::DISPUTED;
}

Result<Done> check_consent_of(const CaseFile& file, const RecordRow& row) {
  const bool reasoned = !is_blank(text_in(row, Disclosure::kOverrideReasonFieldNumber)) &&
                        !is_blank(text_in(row, Disclosure::kSecondPersonFieldNumber));
  return check_consent(file, number_in(row, Disclosure::kBasisFieldNumber) == Disclosure::CONSENT,
                       reasoned);
}

// All that it holds goes to the partner, so what no ground names must not be in it.
Result<Done> check_covered(const CaseFile& file, const std::vector<const RecordRow*>& grounds,
                           const CodeLists& codes) {
  auto uncovered = classes_held(file);
  for (const auto* row : grounds) {
    for (const auto& named : texts_in(*row, Disclosure::kClassesFieldNumber)) {
      std::erase(uncovered, named);
    }
  }
  if (uncovered.empty()) return Done{};
  return Error{ErrorKind::invalid,
               "The ground for sharing does not name all that this handover holds. Not named: " +
                   classes_in_words(uncovered, codes) +
                   ". Record a ground that names that too, or take it out of the handover."};
}

}  // namespace

Result<Done> check_consent(const CaseFile& file, bool by_consent, bool reasoned) {
  const auto consent = file.number(Handover::kConsentFieldNumber);
  if (by_consent && consent != Handover::CONSENT_GIVEN) {
    return Error{
        ErrorKind::denied,
        "The ground is consent, and consent is not recorded as given. Record it at \"Consent, "
        "sender and partner\", or record another ground."};
  }
  const bool against =
      consent == Handover::CONSENT_REFUSED || consent == Handover::CONSENT_WITHDRAWN;
  if (against && !reasoned) {
    return Error{ErrorKind::denied,
                 "The person has said no. Sharing without consent needs a reason and a second "
                 "person who agreed, both in the ground for sharing."};
  }
  return Done{};
}

Result<Done> check_agreement(const sync::OrganisationId& from, const sync::OrganisationId& partner,
                             sync::OrganisationKind kind, const OpenNode& node) {
  const auto* organisation = node.directory().organisation(partner);
  if (!organisation || partner == from || organisation->kind != kind) {
    return Error{ErrorKind::denied,
                 kind == sync::OrganisationKind::prison
                     ? "This is not another prison in the central list held here."
                     : "This is not a partner in the central list held here."};
  }
  if (has_run_out(node.directory(), node.now_ms())) {
    return Error{
        ErrorKind::denied,
        "The central list held here has run out, so nothing can be shared with anybody new. "
        "Sync first. If it still says so, tell the central team."};
  }
  if (!node.directory().may_share(from, partner, schema::CASE, node.now_ms())) {
    return Error{ErrorKind::denied, "There is no current sharing agreement with " +
                                        organisation->name +
                                        " for handovers here. Sync first: an agreement made since "
                                        "the last sync is not here yet. If it still says so, ask "
                                        "the central team."};
  }
  return Done{};
}

Result<Done> check_basis(const CaseFile& file, const sync::OrganisationId& partner,
                         const OpenNode& node, const CodeLists& codes) {
  if (auto agreed = check_agreement(node.identity().organisation, partner,
                                    sync::OrganisationKind::partner, node);
      !agreed)
    return agreed;
  const std::string today = iso_day(node.now_ms());
  Result<Done> last =
      Error{ErrorKind::invalid, "No ground for sharing with " + organisation_name(node, partner) +
                                    " is recorded, or it has run out. Record it "
                                    "first."};
  std::vector<const RecordRow*> grounds;
  for (const auto& row : file.disclosures) {
    if (!is_for(row, partner)) continue;
    if (was_ended(row)) {
      return Error{ErrorKind::denied, "Sharing with this partner has ended or is disputed."};
    }
    if (!is_in_force(row, today)) continue;
    last = check_consent_of(file, row);
    if (last) grounds.push_back(&row);
  }
  return grounds.empty() ? last : check_covered(file, grounds, codes);
}

Result<Done> check_any_basis(const CaseFile& file, const OpenNode& node, const CodeLists& codes) {
  Result<Done> last =
      Error{ErrorKind::invalid, "No ground for sharing is recorded. Record it first."};
  for (const auto& row : file.disclosures) {
    const auto to =
        sync::OrganisationId::from(crypto::as_bytes(text_in(row, Disclosure::kToFieldNumber)));
    if (!to) continue;
    last = check_basis(file, *to, node, codes);
    if (last) break;
  }
  return last;
}

}  // namespace throughgate::node
