// What can never be accepted as it stands and needs a person: written by an organisation after it
// was no longer a member, by a computer that was withdrawn, or in a stream that forked and that
// nobody wrote on. Owner and desk write it again as it was, or close it; its author sees it too. It
// is closed once an entry says so, in `closes` or by a copy of it (again_of). Threads: those of the
// Database. Errors: those of Database, and those named at each call.
#pragma once

#include <vector>

#include "sync/store/authoring.h"

namespace throughgate::sync::store {

struct LateItem {
  Hash entry{};
  DossierId dossier;
  OrganisationId organisation;  // that wrote it
  NodeId node;
  EntryKind kind = EntryKind::change;
  std::uint64_t arrived_at_ms = 0;
  int why = 0;         // Reason, as the hub gave it; 0: not known here
  bool opens = false;  // from here on only where it does
  std::uint64_t clock_ms = 0;
  Actor actor;
  std::string reason;
  std::vector<Op> ops;
  bool ours = false;  // this organisation wrote it, and others decide
};

// Oldest first. Costs what has been refused, not what there is.
Result<std::vector<LateItem>> late_items(Database& database, const NodeContext& context);

// Writes these ops (indices) of it again, with its own clock, actor and reason, and closes it.
// Returns the name of the entry written.
//   not_found  no such item waits here
//   denied     only the owner, or the desk where it is a member
Result<Hash> write_late(Database& database, const NodeContext& context, const Hash& entry,
                        const std::vector<std::uint32_t>& ops, const Actor& by);
// The ops as they would be written: what the caller's rules judge.
//   not_found, denied  as write_late()
Result<std::vector<OpDraft>> late_ops(Database& database, const NodeContext& context,
                                      const Hash& entry);
// Closes it without writing anything of it.
//   not_found, denied  as write_late()
Result<Hash> close_late(Database& database, const NodeContext& context, const Hash& entry,
                        const Authorship& by);

}  // namespace throughgate::sync::store
