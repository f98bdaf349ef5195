// The hub's store in one encrypted SQLite file.
#pragma once

#include <memory>
#include <string>

#include "crypto/key_slots.h"
#include "hub/store/hub_store.h"
#include "sync/store/database.h"
#include "sync/store/unit_of_work.h"

namespace throughgate::hub {

class SqliteStore final : public HubStore {
 public:
  // Makes the file with fresh keys and a first instance. `invalid` when there is one already.
  static Result<Done> create(const std::string& path, const crypto::DatabaseKey& key,
                             crypto::Random& random, sync::store::OpenOptions options = {});
  // Fails as Database::open and migrate do; `corrupt` when the file was never finished.
  static Result<std::unique_ptr<SqliteStore>> open(const std::string& path,
                                                   const crypto::DatabaseKey& key,
                                                   const sync::store::OpenOptions& options = {});
  Result<SequencerKeys> keys();
  // A copy as of one moment, as a backup; see Database::backup_to.
  Result<Done> backup_to(const std::string& path, const crypto::DatabaseKey& key) {
    return database_.backup_to(path, key);
  }

  Result<Done> begin() override;
  Result<Done> commit() override;
  void roll_back() override;
  std::optional<Error> fault() override;
  Result<Done> erase_traces() override;

  HubState state() override;
  void begin_instance(const InstanceId& instance) override;
  void set_began(std::uint64_t now_ms) override;
  void set_recovered() override;
  std::uint64_t next_change() override;
  ByteArray<8> mark_at(std::uint64_t change) override;
  void note_heard(const InstanceId& instance, const NodeId& node) override;
  bool has_heard(const InstanceId& instance, const NodeId& node) override;

  std::uint64_t directory_version() override;
  std::vector<sync::DirectoryStep> directory_after(std::uint64_t version,
                                                   std::size_t bytes_max) override;
  void add_directory_step(std::uint64_t version, const sync::DirectoryStep& step) override;
  void add_directory_snapshot(std::uint64_t version, sync::ByteView snapshot) override;
  sync::Bytes directory_snapshot(std::uint64_t up_to) override;
  std::uint64_t directory_snapshot_version() override;
  std::optional<sync::Anchor> anchor() override;
  void trust(const sync::Anchor& anchor) override;

  std::optional<Chain> chain(const DossierId& dossier) override;
  Chain create_chain(const DossierId& dossier) override;
  void save_chain(const Chain& chain) override;
  void set_owner(ChainId chain, const OrganisationId& owner) override;
  void append(ChainId chain, const sync::VerifiedEntry& entry, const sync::OrderRecord& record,
              const Hash& head) override;
  void add_membership(ChainId chain, const sync::EffectiveMembership& membership) override;
  std::vector<sync::EffectiveMembership> memberships(ChainId chain,
                                                     std::uint64_t below_dsn) override;
  std::optional<Hash> head_at(ChainId chain, std::uint64_t dsn) override;
  std::optional<Hash> entry_at(ChainId chain, std::uint64_t dsn) override;
  std::optional<sync::EntryKind> kind_at(ChainId chain, std::uint64_t dsn) override;
  std::optional<StreamEnd> placed(ChainId chain, const StreamId& stream,
                                  std::uint64_t seq) override;
  std::optional<StreamEnd> stream_end(ChainId chain, const StreamId& stream,
                                      std::uint64_t below_dsn) override;
  std::optional<PlacedEntry> read_entry(ChainId chain, std::uint64_t dsn) override;
  void delete_sealed_part(ChainId chain, std::uint64_t dsn) override;
  std::vector<DossierId> not_open_in(const InstanceId& instance) override;
  std::vector<DossierId> not_open_in(const InstanceId& instance,
                                     const OrganisationId& organisation) override;

  std::optional<Branch> branch(const DossierId& dossier, const NodeId& node) override;
  Branch create_branch(const Branch& branch, const NodeId& node) override;
  void refuse_branch(ChainId branch) override;
  bool lacks_parts(ChainId branch) override;
  std::uint64_t whole_below(ChainId held, std::uint64_t dsn) override;
  void adopt(const Branch& branch, ChainId held) override;
  void drop_branches(const DossierId& dossier) override;

