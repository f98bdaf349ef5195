#include "sync/store/entry_table.h"

#include "sync/layout.h"
#include "sync/store/parked_table.h"

namespace throughgate::sync::store {
namespace {

template <class T>
std::optional<T> decoded(UnitOfWork& work, std::optional<T> value) {
  if (!value) work.fail_as_damaged();
  return value;
}

Hash hash_column(UnitOfWork& work, const Statement& row, int column) {
  const auto hash = crypto::to_array<32>(row.view(column));
  if (!hash) work.fail_as_damaged();
  return hash.value_or(Hash{});
}

template <class AnyId>
AnyId id_column(UnitOfWork& work, const Statement& row, int column) {
  const auto id = AnyId::from(row.view(column));
  if (!id) work.fail_as_damaged();
  return id.value_or(AnyId{});
}

std::int64_t author_row(UnitOfWork& work, const NodeId& node, const OrganisationId& organisation) {
  const auto found = work.first("SELECT id FROM author WHERE node = ?", bound(node.view()),
                                [](const Statement& row) { return row.integer(0); });
  if (found) return *found;
  work.run("INSERT INTO author (node, organisation) VALUES (?, ?)", node.view(),
           organisation.view());
  return work
      .first("SELECT id FROM author WHERE node = ?", bound(node.view()),
             [](const Statement& row) { return row.integer(0); })
      .value_or(0);
}

}  // namespace

StoredDossier::StoredDossier(UnitOfWork& work, const DossierId& id) : work_(work), id_(id) {
  if (!exists(work, id)) {
    work.run("INSERT INTO dossier (dossier, chain) VALUES (?, ?)", id.view(), chain_start(id));
  }
  read_row();
  read_memberships();
}

bool StoredDossier::exists(UnitOfWork& work, const DossierId& id) {
  return work
      .first("SELECT id FROM dossier WHERE dossier = ?", bound(id.view()),
             [](const Statement& row) { return row.integer(0); })
      .has_value();
}

void StoredDossier::read_row() {
  work_.each(
      "SELECT id, length, chain, readable, proven, heard, newer, stale, receiving, kind FROM "
      "dossier WHERE dossier = ?",
      bound(id_.view()), [&](const Statement& row) {
        row_ = row.integer(0);
        length_ = row.unsigned_integer(1);
        chain_ = hash_column(work_, row, 2);
        readable_ = row.unsigned_integer(3);
        proven_ = row.unsigned_integer(4);
        heard_ = row.unsigned_integer(5);
        newer_ = static_cast<std::uint32_t>(row.integer(6));
        stale_ = row.integer(7) != 0;
        receiving_ = static_cast<Receiving>(row.integer(8));
        kind_ = static_cast<std::uint32_t>(row.integer(9));
      });
}

void StoredDossier::read_memberships() {
  memberships_ = {};
  work_.each("SELECT dsn, entry, clear FROM membership WHERE dossier = ? ORDER BY dsn", bound(row_),
             [&](const Statement& row) {
               auto membership = decoded(work_, decode_membership(row.view(2)));
               if (!membership) return;
               memberships_.append(
                   {row.unsigned_integer(0), hash_column(work_, row, 1), std::move(*membership)});
             });
}

// ---- OrderView and EntryGraph

std::optional<Hash> StoredDossier::chain_at(std::uint64_t dsn) const {
  if (dsn == 0) return chain_start(id_);
  if (dsn == length_) return chain_;
  return work_.first("SELECT chain FROM entry WHERE dossier = ? AND dsn = ?", bound(row_, dsn),
                     [&](const Statement& row) { return hash_column(work_, row, 0); });
}

std::optional<Hash> StoredDossier::entry_at(std::uint64_t dsn) const {
  return work_.first("SELECT hash FROM entry WHERE dossier = ? AND dsn = ?", bound(row_, dsn),
                     [&](const Statement& row) { return hash_column(work_, row, 0); });
}

std::optional<Hash> StoredDossier::placed(const StreamId& stream, std::uint64_t seq) const {
  return work_.first(
      "SELECT hash FROM entry WHERE dossier = ? AND stream = ? AND seq = ? AND dsn IS NOT NULL",
      bound(row_, stream.view(), seq),
      [&](const Statement& row) { return hash_column(work_, row, 0); });
}

std::optional<StreamTip> StoredDossier::tip(const StreamId& stream) const {
  return work_.first(
      "SELECT a.node, e.seq, e.hash FROM entry e JOIN author a ON a.id = e.author "
      "WHERE e.dossier = ? AND e.stream = ? AND e.dsn IS NOT NULL ORDER BY e.seq DESC LIMIT 1",
      bound(row_, stream.view()), [&](const Statement& row) {
        return StreamTip{id_column<NodeId>(work_, row, 0), row.unsigned_integer(1),
                         hash_column(work_, row, 2)};
      });
}

std::optional<EntryKind> StoredDossier::kind_at(std::uint64_t dsn) const {
  return work_.first("SELECT kind FROM entry WHERE dossier = ? AND dsn = ?", bound(row_, dsn),
                     [](const Statement& row) { return static_cast<EntryKind>(row.integer(0)); });
}

std::optional<Dependency> StoredDossier::first_entry() const {
  return work_.first("SELECT stream, seq, hash FROM entry WHERE dossier = ? AND dsn = 1",
                     bound(row_), [&](const Statement& row) {
                       return Dependency{id_column<StreamId>(work_, row, 0),
                                         row.unsigned_integer(1), hash_column(work_, row, 2)};
                     });
}

std::optional<EntryLink> StoredDossier::link(const Hash& entry) const {
  return work_.first("SELECT header, dsn FROM entry WHERE hash = ?", bound(entry),
                     [&](const Statement& row) {
                       EntryLink link;
                       const auto header = decoded(work_, decode_header(row.view(0)).header);
                       if (header) {
                         link = {header->stream, header->seq, header->previous, std::nullopt};
                       }
                       if (!row.is_null(1)) link.dsn = row.unsigned_integer(1);
                       return link;
                     });
}

// ---- entries

std::optional<EntryRow> StoredDossier::find(const Hash& entry) const {
  return work_.first("SELECT id FROM entry WHERE hash = ?", bound(entry),
                     [](const Statement& row) { return row.integer(0); });
}

std::optional<StoredEntry> StoredDossier::load(EntryRow id) const {
  std::optional<StoredEntry> out;
  work_.each(
      "SELECT e.header, e.signature, p.clear, p.sealed, e.standing, e.content, e.dsn, "
      "a.organisation FROM entry e JOIN part p ON p.entry = e.id JOIN author a ON a.id = e.author "
      "WHERE e.id = ?",
      bound(id), [&](const Statement& row) {
        const auto signature = crypto::to_array<64>(row.view(1));
        auto entry = decoded(
            work_, as_verified_before({row.bytes(0), signature.value_or(crypto::Signature{}),
                                       row.bytes(2), row.bytes(3)}));
        if (!entry) return;
        out = StoredEntry{id,
                          std::move(*entry),
                          id_column<OrganisationId>(work_, row, 7),
                          static_cast<Standing>(row.integer(4)),
                          static_cast<Content>(row.integer(5)),
                          std::nullopt};
        if (!row.is_null(6)) out->dsn = row.unsigned_integer(6);
      });
  return out;
}

std::vector<EntryRow> StoredDossier::unplaced(Standing standing) const {
  std::vector<EntryRow> out;
  work_.each("SELECT id FROM entry WHERE dossier = ? AND standing = ? AND dsn IS NULL ORDER BY id",
             bound(row_, static_cast<int>(standing)),
             [&](const Statement& row) { out.push_back(row.integer(0)); });
  return out;
}

std::vector<EntryRow> StoredDossier::unmerged() const {
  std::vector<EntryRow> out;
  work_.each("SELECT id FROM entry WHERE dossier = ? AND content < 2 ORDER BY dsn IS NULL, dsn, id",
             bound(row_), [&](const Statement& row) { out.push_back(row.integer(0)); });
  return out;
}

std::vector<EntryRow> StoredDossier::not_understood() const {
  std::vector<EntryRow> out;
  work_.each(
      "SELECT id FROM entry WHERE dossier = ? AND (content > 2 OR passed_over) "
      "ORDER BY dsn IS NULL, dsn, id",
      bound(row_), [&](const Statement& row) { out.push_back(row.integer(0)); });
  return out;
}

std::vector<EntryRow> StoredDossier::placed_after(std::uint64_t dsn) const {
  std::vector<EntryRow> out;
  work_.each("SELECT id FROM entry WHERE dossier = ? AND dsn > ? ORDER BY dsn", bound(row_, dsn),
             [&](const Statement& row) { out.push_back(row.integer(0)); });
  return out;
}

std::optional<EntryRow> StoredDossier::row_at(std::uint64_t dsn) const {
  return work_.first("SELECT id FROM entry WHERE dossier = ? AND dsn = ?", bound(row_, dsn),
                     [](const Statement& row) { return row.integer(0); });
}

EntryRow StoredDossier::add(const VerifiedEntry& entry, const OrganisationId& organisation,
                            Standing standing, std::uint64_t arrived_at_ms) {
  const Header& header = entry.header();
  const auto& bytes = entry.bytes();
  work_.run(
      "INSERT INTO entry (hash, dossier, author, stream, seq, kind, standing, content, header, "
      "signature, arrived_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      entry.hash(), row_, author_row(work_, header.author, organisation), header.stream.view(),
      header.seq, static_cast<int>(header.kind), static_cast<int>(standing),
      static_cast<int>(Content::sealed), bytes.header, bytes.signature, arrived_at_ms);
  const auto row = find(entry.hash()).value_or(0);
  work_.run("INSERT INTO part (entry, clear, sealed) VALUES (?, ?, ?)", row, bytes.clear,
            bytes.sealed);
  return row;
}

void StoredDossier::set_standing(EntryRow row, Standing standing) {
  work_.run("UPDATE entry SET standing = ? WHERE id = ?", static_cast<int>(standing), row);
}

void StoredDossier::set_content(EntryRow row, Content content) {
  work_.run("UPDATE entry SET content = ? WHERE id = ?", static_cast<int>(content), row);
}

void StoredDossier::set_opened(EntryRow row, std::uint64_t clock_ms, const ActorId& actor) {
  work_.run("UPDATE entry SET clock_ms = ?, actor = ? WHERE id = ?", clock_ms, actor.view(), row);
}

void StoredDossier::set_passed_over(EntryRow row, bool passed_over) {
  work_.run("UPDATE entry SET passed_over = ? WHERE id = ? AND passed_over != ?", passed_over, row,
            passed_over);
}

void StoredDossier::set_times(EntryRow row, std::uint64_t effective_ms, std::optional<Role> role) {
  std::optional<int> stored;
  if (role) stored = static_cast<int>(*role);
  work_.run("UPDATE entry SET effective_ms = ?, role = ? WHERE id = ?", effective_ms, stored, row);
}

std::vector<EntryRow> StoredDossier::redactions_of(EntryRow target) const {
  std::vector<EntryRow> out;
  work_.each("SELECT entry FROM redaction WHERE target = ? ORDER BY dsn", bound(target),
             [&](const Statement& row) { out.push_back(row.integer(0)); });
  return out;
}

std::optional<EntryRow> StoredDossier::target_of(EntryRow redaction) const {
  return work_.first("SELECT target FROM redaction WHERE entry = ?", bound(redaction),
                     [](const Statement& row) { return row.integer(0); });
}

void StoredDossier::set_redacted_by(EntryRow target, EntryRow redaction) {
  work_.run("UPDATE entry SET redacted_by = ? WHERE id = ?", redaction, target);
}

std::uint64_t StoredDossier::effective_ms(const Hash& entry) const {
  return work_
      .first("SELECT effective_ms FROM entry WHERE hash = ? AND effective_ms IS NOT NULL",
             bound(entry), unsigned_column)
      .value_or(0);
}

// ---- the order

void StoredDossier::place(EntryRow row, const VerifiedEntry& entry,
                          const OrganisationId& organisation, const OrderRecord& record) {
  const std::uint64_t dsn = length_ + 1;
  const Hash chain = chain_next(chain_, record);
  bool inert = false;
  if (const Membership* membership = entry.membership()) {
    inert = !memberships_.takes_effect(*membership, organisation);
    if (!inert) {
      memberships_.append({dsn, entry.hash(), *membership});
      work_.run("INSERT INTO membership (dossier, dsn, entry, clear) VALUES (?, ?, ?, ?)", row_,
                dsn, entry.hash(), entry.bytes().clear);
    }
  }
  const auto role = memberships_.role_for_entry_at(dsn, organisation);
  std::optional<int> stored_role;
  if (role) stored_role = static_cast<int>(*role);
  work_.run(
      "UPDATE entry SET standing = ?, dsn = ?, directory_version = ?, accepted_at_ms = ?, "
      "chain = ?, inert = ?, role = ? WHERE id = ?",
      static_cast<int>(Standing::accepted), dsn, record.directory_version, record.accepted_at_ms,
      chain, inert, stored_role, row);
  if (const Redaction* redaction = entry.redaction()) {
    if (const auto target = find(redaction->entry)) {
      work_.run("INSERT INTO redaction (target, dsn, entry) VALUES (?, ?, ?)", *target, dsn, row);
    }
  }
  length_ = dsn;
  chain_ = chain;
  work_.run("UPDATE dossier SET length = ?, chain = ? WHERE id = ?", length_, chain_, row_);
}

std::vector<EntryRow> StoredDossier::cut(std::uint64_t dsn, const NodeId& own) {
  auto tail = placed_after(dsn);
  const auto chain = chain_at(dsn);
  if (!chain) work_.fail_as_damaged();
  work_.run(
      "UPDATE entry SET standing = CASE WHEN author IN (SELECT id FROM author WHERE node = ?) "
      "THEN ? ELSE ? END, dsn = NULL, directory_version = NULL, accepted_at_ms = NULL, "
      "chain = NULL, inert = 0, role = NULL WHERE dossier = ? AND dsn > ?",
      own.view(), static_cast<int>(Standing::outbox), static_cast<int>(Standing::carried), row_,
      dsn);
  work_.run("DELETE FROM membership WHERE dossier = ? AND dsn > ?", row_, dsn);
  work_.run("UPDATE digest SET proven = ? WHERE dossier = ? AND proven > ?", dsn, id_.view(), dsn);
  ParkedTable(work_).take_places_back(id_, dsn);
  set_newer(newer_ & ~Newer::place);
  length_ = dsn;
  chain_ = chain.value_or(Hash{});
  readable_ = std::min(readable_, dsn);
  work_.run("UPDATE dossier SET length = ?, chain = ?, readable = ?, digest_sent = 0 WHERE id = ?",
            length_, chain_, readable_, row_);
  if (proven_ > dsn) {
    proven_ = 0;
    work_.run("UPDATE dossier SET proven = 0, proof = NULL WHERE id = ?", row_);
  }
  read_memberships();
  return tail;
}

std::uint64_t StoredDossier::whole_below(std::uint64_t dsn) const {
  for (;;) {
    const auto bare = work_.first(
        "SELECT e.dsn FROM entry e JOIN part p ON p.entry = e.id WHERE e.dossier = ? AND "
        "e.dsn <= ? AND ifnull(length(p.sealed), 0) = 0 AND NOT EXISTS (SELECT 1 FROM redaction r "
        "WHERE r.target = e.id AND r.dsn <= ?) ORDER BY e.dsn LIMIT 1",
        bound(row_, dsn, dsn), unsigned_column);
    if (!bare) return dsn;
    dsn = *bare - 1;  // which may leave out further redactions
  }
}

bool StoredDossier::holds_sealed_part(EntryRow row) const {
  return work_
             .first("SELECT length(sealed) FROM part WHERE entry = ? AND sealed IS NOT NULL",
                    bound(row), unsigned_column)
             .value_or(0) > 0;
}

void StoredDossier::forget(EntryRow row) {
  work_.run("DELETE FROM part WHERE entry = ?", row);
  work_.run("DELETE FROM entry WHERE id = ?", row);
}

std::optional<OrderRecord> StoredDossier::record_at(std::uint64_t dsn) const {
  return work_.first(
      "SELECT hash, directory_version, accepted_at_ms FROM entry WHERE dossier = ? AND dsn = ?",
      bound(row_, dsn), [&](const Statement& row) {
        return OrderRecord{dsn, hash_column(work_, row, 0), row.unsigned_integer(1),
                           row.unsigned_integer(2)};
      });
}

std::uint64_t StoredDossier::accepted_at(std::uint64_t dsn) const {
  if (dsn == 0) return 0;
  return work_
      .first("SELECT accepted_at_ms FROM entry WHERE dossier = ? AND dsn = ?", bound(row_, dsn),
             unsigned_column)
      .value_or(0);
}

void StoredDossier::set_newer(std::uint32_t flags) {
  if (flags == newer_) return;
  newer_ = flags;
  work_.run("UPDATE dossier SET newer = ? WHERE id = ?", flags, row_);
}

void StoredDossier::set_receiving(Receiving receiving, std::uint32_t kind) {
  receiving_ = receiving;
  kind_ = kind;
  work_.run("UPDATE dossier SET receiving = ?, kind = ? WHERE id = ?", static_cast<int>(receiving),
            kind, row_);
}

void StoredDossier::set_read_again() {
  stale_ = false;
  work_.run("UPDATE dossier SET stale = 0, digest_sent = 0 WHERE id = ?", row_);
}

void StoredDossier::set_readable(std::uint64_t dsn) {
  if (dsn == readable_) return;
  readable_ = dsn;
  work_.run("UPDATE dossier SET readable = ? WHERE id = ?", dsn, row_);
}

std::optional<SignedHead> StoredDossier::proof() const {
  const auto bytes = work_.first("SELECT proof FROM dossier WHERE id = ? AND proof IS NOT NULL",
                                 bound(row_), bytes_column);
  if (!bytes) return std::nullopt;
  return decoded(work_, decode_proof(*bytes));
}

void StoredDossier::set_proof(const SignedHead& head) {
  proven_ = head.head.dsn;
  work_.run("UPDATE dossier SET proven = ?, proof = ? WHERE id = ?", proven_, encode_proof(head),
            row_);
}

void StoredDossier::set_heard(const SignedHead& head) {
  heard_ = head.head.dsn;
  work_.run("UPDATE dossier SET heard = ?, heard_proof = ? WHERE id = ?", heard_,
            encode_proof(head), row_);
}

std::optional<SignedHead> StoredDossier::heard_proof() const {
  const auto bytes =
      work_.first("SELECT heard_proof FROM dossier WHERE id = ? AND heard_proof IS NOT NULL",
                  bound(row_), bytes_column);
  if (!bytes) return std::nullopt;
  return decoded(work_, decode_proof(*bytes));
}

void StoredDossier::forget_heard() {
  heard_ = length_;
  work_.run("UPDATE dossier SET heard = length, heard_proof = NULL WHERE id = ?", row_);
}

void StoredDossier::set_confirmed(const InstanceId& instance) {
  work_.run("UPDATE dossier SET confirmed = ? WHERE id = ?", instance.view(), row_);
}

void StoredDossier::forget_confirmed() {
  work_.run("UPDATE dossier SET confirmed = NULL WHERE id = ?", row_);
}

// ---- own stream

std::optional<StoredDossier::OwnStream> StoredDossier::own_stream() const {
  return work_.first(
      "SELECT stream, stream_seq, stream_tip FROM dossier WHERE id = ? AND stream IS NOT NULL",
      bound(row_), [&](const Statement& row) {
        return OwnStream{id_column<StreamId>(work_, row, 0), row.unsigned_integer(1),
                         hash_column(work_, row, 2)};
      });
}

void StoredDossier::set_own_stream(const OwnStream& stream) {
  work_.run("UPDATE dossier SET stream = ?, stream_seq = ?, stream_tip = ? WHERE id = ?",
            stream.id.view(), stream.seq, stream.tip, row_);
}

void StoredDossier::close_own_stream() {
  work_.run("UPDATE dossier SET stream = NULL, stream_seq = 0, stream_tip = NULL WHERE id = ?",
            row_);
}

// ---- proofs

Bytes encode_proof(const SignedHead& head) {
  LayoutWriter out;
  out.bytes(head.head.dossier.bytes).u64(head.head.dsn).bytes(head.head.chain);
  out.bytes(head.root.encode()).bytes(head.signature);
  for (const auto& step : head.path) out.u8(step.sibling_is_left ? 1 : 0).bytes(step.sibling);
  return out.take();
}

std::optional<SignedHead> decode_proof(ByteView bytes) {
  LayoutReader in(bytes);
  SignedHead head;
  head.head.dossier = in.id<DossierId>();
  head.head.dsn = in.u64();
  head.head.chain = in.array<32>();
  const auto root = decode_heads_root(in.bytes(68));
  head.signature = in.array<64>();
  if (in.failed() || !root) return std::nullopt;
  head.root = *root;
  while (!in.finished()) {
    const std::uint8_t left = in.u8();
    const auto sibling = in.array<32>();
    if (in.failed() || left > 1 || head.path.size() == merkle_path_max) return std::nullopt;
    head.path.push_back({left == 1, sibling});
  }
  return head;
}

}  // namespace throughgate::sync::store
