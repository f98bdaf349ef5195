// What computers that were stolen wrote since, as far as nobody has settled it.
//
// Follows from the list and the entries alone, so what one computer of an organisation has settled
// is settled on its others. An entry is suspect when its author is in the list with a time since
// when it is, and the entry got its place at that time or later. It is settled when a later entry
// that is not suspect names it in `closes`, by somebody who may say so; or when all that it changed
// has been replaced by others who had seen it.
#pragma once

#include <set>

#include "sync/store/replica.h"

namespace throughgate::sync::store {

bool is_suspect(const Directory& directory, const NodeId& author,
                const std::optional<std::uint64_t>& accepted_at_ms);
// Is there any computer in the list of which something is suspect?
bool has_suspects(const Directory& directory);

// Entries of the dossier that somebody has looked at and settled. An organisation that leads the
// dossier may say so, and the one whose computer it was.
class Settled {
 public:
  explicit Settled(const Replica& replica, const Directory& directory);
  bool holds(const Hash& entry, const OrganisationId& author) const;

 private:
  struct By {
    OrganisationId organisation;
    bool leads = false;
  };
  std::multimap<Hash, By> by_;
};

struct SuspectOp {
  FieldKey field;
  std::uint32_t index = 0;
};

struct SuspectChange {
  DossierId dossier;
  Hash entry{};
  NodeId node;
  OrganisationId organisation;
  std::uint64_t accepted_at_ms = 0;
  EntryKind kind = EntryKind::change;
  std::vector<SuspectOp> stands;  // of its ops; what has been replaced since is not in here
};

// Not settled, by the time of their place; at most `limit`. Only of dossiers in which this
// organisation leads, and of its own computers; of what is set aside nothing.
std::vector<SuspectChange> suspect_changes(UnitOfWork& work, const NodeContext& context,
                                           std::size_t limit);

}  // namespace throughgate::sync::store
