// Which records count at a node, by what kind they are and by who let its organisation in. Every
// member keeps, orders, merges and acknowledges every record alike. This says only what a node
// shows its own people and lets them write to: else whoever can name an organisation as a member
// could give it a staff list, or a file that catches what is typed about its volunteers.
//
// The rule. A kind that is its organisation's own counts only where this organisation began the
// record and nobody else was ever a member. A handover begins at a prison, a link at the central
// organisation. Whatever else another organisation began needs an agreement, in the directory, from
// the organisation that let this one in; or the desk's part, where the design gives it one. A legal
// hold that the central organisation knows of counts wherever it is shared.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sync/clear_part.h"
#include "sync/directory.h"

namespace throughgate::sync {

// A membership, and when it came about: by the exchange's clock, or by this machine's while it has
// no place. ms since 1970 UTC.
struct DatedMembership {
  Membership membership;
  std::uint64_t at_ms = 0;
};

// Stored: the numbers are never reused.
enum class Receiving : std::uint8_t {
  unknown = 0,    // not open yet, or this organisation was never a member
  counts = 1,     // shown, found, written to
  set_aside = 2,  // kept and synced, and shown to nobody
};

// Who made an organisation a member, the last time that it became one.
struct LetIn {
  OrganisationId by;  // the owner until then
  std::uint64_t at_ms = 0;
};
std::optional<LetIn> let_in(const std::vector<DatedMembership>& memberships,
                            const OrganisationId& organisation);

// `memberships`: all that took effect, from the first. An agreement is one that the directory held
// here names and that had not run out when this organisation was let in. So one made later brings
// in what waits for it, and one that has run out still lets in what came before, even at a computer
// that reads it afterwards. One whose terms were replaced does so only where it counted already.
Receiving receive(std::uint32_t dossier_kind, const std::vector<DatedMembership>& memberships,
                  const OrganisationId& own, const Directory& directory);

// Whether an agreement would let in what was set aside.
bool may_be_agreed(std::uint32_t dossier_kind, const std::vector<DatedMembership>& memberships,
                   const OrganisationId& own, const Directory& directory);

// Does a record of this kind go on counting once it did, whatever becomes of agreements? True of
// what may be shared. The others are judged again whenever their members change.
bool goes_on_counting(std::uint32_t dossier_kind);

}  // namespace throughgate::sync
