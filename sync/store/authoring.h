// Writing an entry of this node's own: named, sealed, signed, and kept in the outbox, all within
// the caller's unit of work. The stream's head is read and advanced inside it, so two members of
// staff (or two processes) cannot take the same place.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sync/store/replica.h"

namespace throughgate::sync::store {

// Who saves, when by this machine's clock (ms since 1970 UTC), and why.
struct Authorship {
  Actor actor;
  std::uint64_t clock_ms = 0;
  std::string reason;
};

// Who writes what no person asked for: what was refused, written again; a new key.
inline Actor program_actor() { return {ActorId{}, "Throughgate", "program"}; }

// One op as a form makes it: what it supersedes was captured when the form was opened.
struct OpDraft {
  FieldKey field;
  OpKind kind = OpKind::set;
  Bytes value;
  std::vector<OpId> supersedes;
  std::optional<AgainOf> again_of;
};

struct EntryDraft {
  EntryKind kind = EntryKind::change;
  Bytes clear;  // of a MEMBERSHIP or REDACT
  Authorship by;
  std::vector<OpDraft> ops;
  std::optional<Actor> reauthored_by;
  std::vector<Hash> closes;
  std::optional<RedactedCopy> copy;
};

// Fails with
//   denied   this node holds no key of the dossier yet ("waiting for access")
//   stale    more than eight streams would have to be named: sync or import first; keep what was
//   typed invalid  over a limit of change_set.h or entry.h
Result<VerifiedEntry> write_entry(Replica& replica, const EntryDraft& draft,
                                  const NodeContext& context);

// Seals the key of an epoch to those recipients who are not in this node's own list yet. True when
// there is something new to send.
bool seal_to_recipients(Replica& replica, const EpochId& epoch,
                        const std::vector<Recipient>& recipients, const NodeContext& context);
// Every active node and the recovery key of each member organisation; this node's own from its
// identity.
std::vector<Recipient> recipients_of(const Membership& membership, const NodeContext& context);

}  // namespace throughgate::sync::store
