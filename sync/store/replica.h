// One dossier at this node: its entries and order, and what they come to. Everything that changes a
// dossier goes through here, inside the caller's UnitOfWork, and ends with finish().
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <vector>

#include "crypto/box_key.h"
#include "crypto/random.h"
#include "crypto/signing_key.h"
#include "sync/directory.h"
#include "sync/projection.h"
#include "sync/store/key_table.h"
#include "sync/store/op_table.h"
#include "sync/store/record_table.h"
#include "sync/store/stored_dossier.h"

namespace throughgate::sync::store {

// Who this node is. Outlives everything that is handed a reference.
struct NodeIdentity {
  NodeId node;
  OrganisationId organisation;
  crypto::SigningKey signing_key;
  crypto::BoxKey box_key;
  crypto::BoxPublicKey recovery_key{};  // the organisation's
  std::optional<crypto::BoxKey>
      recovery_secret;  // only while a lost node is rebuilt from the sheet
  Vouch vouch{};        // of the sheet, for this node; made at set-up
};

struct NodeContext {
  const PolicyTable& policies;
  const Directory& directory;
  const NodeIdentity& identity;
  crypto::Random& random;
  // This machine's clock, ms since 1970 UTC: only to say when something arrived here.
  std::function<std::uint64_t()> clock = [] { return std::uint64_t{0}; };
};

class Replica {
 public:
  Replica(UnitOfWork& work, const DossierId& dossier, const NodeContext& context);

  StoredDossier& stored() { return stored_; }
  const StoredDossier& stored() const { return stored_; }
  OpTable& ops() { return ops_; }
  KeyTable& keys() { return keys_; }
  UnitOfWork& work() { return work_; }
  const NodeId& own_node() const { return context_.identity.node; }

  // ---- entries
  // Keeps an entry that has no place yet, and merges it as far as it can be.
  EntryRow hold(const VerifiedEntry& entry, const OrganisationId& organisation, Standing standing);
  // Gives an entry the next place. It must have been judged; it may be held here already.
  void accept(const VerifiedEntry& entry, const OrganisationId& organisation,
              const OrderRecord& record);
  void refuse(EntryRow row);  // can never be accepted as it stands: kept, counts no more
  void reopen_refused();      // another hub may take it: offered again, and shown again
  // Takes back every place above `dsn`, and as many below as it must to leave no entry bare: one
  // whose sealed part went with a redaction that is taken back now. It comes again with the pages.
  void cut(std::uint64_t dsn);
  // For a carrier who is no member and so never sees the chain: what has a place need not be
  // carried on.
  void drop_if_only_carried(const Hash& entry);

  // ---- keys
  bool opens(const EpochId& epoch) const { return keys_.holds(stored_.row(), epoch); }
  // Everything sealed under this key opens from now on.
  void take_key(const EpochId& epoch, const crypto::ContentKey& key);
  void touch_key() { key_touched_ = true; }  // an envelope was kept
  // What a MEMBERSHIP held here, accepted or not, commits this epoch's key to.
  std::optional<Hash> commitment(const EpochId& epoch) const;

  // ---- where this node stands
  // The last place up to which everything opens; below the MEMBERSHIP of an awaited key.
  std::uint64_t base() const;
  // Everything accepted is here, open and understood, and reaches what the hub has told of.
  bool is_complete() const;
  // Memberships carried in by hand laid over the accepted ones; nullopt when none is known.
  struct LatestMembership {
    Hash entry{};
    Membership membership;
    bool provisional = false;
  };
  std::optional<LatestMembership> latest_membership() const;
  std::optional<StoredEntry> unplaced_first() const;  // what begins it, while that has no place
  // Everything that took effect, and what was carried in by hand on top.
  std::vector<DatedMembership> dated_memberships() const;
  std::optional<Role> role_now(const OrganisationId& organisation) const;
  OpTable::RoleNow role_lookup() const;

  std::optional<ChangeSet> open_entry(const VerifiedEntry& entry) const;
  // The ops of an entry that a redaction held here removes, placed or not: none is sealed again
  // with its value.
  std::set<std::uint32_t> removed_from(const StoredEntry& target) const;
  // After an update of this program: reads again what an earlier one did not understand, and merges
  // everything anew.
  void read_again();

  // The accepted projection's digest; nullopt unless everything is here, open and understood.
  std::optional<ProjectionDigest> digest() const;

  // The directory has moved on: does what was set aside count now? finish() then shows it.
  void judge_receiving();
  void touch_everything() { all_touched_ = true; }
  // Merges the touched fields anew. To be called once, before the unit commits.
  void finish();

 private:
  void forget(EntryRow row);
  Result<ChangeSet> read_content(const VerifiedEntry& entry) const;
  void absorb(EntryRow row);
  void note_newer(std::uint32_t flag) { stored_.set_newer(stored_.newer() | flag); }
  void note_unknown_fields(const std::vector<Op>& ops);
  bool merge_content(const StoredEntry& stored, const ChangeSet& change_set);
  std::optional<RedactedCopy> copy_in(const StoredEntry& redaction) const;
  void apply_redactions(EntryRow target);
  void note_if_more_was_changed(EntryRow target, const StoredEntry& redaction,
                                const RedactedCopy& copy);
  void update_times(const StoredEntry& stored);
  void update_all_times();
  void update_unplaced_times();
  std::optional<std::uint64_t> clock_of(EntryRow row) const;
  void retry_unmerged();
  void advance_readable();
  void note_closed(EntryRow row, const ChangeSet& change_set);
  void note_whether_ended();
  void learn_actor(const OrganisationId& organisation, const Actor& actor);
  void touch(EntryRow row);
  std::vector<LatestMembership> provisional_memberships() const;
  bool is_first_of(const VerifiedEntry& entry) const;
  std::optional<std::uint32_t> dossier_kind() const;

  UnitOfWork& work_;
  const NodeContext& context_;
  StoredDossier stored_;
  OpTable ops_;
  KeyTable keys_;
  RecordTable records_;
  std::set<FieldKey> touched_;
  bool all_touched_ = false;
  bool key_touched_ = false;
  // What other times follow from has changed: they are made anew once, by finish().
  bool all_follow_ = false;
  bool unplaced_follow_ = false;  // those without a place only
};

}  // namespace throughgate::sync::store
