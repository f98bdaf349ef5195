// What the sequencer needs kept. SQLite implements it today; PostgreSQL may where one machine is
// not enough, so nothing here names either.
//
// Every request is one transaction. A call that fails answers as if there were nothing, and the
// transaction is spoilt: commit() then fails with the first fault, and nothing of the request
// stays. So nothing that was decided inside it may leave the program before commit() has succeeded.
// Threads: one HubStore is used by one thread at a time.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sync/directory.h"
#include "sync/entry.h"
#include "sync/envelope.h"
#include "sync/erasure.h"
#include "sync/invitation_code.h"
#include "sync/order.h"
#include "sync/purge_receipt.h"
#include "sync/signed_verdict.h"

namespace throughgate::hub {

using sync::ByteArray;
using sync::Bytes;
using sync::ByteView;
using sync::Done;
using sync::DossierId;
using sync::EpochId;
using sync::Error;
using sync::ErrorKind;
using sync::Hash;
using sync::InstanceId;
using sync::NodeId;
using sync::OrganisationId;
using sync::Result;
using sync::StreamId;

using ChainId = std::int64_t;

// What a hub is born with and keeps through all its instances.
struct SequencerKeys {
  crypto::SigningKey signing_key;
  crypto::Secret<32> cursor_key;  // checks cursors
};

struct HubState {
  InstanceId instance;
  std::optional<std::uint64_t> began_ms;  // when a directory named it; nothing is served before
  std::uint64_t change = 0;               // the last number given to anything that nodes are told
  bool recovered = false;                 // every dossier is open in this instance
};

// A dossier's order, or a branch of it: what one node replays to a hub that has lost it, growing
// beside the order held until it reaches a head that the hub once signed.
struct Chain {
  ChainId id = 0;
  DossierId dossier;
  std::uint64_t length = 0;
  Hash head{};
  std::uint64_t accepted_at_ms = 0;     // of the last record
  std::uint64_t directory_version = 0;  // of the last record
  InstanceId signed_by;                 // the newest instance that signed a head of it
  InstanceId opened_in;                 // zero, or an instance in which it stopped recovering
};

struct Branch {
  Chain chain;                   // its length counts from the dossier's start
  std::uint64_t first_dsn = 1;   // below it, the order held counts
  std::uint64_t target_dsn = 0;  // the head that it must reach
  Hash target{};
  bool refused = false;  // it did not reach it, or was no order: this node is not asked again
};

// An accepted entry with its place. `sealed` is empty where it was deleted after a redaction.
struct PlacedEntry {
  sync::SignedEntry entry;
  sync::OrderRecord record;
};

struct StreamEnd {
  NodeId author;
  std::uint64_t seq = 0;
  std::uint64_t dsn = 0;
  Hash entry{};
};

struct FinalVerdict {
  sync::Ruling ruling;
  std::uint64_t given_at_ms = 0;
  Bytes fork_header;  // with FORK: the other entry's
  crypto::Signature fork_signature{};
};

struct KeptEnvelopes {
  Bytes bytes;  // as signed
  crypto::Signature signature{};
  NodeId sender;
  EpochId epoch;
  std::uint64_t change = 0;
};

struct HeldEnvelope {  // that somebody says to have sealed
  EpochId epoch;
  NodeId sender;
  sync::Recipient recipient;
};

struct KeptDigest {
  NodeId node;
  std::uint64_t dsn = 0;
  ByteArray<16> policy_version{};
  ByteArray<16> digest{};
  std::uint64_t change = 0;

  friend bool operator==(const KeptDigest&, const KeptDigest&) = default;
};

struct RefusedEntry {
  DossierId dossier;
  Hash entry{};
  FinalVerdict verdict;
};

struct LateEntry {  // refused, and kept for owner and desk
  DossierId dossier;
  Hash hash{};
  sync::SignedEntry entry;
  FinalVerdict verdict;
};

struct Pointer {
  DossierId dossier;
  std::uint64_t change = 0;
  std::uint64_t begins = 0;  // to a cursor below it, everything is news, not only what changed
};

struct HubCounts {  // for people who look after the hub
  std::uint64_t dossiers = 0;
  std::uint64_t entries = 0;
  std::uint64_t late = 0;
  std::uint64_t late_bytes = 0;
  std::uint64_t recovering = 0;
};

class HubStore {
 public:
  virtual ~HubStore() = default;

  // ---- one request
  virtual Result<Done> begin() = 0;
  virtual Result<Done> commit() = 0;
  virtual void roll_back() = 0;              // also what a spoilt commit() does
  virtual std::optional<Error> fault() = 0;  // what spoilt the transaction
  // Outside a request: no page and no log holds any more what was deleted. Takes time in proportion
  // to the store. `unavailable` while another program reads it.
  virtual Result<Done> erase_traces() = 0;

