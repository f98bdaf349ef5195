#include "sync/store/parked_table.h"

namespace throughgate::sync::store {
namespace {

// Columns: header, signature, clear, sealed.
SignedEntry bytes_of(UnitOfWork& work, const Statement& row) {
  const auto signature = crypto::to_array<64>(row.view(1));
  if (!signature) work.fail_as_damaged();
  return {row.bytes(0), signature.value_or(crypto::Signature{}), row.bytes(2), row.bytes(3)};
}

}  // namespace

bool is_of_later_version(ByteView header) {
  const auto decoded = decode_header(header);
  return !decoded.header && decoded.fault == HeaderFault::version_unknown;
}

void ParkedTable::keep(const ParkedEntry& entry) {
  const auto& [header, signature, clear, sealed] = entry.bytes;
  const Hash hash = entry_hash(header);
  work_.run(
      "INSERT OR IGNORE INTO parked (hash, header, signature, clear, sealed) "
      "VALUES (?, ?, ?, ?, ?)",
      hash, header, signature, clear, sealed);
  if (!entry.place) return;
  const auto& [dossier, record] = *entry.place;
  work_.run(
      "UPDATE parked SET dossier = ?, dsn = ?, directory_version = ?, accepted_at_ms = ? "
      "WHERE hash = ?",
      dossier.view(), record.dsn, record.directory_version, record.accepted_at_ms, hash);
}

std::optional<ParkedEntry> ParkedTable::at(const DossierId& dossier, std::uint64_t dsn) const {
  return work_.first(
      "SELECT header, signature, clear, sealed, directory_version, accepted_at_ms FROM parked "
      "WHERE dossier = ? AND dsn = ?",
      bound(dossier.view(), dsn), [&](const Statement& row) {
        auto bytes = bytes_of(work_, row);
        const OrderRecord record{dsn, entry_hash(bytes.header), row.unsigned_integer(4),
                                 row.unsigned_integer(5)};
        return ParkedEntry{std::move(bytes), ParkedEntry::Place{dossier, record}};
      });
}

std::vector<ParkedEntry> ParkedTable::without_place() const {
  std::vector<ParkedEntry> out;
  work_.each("SELECT header, signature, clear, sealed FROM parked WHERE dsn IS NULL ORDER BY hash",
             bound(), [&](const Statement& row) {
               out.push_back({bytes_of(work_, row), {}});
             });
  return out;
}

std::uint64_t ParkedTable::count_without_place() const {
  return work_.first("SELECT count(*) FROM parked WHERE dsn IS NULL", bound(), unsigned_column)
      .value_or(0);
}

void ParkedTable::take_places_back(const DossierId& dossier, std::uint64_t dsn) {
  work_.run(
      "UPDATE parked SET dossier = NULL, dsn = NULL, directory_version = NULL, "
      "accepted_at_ms = NULL WHERE dossier = ? AND dsn > ?",
      dossier.view(), dsn);
}

void ParkedTable::remove(const Hash& entry) {
  work_.run("DELETE FROM parked WHERE hash = ?", entry);
}

}  // namespace throughgate::sync::store