  std::optional<FinalVerdict> final_verdict(const Hash& entry) override;
  void add_final_verdict(const sync::VerifiedEntry& entry, const FinalVerdict& verdict,
                         const OrganisationId& author) override;
  std::vector<RefusedEntry> refused_of(const OrganisationId& author) override;
  bool is_closed(const DossierId& dossier, const StreamId& stream, const NodeId& author) override;
  std::optional<std::uint64_t> held_since_ms(const Hash& entry) override;
  void note_hold(const DossierId& dossier, const Hash& entry, std::uint64_t now_ms) override;
  void forget_hold(const Hash& entry) override;
  std::uint64_t late_bytes(const OrganisationId& author) override;
  std::vector<std::pair<std::uint64_t, DossierId>> late_after(std::uint64_t number,
                                                              std::size_t count_max) override;
  std::optional<LateEntry> late_entry(std::uint64_t number) override;
  void number_late_anew(const DossierId& dossier) override;

  std::vector<HeldEnvelope> held_envelopes(const DossierId& dossier) override;
  bool keeps(const sync::EnvelopeList& list) override;
  std::uint64_t lists_of(const sync::EnvelopeList& list) override;
  void keep(const sync::EnvelopeList& list, std::uint64_t change) override;
  std::vector<KeptEnvelopes> envelopes_for(const DossierId& dossier, const NodeId& node,
                                           const OrganisationId& organisation,
                                           std::uint64_t after_change) override;

  void move_pointer(const OrganisationId& organisation, const DossierId& dossier,
                    std::uint64_t change, bool from_start) override;
  std::vector<Pointer> pointers_after(const OrganisationId& organisation, std::uint64_t change,
                                      std::size_t count_max) override;
  std::optional<KeptDigest> digest(const DossierId& dossier, const NodeId& node) override;
  void keep_digest(const DossierId& dossier, const KeptDigest& digest) override;
  std::vector<KeptDigest> digests(const DossierId& dossier, std::uint64_t after_change) override;

  std::optional<Bytes> letter(const sync::MailboxId& mailbox, int slot) override;
  void keep_letter(const sync::MailboxId& mailbox, int slot, ByteView content,
                   std::uint64_t now_ms) override;
  void drop_letters_before(std::uint64_t put_ms) override;
  std::uint64_t letters_since(std::uint64_t put_ms) override;

  std::uint64_t bytes_on(const OrganisationId& organisation, std::uint64_t day) override;
  void add_bytes(const OrganisationId& organisation, std::uint64_t day,
                 std::uint64_t bytes) override;
  std::uint64_t dossiers_owned(const OrganisationId& organisation) override;

  void erase(const DossierId& dossier) override;
  std::uint64_t cleared_to() override;
  void set_cleared_to(std::uint64_t version) override;
  std::optional<sync::ErasureReceipt> receipt(const sync::Witness& witness) override;
  void keep_receipt(const sync::ErasureReceipt& receipt, std::uint64_t change) override;
  std::vector<sync::ErasureReceipt> receipts_after(std::uint64_t change) override;
  bool keeps(const sync::PurgeReceipt& receipt) override;
  void keep_receipt(const sync::PurgeReceipt& receipt, std::uint64_t change) override;
  std::vector<sync::PurgeReceipt> purge_receipts_after(const DossierId& dossier,
                                                       std::uint64_t change) override;
  HubCounts counts() override;

 private:
  std::uint64_t next_late_number();
  using Statement = sync::store::Statement;
  explicit SqliteStore(sync::store::Database database) : database_(std::move(database)) {}

  // Only between begin() and commit(); see UnitOfWork.
  template <typename... Values>
  void run(std::string_view sql, const Values&... values);
  template <typename Take, typename... Values>
  void each(std::string_view sql, Take take, const Values&... values);
  template <typename Read, typename... Values>
  auto first(std::string_view sql, Read read, const Values&... values)
      -> std::optional<decltype(read(std::declval<const Statement&>()))>;
  std::uint64_t number(std::string_view sql, const auto&... values);
  std::vector<DossierId> dossiers(std::string_view sql, const auto&... values);

  sync::store::Database database_;
  std::optional<sync::store::UnitOfWork> work_;  // the request's
  bool marked_ = false;                          // in this request
};

}  // namespace throughgate::hub