  // ---- the hub itself
  virtual HubState state() = 0;
  virtual void begin_instance(const InstanceId& instance) = 0;  // nothing served, all recovering
  virtual void set_began(std::uint64_t now_ms) = 0;
  virtual void set_recovered() = 0;
  virtual std::uint64_t next_change() = 0;
  // Of the request that counted to `change`: random, so that a memory that was put back and has
  // counted as far again is not taken for the one it was. Zero before the first that has one.
  virtual ByteArray<8> mark_at(std::uint64_t change) = 0;
  virtual void note_heard(const InstanceId& instance, const NodeId& node) = 0;
  virtual bool has_heard(const InstanceId& instance, const NodeId& node) = 0;

  // ---- directory
  virtual std::uint64_t directory_version() = 0;
  virtual std::vector<sync::DirectoryStep> directory_after(std::uint64_t version,
                                                           std::size_t bytes_max) = 0;
  virtual void add_directory_step(std::uint64_t version, const sync::DirectoryStep& step) = 0;
  // Of every version for which the desk made one.
  virtual void add_directory_snapshot(std::uint64_t version, sync::ByteView snapshot) = 0;
  // The newest up to that version; empty: none.
  virtual sync::Bytes directory_snapshot(std::uint64_t up_to) = 0;
  virtual std::uint64_t directory_snapshot_version() = 0;  // of the newest; 0: none
  // By what the directory is believed; nullopt: nobody has said yet.
  virtual std::optional<sync::Anchor> anchor() = 0;
  virtual void trust(const sync::Anchor& anchor) = 0;

  // ---- orders
  virtual std::optional<Chain> chain(const DossierId& dossier) = 0;
  virtual Chain create_chain(const DossierId& dossier) = 0;
  virtual void save_chain(const Chain& chain) = 0;
  virtual void set_owner(ChainId chain, const OrganisationId& owner) = 0;
  virtual void append(ChainId chain, const sync::VerifiedEntry& entry,
                      const sync::OrderRecord& record, const Hash& head) = 0;
  virtual void add_membership(ChainId chain, const sync::EffectiveMembership& membership) = 0;
  virtual std::vector<sync::EffectiveMembership> memberships(ChainId chain,
                                                             std::uint64_t below_dsn) = 0;
  virtual std::optional<Hash> head_at(ChainId chain, std::uint64_t dsn) = 0;
  virtual std::optional<Hash> entry_at(ChainId chain, std::uint64_t dsn) = 0;
  virtual std::optional<sync::EntryKind> kind_at(ChainId chain, std::uint64_t dsn) = 0;
  virtual std::optional<StreamEnd> placed(ChainId chain, const StreamId& stream,
                                          std::uint64_t seq) = 0;
  // The last entry of a stream among those placed below `below_dsn`.
  virtual std::optional<StreamEnd> stream_end(ChainId chain, const StreamId& stream,
                                              std::uint64_t below_dsn) = 0;
  virtual std::optional<PlacedEntry> read_entry(ChainId chain, std::uint64_t dsn) = 0;
  virtual void delete_sealed_part(ChainId chain, std::uint64_t dsn) = 0;
  virtual std::vector<DossierId> not_open_in(const InstanceId& instance) = 0;
  // Those not open in the instance of which the organisation has been told.
  virtual std::vector<DossierId> not_open_in(const InstanceId& instance,
                                             const OrganisationId& organisation) = 0;

  // ---- branches
  virtual std::optional<Branch> branch(const DossierId& dossier, const NodeId& node) = 0;
  virtual Branch create_branch(const Branch& branch,
                               const NodeId& node) = 0;  // replacing its old one
  virtual void refuse_branch(ChainId branch) = 0;
  // An entry without its sealed part that no REDACT of the branch stands in for.
  virtual bool lacks_parts(ChainId branch) = 0;
  // The last place at or below `dsn` of an order held where a branch may leave it: below, no entry
  // lacks its sealed part without a REDACT at or below `dsn` that stands in for it.
  virtual std::uint64_t whole_below(ChainId held, std::uint64_t dsn) = 0;
  // The branch takes the place of what the order held from its first place on. Other branches go.
  virtual void adopt(const Branch& branch, ChainId held) = 0;
  virtual void drop_branches(const DossierId& dossier) = 0;

  // ---- verdicts
  virtual std::optional<FinalVerdict> final_verdict(const Hash& entry) = 0;
  virtual void add_final_verdict(
      const sync::VerifiedEntry& entry, const FinalVerdict& verdict,
      const OrganisationId& author) = 0;  // closes its stream, keeps parts
  // What an organisation wrote that was refused, and is in the late box.
  virtual std::vector<RefusedEntry> refused_of(const OrganisationId& author) = 0;
  // The late box by the numbers that its entries got, one after the other.
  virtual std::vector<std::pair<std::uint64_t, DossierId>> late_after(std::uint64_t number,
                                                                      std::size_t count_max) = 0;
  virtual std::optional<LateEntry> late_entry(std::uint64_t number) = 0;
  // To somebody they are news: they get new numbers.
  virtual void number_late_anew(const DossierId& dossier) = 0;
  virtual bool is_closed(const DossierId& dossier, const StreamId& stream,
                         const NodeId& author) = 0;
  virtual std::optional<std::uint64_t> held_since_ms(const Hash& entry) = 0;
  // Notes of 90 days ago go with it: whatever was held then has been refused or sent no more.
  virtual void note_hold(const DossierId& dossier, const Hash& entry, std::uint64_t now_ms) = 0;
  virtual void forget_hold(const Hash& entry) = 0;
  virtual std::uint64_t late_bytes(const OrganisationId& author) = 0;

