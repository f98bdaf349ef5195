// Who was a member of a dossier, in which role and under which key, at each place of its order.
// Only memberships that took effect stand here; one that lost its compare-and-swap is inert.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "sync/clear_part.h"
#include "sync/ids.h"

namespace throughgate::sync {

struct EffectiveMembership {
  std::uint64_t dsn = 0;  // in effect from this place
  Hash entry{};
  Membership membership;
};

class MembershipHistory {
 public:
  // Does this MEMBERSHIP, placed next by `author`, take effect? Number and previous must be those
  // of the one in force, and the author the owner or, where it is a member, the desk.
  bool takes_effect(const Membership& membership, const OrganisationId& author) const;
  void append(EffectiveMembership effective);  // asserts rising dsn

  bool empty() const { return effective_.empty(); }
  const std::vector<EffectiveMembership>& all() const { return effective_; }
  const EffectiveMembership* at(
      std::uint64_t dsn) const;  // in force after place dsn; null before the first
  const EffectiveMembership* current() const;

  std::optional<Role> role_now(const OrganisationId& organisation) const;
  // The role that an entry at this place was written in: that of the place before it; the first
  // entry, which makes its author a member, has that of its own.
  std::optional<Role> role_for_entry_at(std::uint64_t dsn,
                                        const OrganisationId& organisation) const;
  bool was_ever_member(const OrganisationId& organisation) const;

  std::uint32_t number_at(std::uint64_t dsn) const;  // 0 before the first
  std::optional<EpochId> epoch_at(std::uint64_t dsn) const;
  // In force at place `base`, or begun since.
  bool epoch_usable(const EpochId& epoch, std::uint64_t base) const;
  bool epoch_known(const EpochId& epoch) const;
  std::optional<Hash> key_commitment(const EpochId& epoch) const;
  std::optional<std::uint64_t> epoch_began(const EpochId& epoch) const;  // dsn

  // Was the organisation a member at any time since the epoch began? Only then may it hold its key.
  bool may_hold_key(const OrganisationId& organisation, const EpochId& epoch) const;

  // How far an organisation is routed: to the end for a member, else to the entry that removed it.
  std::uint64_t served_to(const OrganisationId& organisation, std::uint64_t length) const;

 private:
  std::vector<EffectiveMembership> effective_;
};

}  // namespace throughgate::sync
