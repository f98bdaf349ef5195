// One dossier made anew from what was signed: its entries, their places and its keys. The same
// steps as when they came, and the same rules, but into an empty store in memory. Of what
// stands in the kept store beside them only that is believed which no entry tells: when each came,
// what the exchange refused, that a record counted once, and what was resolved on an order that has
// gone since.
#pragma once

#include <map>
#include <set>

#include "sync/store/fault.h"
#include "sync/store/replica.h"

namespace throughgate::sync::store {

class Rebuild {
 public:
  // `kept` is read, `anew` an open unit of a database with a node's empty tables. All outlive this.
  Rebuild(const StoredDossier& kept, UnitOfWork& anew, const NodeContext& context,
          DossierFaults& faults);
  Rebuild(const Rebuild&) = delete;
  Rebuild& operator=(const Rebuild&) = delete;
  ~Rebuild() = default;

  // Proves each entry, its place and the keys, and tells what does not hold. False: at some place
  // the order breaks off, and what the dossier comes to cannot be said.
  bool run();

  Replica& replica() { return replica_; }
  std::size_t entries() const { return entries_; }
  // Entries whose authors the directory held here does not list: taken as they stand.
  std::size_t without_author() const { return without_author_; }
  // Entries with a place whose sealed part is gone, while what removed it is not here (it may come
  // with the next sync). They count as no change.
  std::size_t without_content() const { return without_content_; }

 private:
  struct Kept;
  std::vector<EntryRow> rows(std::string_view sql) const;
  std::optional<Kept> load(EntryRow row);
  std::optional<VerifiedEntry> prove(Kept& kept, const std::optional<AuthorStanding>& author,
                                     SealedPart sealed);
  void take_keys();
  bool place(EntryRow row);
  void hold(EntryRow row);
  void check_only(EntryRow row);
  void resolve_as_kept();
  void check_keys();
  void check_proof();
  std::optional<AuthorStanding> standing_now(const NodeId& author) const;

  const StoredDossier& stored_;
  UnitOfWork& kept_;
  std::uint64_t arrived_at_ms_ = 0;  // the entry under way, when it came to this node
  const NodeContext context_;        // with a clock that says so
  DossierFaults& faults_;
  Replica replica_;
  std::set<EntryRow> redacted_;
  std::map<EpochId, std::set<Hash>> commitments_;
  std::optional<OrderRecord> before_;
  std::size_t entries_ = 0;
  std::size_t without_author_ = 0;
  std::size_t without_content_ = 0;
};

}  // namespace throughgate::sync::store