  // ---- envelopes
  virtual std::vector<HeldEnvelope> held_envelopes(const DossierId& dossier) = 0;
  virtual bool keeps(const sync::EnvelopeList& list) = 0;  // exactly this one
  virtual std::uint64_t lists_of(
      const sync::EnvelopeList& list) = 0;  // of its dossier, epoch, sender
  // Whatever the sender's older lists for the epoch hold and this one does too, is forgotten.
  virtual void keep(const sync::EnvelopeList& list, std::uint64_t change) = 0;
  // Lists that hold one for the node, or for the organisation's recovery key.
  virtual std::vector<KeptEnvelopes> envelopes_for(const DossierId& dossier, const NodeId& node,
                                                   const OrganisationId& organisation,
                                                   std::uint64_t after_change) = 0;

  // ---- what organisations are told
  // `from_start`: to this organisation everything is news.
  virtual void move_pointer(const OrganisationId& organisation, const DossierId& dossier,
                            std::uint64_t change, bool from_start) = 0;
  virtual std::vector<Pointer> pointers_after(const OrganisationId& organisation,
                                              std::uint64_t change, std::size_t count_max) = 0;
  virtual std::optional<KeptDigest> digest(const DossierId& dossier, const NodeId& node) = 0;
  virtual void keep_digest(const DossierId& dossier, const KeptDigest& digest) = 0;
  virtual std::vector<KeptDigest> digests(const DossierId& dossier, std::uint64_t after_change) = 0;

  // ---- letters, see hub/mailbox.h
  virtual std::optional<Bytes> letter(const sync::MailboxId& mailbox, int slot) = 0;
  virtual void keep_letter(const sync::MailboxId& mailbox, int slot, ByteView content,
                           std::uint64_t now_ms) = 0;
  virtual void drop_letters_before(std::uint64_t put_ms) = 0;
  virtual std::uint64_t letters_since(std::uint64_t put_ms) = 0;

  // ---- limits
  virtual std::uint64_t bytes_on(const OrganisationId& organisation, std::uint64_t day) = 0;
  virtual void add_bytes(const OrganisationId& organisation, std::uint64_t day,
                         std::uint64_t bytes) = 0;
  virtual std::uint64_t dossiers_owned(const OrganisationId& organisation) = 0;

  // Everything of the dossier: order, parts, late entries, verdicts, envelopes, pointers, digests.
  virtual void erase(const DossierId& dossier) = 0;
  // The directory version up to which traces of what was erased have been cleared too.
  virtual std::uint64_t cleared_to() = 0;
  virtual void set_cleared_to(std::uint64_t version) = 0;
  // The newest of each witness; of the hub itself only that of its present instance.
  virtual std::optional<sync::ErasureReceipt> receipt(const sync::Witness& witness) = 0;
  virtual void keep_receipt(const sync::ErasureReceipt& receipt, std::uint64_t change) = 0;
  virtual std::vector<sync::ErasureReceipt> receipts_after(std::uint64_t change) = 0;
  // The newest of each computer.
  virtual bool keeps(const sync::PurgeReceipt& receipt) = 0;  // this one, or one of a later place
  virtual void keep_receipt(const sync::PurgeReceipt& receipt, std::uint64_t change) = 0;
  virtual std::vector<sync::PurgeReceipt> purge_receipts_after(const DossierId& dossier,
                                                               std::uint64_t change) = 0;
  virtual HubCounts counts() = 0;
};

// Rolls back at its end unless commit() came before.
class StoreTransaction {
 public:
  static Result<StoreTransaction> begin(HubStore& store) {
    auto begun = store.begin();
    if (!begun) return begun.error();
    return StoreTransaction(store);
  }
  StoreTransaction(StoreTransaction&& other) noexcept
      : store_(std::exchange(other.store_, nullptr)) {}
  StoreTransaction& operator=(StoreTransaction&&) = delete;
  StoreTransaction(const StoreTransaction&) = delete;
  StoreTransaction& operator=(const StoreTransaction&) = delete;
  ~StoreTransaction() {
    if (store_) store_->roll_back();
  }

  void roll_back() { std::exchange(store_, nullptr)->roll_back(); }
  Result<Done> commit() { return std::exchange(store_, nullptr)->commit(); }

 private:
  explicit StoreTransaction(HubStore& store) : store_(&store) {}
  HubStore* store_;
};

}  // namespace throughgate::hub
