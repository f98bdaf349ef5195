// Is everything in this store still what it was? Each dossier is made anew from its entries alone:
// every signature and part, every place judged again by the rules, every key against what its owner
// signed, every sealed part opened, resolved and merged. Then all that is kept beside the entries
// is compared with that: roles, times, ops, memberships, fields shown, the words that a search
// finds, and the chain with the head that the hub has signed. Not compared, as no entry tells it
// for good: the names by which members of staff are shown, what other sites hold, what waits to be
// sent. Reads only, and needs the memory of one dossier. For Database::quick_check(), see there.
#pragma once

#include <map>

#include "sync/store/database.h"
#include "sync/store/fault.h"
#include "sync/store/replica.h"

namespace throughgate::sync::store {

// Of two that differ at one place, one is wrong; at different places, one is only behind.
struct DigestAt {
  std::uint64_t place = 0;  // how many entries it takes in: the dsn of the last
  ProjectionDigest digest{};
};

struct CheckReport {
  std::size_t dossiers = 0;
  std::size_t entries = 0;
  std::size_t fields = 0;
  std::size_t without_author = 0;  // authors not in the directory held here: not checked
  // Entries whose content was deleted and nothing here says why; see Rebuild.
  std::size_t without_content = 0;
  // Dossiers that this program has not read again yet since it was updated: of them, signatures and
  // places only.
  std::size_t not_read_again = 0;
  std::vector<Fault> faults;
  std::map<DossierId, DigestAt> digests;  // of those that are open
};

// Fails as Database does; faults are no failure. Each dossier is seen as of one moment.
Result<CheckReport> check_store(Database& database, const NodeContext& context);

// For many checks in a row: the empty store in memory that each is made anew in, and leaves empty.
Result<Database> scratch_store();
Result<CheckReport> check_store(Database& database, const NodeContext& context, Database& scratch);

}  // namespace throughgate::sync::store
