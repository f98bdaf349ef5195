// Who a record was shared with, from its first entry on, and who changed that. Only reads.
// Threads: those of the Database.
#pragma once

#include <vector>

#include "sync/store/replica.h"

namespace throughgate::sync::store {

struct MembershipChange {
  Hash entry{};
  std::optional<std::uint64_t> dsn;  // none: it has no place yet
  std::uint64_t at_ms = 0;      // by the exchange's clock, or by this machine's without a place
  std::vector<Member> members;  // from here on
  OrganisationId by;
  std::string actor_name;  // empty: not known here
  std::string reason;      // empty: none, or not open here
};

// Those that took effect, in order, and those without a place on top.
//   not_found  no such record here
Result<std::vector<MembershipChange>> membership_changes(Database& database,
                                                         const NodeContext& context,
                                                         const DossierId& dossier);

}  // namespace throughgate::sync::store
