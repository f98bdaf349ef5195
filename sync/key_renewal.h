// When must a dossier get a new key? When a computer that was revoked knows, or may know, the one
// in force. One pure function, of the order, the list and what was sealed: every member that holds
// the same comes to the same answer, whichever of them makes the new key.
#pragma once

#include <functional>
#include <optional>

#include "sync/directory.h"
#include "sync/membership_history.h"

namespace throughgate::sync {

// What is known of the key in force.
struct KeyInForce {
  const MembershipHistory& memberships;
  // The directory version under which the MEMBERSHIP that began its epoch was accepted.
  std::uint64_t began_under = 0;
  // Is an envelope known that seals it to this node?
  std::function<bool(const NodeId&)> is_sealed_to;
};

// Might this node know it? Its organisation may hold the key, and it was not revoked yet when the
// key was accepted, or somebody who had not heard of that sealed the key to it.
bool may_know(const EnrolledNode& node, const KeyInForce& key);

// The newest version that revokes a node that might know the key; nullopt: the key may stay.
std::optional<std::uint64_t> key_due_since(const KeyInForce& key, const Directory& directory);

// Who is to make the new key.
enum class KeyDuty : std::uint8_t {
  others = 0,     // this organisation leads the dossier in no role
  ours = 1,       // as the desk; or as its owner, where the desk is no member
  ours_last = 2,  // as its owner, where the desk is a member: it does so unless asked to
};
KeyDuty key_duty_of(const OrganisationId& organisation, const Membership& now);

}  // namespace throughgate::sync
