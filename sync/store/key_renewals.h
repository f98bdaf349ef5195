// The dossiers whose key a revoked computer may know, and the new keys made for them.
//
// Which ones they are follows from the order, the list and the envelopes held (sync/key_renewal.h);
// the table key_renewal only remembers the answers, so that a sync costs what has changed. A row is
// written when a dossier becomes due, and stays, marked done, once the chain holds a key made
// since.
#pragma once

#include <optional>

#include "sync/key_renewal.h"
#include "sync/store/authoring.h"

namespace throughgate::sync::store {

// Of the dossier as the unit of work holds it now. Costs little where nobody is revoked.
void judge_key(StoredDossier& stored, const KeyTable& keys, const NodeContext& context);

// Might this computer know the key in force? Of a dossier that has no place yet: no.
bool may_know_key(const StoredDossier& stored, const KeyTable& keys, const EnrolledNode& node);

// The directory has moved on, to `context.directory`: what has no place yet of a node revoked since
// counts no more, and each dossier is judged anew. Once for each revocation.
void heed_revocations(UnitOfWork& work, const NodeContext& context);
bool has_heeded_revocations(UnitOfWork& work, const Directory& directory);

struct KeyRenewalCounts {
  std::uint64_t due = 0;     // ever: those done, too
  std::uint64_t done = 0;    // the chain here holds a key made since
  std::uint64_t sent = 0;    // of those not done: a new key was made here, and has no place yet
  std::uint64_t ours = 0;    // of those not done: this organisation's to make, with a sync
  std::uint64_t asked = 0;   // of those not done: the desk's, and this organisation may, when asked
  std::uint64_t others = 0;  // of those not done: somebody else's to make
};
KeyRenewalCounts key_renewal_counts(UnitOfWork& work);

// Those not done that are others' to make, by the owner.
struct KeyAwaited {
  OrganisationId owner;
  bool desk_may = false;  // the desk is a member: it makes the key as well
  std::uint64_t dossiers = 0;
};
std::vector<KeyAwaited> keys_awaited(UnitOfWork& work, const NodeContext& context);

// Makes the new keys, a portion in each transaction: what was done when it is cut off stays done.
// Nothing is made twice, as a dossier with a change of members of its own that is on its way is
// passed over; and where two computers made one at once, the later to get a place is inert.
// Threads: one at a time, on that of the database.
class KeyRenewal {
 public:
  enum class Which { ours, all_that_we_may };
  KeyRenewal(Database& database, const NodeContext& context, Which which)
      : database_(database), context_(context), which_(which) {}

  // Up to so many new keys. How many were made; 0: there is nothing left that can be done now.
  Result<std::size_t> run(std::size_t dossiers_max, const Authorship& by);
  // Passed over, as something of them is not here or not open yet, or waits to be sent.
  std::size_t passed_over() const { return passed_over_; }

 private:
  std::vector<DossierId> next(UnitOfWork& work, std::size_t dossiers_max) const;
  bool renew(UnitOfWork& work, const DossierId& dossier, const Authorship& by);

  Database& database_;
  const NodeContext& context_;
  const Which which_;
  DossierId after_;  // those up to here have been looked at
  std::size_t passed_over_ = 0;
};

}  // namespace throughgate::sync::store
