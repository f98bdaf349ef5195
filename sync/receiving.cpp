#include "sync/receiving.h"

#include <algorithm>

#include "schema/options.pb.h"

namespace throughgate::sync {
namespace {

bool is_organisations_own(std::uint32_t dossier_kind) {
  switch (dossier_kind) {
    case schema::SITE:
    case schema::DIARY:
    case schema::VOLUNTEER_FILE:
    case schema::VETTING_NOTES:
    case schema::DIVERSITY:
    case schema::PERSON:
      return true;
    default:
      return false;
  }
}

bool was_never_shared(const std::vector<DatedMembership>& memberships, const OrganisationId& own) {
  return std::all_of(memberships.begin(), memberships.end(), [&](const DatedMembership& each) {
    return each.membership.members.size() == 1 && each.membership.owner() == own;
  });
}

// May records of this kind begin there? An organisation that is not in the directory yet records
// for itself.
bool may_begin(std::uint32_t dossier_kind, const OrganisationId& first_owner,
               const OrganisationId& own, const Directory& directory) {
  if (dossier_kind == schema::LINK) return directory.central() == first_owner;
  if (dossier_kind != schema::CASE) return true;
  const auto* listed = directory.organisation(first_owner);
  return listed ? listed->kind == OrganisationKind::prison : first_owner == own;
}

bool takes_part_as_desk(std::uint32_t dossier_kind, const Membership& now,
                        const OrganisationId& own, const Directory& directory) {
  if (directory.central() != own || now.role_of(own) != Role::central) return false;
  return dossier_kind == schema::CASE || dossier_kind == schema::ERASURE ||
         dossier_kind == schema::HOLD ||
         (dossier_kind == schema::VOLUNTEER && directory.volunteers_shared_with_desk());
}

// A hold stands wherever it is shared, where the central organisation knows of it.
bool is_hold_known_to_desk(std::uint32_t dossier_kind, const Membership& now,
                           const Directory& directory) {
  const auto central = directory.central();
  if (dossier_kind != schema::HOLD || !central) return false;
  const auto role = now.role_of(*central);
  return role == Role::owner || role == Role::central;
}

}  // namespace

std::optional<LetIn> let_in(const std::vector<DatedMembership>& memberships,
                            const OrganisationId& organisation) {
  std::optional<LetIn> out;
  const Membership* before = nullptr;
  for (const auto& [membership, at_ms] : memberships) {
    const bool is_new = !before || !before->role_of(organisation);
    if (is_new && membership.role_of(organisation)) {
      out = {before ? before->owner() : membership.owner(), at_ms};
    }
    before = &membership;
  }
  return out;
}

Receiving receive(std::uint32_t dossier_kind, const std::vector<DatedMembership>& memberships,
                  const OrganisationId& own, const Directory& directory) {
  const auto let = let_in(memberships, own);
  if (!let) return Receiving::unknown;
  const auto counts_if = [](bool counts) {
    return counts ? Receiving::counts : Receiving::set_aside;
  };
  if (dossier_kind == schema::DOSSIER_KIND_UNSPECIFIED) return Receiving::counts;
  if (is_organisations_own(dossier_kind)) return counts_if(was_never_shared(memberships, own));
  const OrganisationId first_owner = memberships.front().membership.owner();
  if (!may_begin(dossier_kind, first_owner, own, directory)) return Receiving::set_aside;
  return counts_if(
      first_owner == own ||
      is_hold_known_to_desk(dossier_kind, memberships.back().membership, directory) ||
      takes_part_as_desk(dossier_kind, memberships.back().membership, own, directory) ||
      directory.may_share(let->by, own, dossier_kind, let->at_ms));
}

bool may_be_agreed(std::uint32_t dossier_kind, const std::vector<DatedMembership>& memberships,
                   const OrganisationId& own, const Directory& directory) {
  return !memberships.empty() && !is_organisations_own(dossier_kind) &&
         may_begin(dossier_kind, memberships.front().membership.owner(), own, directory);
}

bool goes_on_counting(std::uint32_t dossier_kind) { return !is_organisations_own(dossier_kind); }

}  // namespace throughgate::sync
