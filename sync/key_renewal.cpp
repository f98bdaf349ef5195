#include "sync/key_renewal.h"

#include <algorithm>

namespace throughgate::sync {

bool may_know(const EnrolledNode& node, const KeyInForce& key) {
  const auto* now = key.memberships.current();
  if (!now || !key.memberships.may_hold_key(node.organisation, now->membership.epoch())) {
    return false;
  }
  const bool counted_then = !node.revoked_in || *node.revoked_in > key.began_under;
  return counted_then || key.is_sealed_to(node.id);
}

std::optional<std::uint64_t> key_due_since(const KeyInForce& key, const Directory& directory) {
  std::optional<std::uint64_t> since;
  for (const auto& [id, node] : directory.nodes()) {
    if (!node.revoked_in || node.revoked_in <= since || !may_know(node, key)) continue;
    since = node.revoked_in;
  }
  return since;
}

KeyDuty key_duty_of(const OrganisationId& organisation, const Membership& now) {
  const auto role = now.role_of(organisation);
  if (!leads(role)) return KeyDuty::others;
  const bool desk_is_member =
      std::any_of(now.members.begin(), now.members.end(),
                  [](const Member& member) { return member.role == Role::central; });
  return role == Role::owner && desk_is_member ? KeyDuty::ours_last : KeyDuty::ours;
}

}  // namespace throughgate::sync
