// The order of a stored dossier, how far it has come, and the stream this node writes to.
#include "sync/store/columns.h"
#include "sync/store/head_proof.h"
#include "sync/store/parked_table.h"
#include "sync/store/stored_dossier.h"

namespace throughgate::sync::store {

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
  if (!heard_proof()) heard_ = std::min(heard_, dsn);  // nobody has told of more
  work_.run(
      "UPDATE dossier SET length = ?, chain = ?, readable = ?, heard = ?, digest_sent = 0 "
      "WHERE id = ?",
      length_, chain_, readable_, heard_, row_);
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

void StoredDossier::set_ended(bool ended) {
  work_.run("UPDATE dossier SET ended = ? WHERE id = ? AND ended != ?", ended, row_, ended);
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

bool StoredDossier::is_confirmed(const InstanceId& instance) const {
  return work_
      .first("SELECT 1 FROM dossier WHERE id = ? AND confirmed = ?", bound(row_, instance.view()),
             unsigned_column)
      .has_value();
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

}  // namespace throughgate::sync::store
