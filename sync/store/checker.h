// Is everything in this store still what it was? Each entry's signature and the hashes of its
// parts, the chains up to the heads that the hub has signed, the memberships, and each field
// against its ops merged anew. Reads only. For Database::quick_check(), see there.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sync/store/replica.h"

namespace throughgate::sync::store {

struct Fault {
  DossierId dossier;
  std::optional<std::uint64_t> dsn;  // the place; none: not accepted, or not of one entry
  std::string what;                  // plain English; no personal data
};

struct CheckReport {
  std::size_t dossiers = 0;
  std::size_t entries = 0;
  std::size_t fields = 0;
  std::size_t without_author = 0;  // authors not in the directory held here: not checked
  std::vector<Fault> faults;
  std::map<DossierId, ProjectionDigest> digests;  // of those that are open
};

// Fails as Database does; faults are no failure. One unit of work a dossier.
Result<CheckReport> check_store(Database& database, const NodeContext& context);

}  // namespace throughgate::sync::store
