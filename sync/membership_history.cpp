#include "sync/membership_history.h"

#include <algorithm>
#include <cassert>

namespace throughgate::sync {

bool MembershipHistory::takes_effect(const Membership& membership,
                                     const OrganisationId& author) const {
  if (empty()) return membership.number == 1;
  const auto& now = effective_.back();
  const auto role = now.membership.role_of(author);
  return membership.number == now.membership.number + 1 && membership.previous == now.entry &&
         (role == Role::owner || role == Role::central);
}

void MembershipHistory::append(EffectiveMembership effective) {
  assert(empty() || effective_.back().dsn < effective.dsn);
  effective_.push_back(std::move(effective));
}

const EffectiveMembership* MembershipHistory::at(std::uint64_t dsn) const {
  for (auto it = effective_.rbegin(); it != effective_.rend(); ++it) {
    if (it->dsn <= dsn) return &*it;
  }
  return nullptr;
}

const EffectiveMembership* MembershipHistory::current() const {
  return empty() ? nullptr : &effective_.back();
}

std::optional<Role> MembershipHistory::role_now(const OrganisationId& organisation) const {
  return empty() ? std::nullopt : effective_.back().membership.role_of(organisation);
}

std::optional<Role> MembershipHistory::role_for_entry_at(std::uint64_t dsn,
                                                         const OrganisationId& organisation) const {
  const auto* before = at(dsn > 1 ? dsn - 1 : dsn);
  return before ? before->membership.role_of(organisation) : std::nullopt;
}

bool MembershipHistory::was_ever_member(const OrganisationId& organisation) const {
  for (const auto& each : effective_) {
    if (each.membership.role_of(organisation)) return true;
  }
  return false;
}

std::uint32_t MembershipHistory::number_at(std::uint64_t dsn) const {
  const auto* found = at(dsn);
  return found ? found->membership.number : 0;
}

std::optional<EpochId> MembershipHistory::epoch_at(std::uint64_t dsn) const {
  const auto* found = at(dsn);
  return found ? std::optional(found->membership.epoch()) : std::nullopt;
}

bool MembershipHistory::epoch_usable(const EpochId& epoch, std::uint64_t base) const {
  if (epoch_at(base) == epoch) return true;
  for (const auto& each : effective_) {
    if (each.dsn > base && each.membership.epoch() == epoch) return true;
  }
  return false;
}

bool MembershipHistory::epoch_known(const EpochId& epoch) const {
  return epoch_began(epoch).has_value();
}

std::optional<Hash> MembershipHistory::key_commitment(const EpochId& epoch) const {
  for (const auto& each : effective_) {
    if (each.membership.epoch() == epoch) return each.membership.key_commitment;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> MembershipHistory::epoch_began(const EpochId& epoch) const {
  for (const auto& each : effective_) {
    if (each.membership.epoch() == epoch) return each.dsn;
  }
  return std::nullopt;
}

bool MembershipHistory::may_hold_key(const OrganisationId& organisation,
                                     const EpochId& epoch) const {
  const auto began = epoch_began(epoch);
  if (!began) return false;
  return std::any_of(effective_.begin(), effective_.end(), [&](const EffectiveMembership& each) {
    return each.dsn >= *began && each.membership.role_of(organisation);
  });
}

std::uint64_t MembershipHistory::served_to(const OrganisationId& organisation,
                                           std::uint64_t length) const {
  if (role_now(organisation)) return length;
  std::uint64_t served = 0;
  for (std::size_t i = 0; i + 1 < effective_.size(); ++i) {
    if (effective_[i].membership.role_of(organisation)) served = effective_[i + 1].dsn;
  }
  return served;
}

}  // namespace throughgate::sync
