#include "hub/round.h"

namespace throughgate::hub {

void Round::set_recovered() {
  store_.set_recovered();
  state_.recovered = true;
}

StoredOrder& Round::order(const DossierId& dossier) {
  auto& kept = orders_[dossier];
  if (!kept) kept = std::make_unique<StoredOrder>(store_, dossier);
  return *kept;
}

std::uint64_t Round::tell(const DossierId& dossier, const std::set<OrganisationId>& organisations,
                          const std::set<OrganisationId>& from_start) {
  next_change();
  for (const auto& organisation : organisations) {
    store_.move_pointer(organisation, dossier, state_.change, from_start.contains(organisation));
  }
  return state_.change;
}

std::uint64_t Round::next_change() { return state_.change = store_.next_change(); }

std::uint64_t Round::tell_members(const DossierId& dossier) {
  const auto* now = order(dossier).memberships().current();
  return tell(dossier, now ? members_of(now->membership) : std::set<OrganisationId>{});
}

std::set<OrganisationId> members_of(const sync::Membership& membership) {
  std::set<OrganisationId> out;
  for (const auto& member : membership.members) out.insert(member.organisation);
  return out;
}

}  // namespace throughgate::hub
