// The entries of one dossier held here, accepted or not, and its order as far as it has come.
// A StoredDossier lives inside one UnitOfWork, on its thread; what it reads and writes is that
// transaction's. Errors are the unit's: after one, answers are empty and commit() fails.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sync/causal_past.h"
#include "sync/directory.h"
#include "sync/entry.h"
#include "sync/order.h"
#include "sync/receiving.h"
#include "sync/store/unit_of_work.h"
#include "sync/verdict.h"

namespace throughgate::sync::store {

enum class Standing : std::uint8_t {
  outbox = 1,   // written here, not yet seen in the order
  carried = 2,  // another node's, brought by hand or taken back from an order that is gone
  accepted = 3,
  refused = 4,  // can never be accepted as it stands; kept, and offered to a new hub instance
  waiting = 5,  // ours, to be written again once the order that refused it is here
};

enum class Content : std::uint8_t {
  sealed = 0,      // the key is awaited
  unresolved = 1,  // opened, but the order its author saw is not here
  merged = 2,      // its ops stand in the op table (or it has none)
  unreadable = 3,  // opened, and not a change set: its author's fault; counts as no change
  newer = 4,  // opened, and made by a newer program: counts as no change until it is read again
};

// What stands in a dossier that a newer program made and this one does not know: it says "update
// needed", is not complete and has no digest, and goes on as far as it can.
struct Newer {
  static constexpr std::uint32_t place = 1;    // the next place: nothing after it can be judged
  static constexpr std::uint32_t content = 2;  // of an entry
  static constexpr std::uint32_t field = 4;    // of a record, or of a change set
};

using EntryRow = std::int64_t;

struct StoredEntry {
  EntryRow row = 0;
  VerifiedEntry entry;
  OrganisationId organisation;
  Standing standing = Standing::outbox;
  Content content = Content::sealed;
  std::optional<std::uint64_t> dsn;
};

class StoredDossier final : public OrderView, public EntryGraph {
 public:
  // Makes the dossier's row when there is none. Of one that was erased the unit fails (`denied`).
  StoredDossier(UnitOfWork& work, const DossierId& id);
  static bool exists(UnitOfWork& work, const DossierId& id);

  const DossierId& id() const { return id_; }
  std::int64_t row() const { return row_; }
  UnitOfWork& work() const { return work_; }

  // ---- OrderView and EntryGraph
  std::uint64_t length() const override { return length_; }
  std::optional<Hash> chain_at(std::uint64_t dsn) const override;
  std::optional<Hash> entry_at(std::uint64_t dsn) const override;
  std::optional<Hash> placed(const StreamId& stream, std::uint64_t seq) const override;
  std::optional<StreamTip> tip(const StreamId& stream) const override;
  std::optional<EntryKind> kind_at(std::uint64_t dsn) const override;
  std::optional<Dependency> first_entry() const override;
  const MembershipHistory& memberships() const override { return memberships_; }
  std::optional<EntryLink> link(const Hash& entry) const override;

  // ---- entries
  std::optional<EntryRow> find(const Hash& entry) const;
  std::optional<StoredEntry> load(EntryRow row) const;
  std::vector<EntryRow> unplaced(Standing standing) const;  // in order of arrival
  std::vector<EntryRow> unmerged() const;
  std::vector<EntryRow> not_understood() const;  // by this program or an earlier one, in its order
  std::vector<EntryRow> placed_after(std::uint64_t dsn) const;
  std::optional<EntryRow> row_at(std::uint64_t dsn) const;

  EntryRow add(const VerifiedEntry& entry, const OrganisationId& organisation, Standing standing,
               std::uint64_t arrived_at_ms);
  void set_standing(EntryRow row, Standing standing);
  void set_content(EntryRow row, Content content);
  void set_opened(EntryRow row, std::uint64_t clock_ms, const ActorId& actor);
  void set_passed_over(EntryRow row, bool passed_over);
  void set_times(EntryRow row, std::uint64_t effective_ms, std::optional<Role> role);
  // Redactions accepted so far that stand in for this entry, in their order.
  std::vector<EntryRow> redactions_of(EntryRow target) const;
  void set_redacted_by(EntryRow target, EntryRow redaction);  // 0: by none
  std::uint64_t effective_ms(const Hash& entry) const;        // 0 when not held or not opened

  // ---- the order
  // Gives an entry held here the next place. The caller has judged it.
  void place(EntryRow row, const VerifiedEntry& entry, const OrganisationId& organisation,
             const OrderRecord& record);
  // Takes back every place above `dsn`; entries of `own` go to the outbox, others are carried.
  // Returns what lost its place, in order.
  std::vector<EntryRow> cut(std::uint64_t dsn, const NodeId& own);
  // The last place at or below `dsn` where a cut leaves no entry whose sealed part is gone without
  // the redaction that stands in for it.
  std::uint64_t whole_below(std::uint64_t dsn) const;
  bool holds_sealed_part(EntryRow row) const;
  void forget(EntryRow row);  // of an entry without a place: as if it had never been here
  // Which accepted entry, if any, a redaction held here stands in for.
  std::optional<EntryRow> target_of(EntryRow redaction) const;
  std::optional<OrderRecord> record_at(std::uint64_t dsn) const;
  std::uint64_t accepted_at(std::uint64_t dsn) const;  // 0 for place 0

  std::uint32_t newer() const { return newer_; }  // flags of Newer
  void set_newer(std::uint32_t flags);
  // Entries here were read by an earlier program and have not been read again yet.
  bool is_stale() const { return stale_; }
  void set_read_again();

  // What this node makes of it, by the rule in sync/receiving.h.
  Receiving receiving() const { return receiving_; }
  std::uint32_t kind() const { return kind_; }  // DossierKind, once `receiving` is known
  void set_receiving(Receiving receiving, std::uint32_t kind);

  // It is not shared with this organisation any more, and waits to be deleted: see purge.h.
  void set_ended(bool ended);

  std::uint64_t readable() const { return readable_; }
  void set_readable(std::uint64_t dsn);
  std::uint64_t proven() const { return proven_; }
  std::optional<SignedHead> proof() const;
  void set_proof(const SignedHead& head);
  std::uint64_t heard() const { return heard_; }
  // What the hub says it has; kept with its proof until the chain reaches it.
  void set_heard(const SignedHead& head);
  std::optional<SignedHead> heard_proof() const;
  void forget_heard();

  // The hub instance that has answered for the head held here.
  void set_confirmed(const InstanceId& instance);
  bool is_confirmed(const InstanceId& instance) const;
  void forget_confirmed();

  // ---- the stream that this incarnation writes to
  struct OwnStream {
    StreamId id;
    std::uint64_t seq = 0;
    Hash tip{};
  };
  std::optional<OwnStream> own_stream() const;
  void set_own_stream(const OwnStream& stream);
  void close_own_stream();  // the next save opens a new one

 private:
  void refuse_erased();
  void read_row();
  void read_memberships();

  UnitOfWork& work_;
  DossierId id_;
  std::int64_t row_ = 0;
  std::uint64_t length_ = 0;
  Hash chain_{};
  std::uint64_t readable_ = 0;
  std::uint64_t proven_ = 0;
  std::uint64_t heard_ = 0;
  std::uint32_t newer_ = 0;
  bool stale_ = false;
  Receiving receiving_ = Receiving::unknown;
  std::uint32_t kind_ = 0;
  MembershipHistory memberships_;
};

}  // namespace throughgate::sync::store
