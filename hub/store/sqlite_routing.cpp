// Envelopes, pointers and digests.
#include "hub/store/sqlite_rows.h"

namespace throughgate::hub {
namespace {

KeptDigest digest_in(const Statement& row) {
  return {id_in<NodeId>(row, 0), number_in(row, 1), array_in<16>(row, 2), array_in<16>(row, 3),
          number_in(row, 4)};
}

}  // namespace

// ---- envelopes

std::vector<HeldEnvelope> SqliteStore::held_envelopes(const DossierId& dossier) {
  std::vector<HeldEnvelope> out;
  const auto read = [&](const Statement& row) {
    out.push_back({id_in<EpochId>(row, 0),
                   id_in<NodeId>(row, 1),
                   {static_cast<sync::RecipientKind>(row.integer(2)), array_in<16>(row, 3)}});
  };
  each(
      "SELECT l.epoch, l.sender, e.kind, e.recipient FROM envelope_list l JOIN envelope e ON "
      "e.list = l.id WHERE l.dossier = ?",
      read, dossier.bytes);
  return out;
}

bool SqliteStore::keeps(const sync::EnvelopeList& list) {
  return number(
             "SELECT count(*) FROM envelope_list WHERE dossier = ? AND epoch = ? AND sender = ? "
             "AND bytes = ?",
             list.dossier.bytes, list.epoch.bytes, list.sender.bytes, list.encode()) != 0;
}

std::uint64_t SqliteStore::lists_of(const sync::EnvelopeList& list) {
  return number("SELECT count(*) FROM envelope_list WHERE dossier = ? AND epoch = ? AND sender = ?",
                list.dossier.bytes, list.epoch.bytes, list.sender.bytes);
}

void SqliteStore::keep(const sync::EnvelopeList& list, std::uint64_t change) {
  run("INSERT INTO envelope_list (dossier, epoch, sender, bytes, signature, change) VALUES (?, ?, "
      "?, ?, ?, ?)",
      list.dossier.bytes, list.epoch.bytes, list.sender.bytes, list.encode(), list.signature,
      change);
  const auto id = number("SELECT last_insert_rowid()");
  for (const auto& envelope : list.envelopes) {
    run("INSERT INTO envelope VALUES (?, ?, ?) ON CONFLICT DO NOTHING", id,
        static_cast<std::uint8_t>(envelope.recipient.kind), envelope.recipient.id);
  }
  run("DELETE FROM envelope_list AS old WHERE dossier = ? AND epoch = ? AND sender = ? AND id <> "
      "?4 AND NOT EXISTS (SELECT kind, recipient FROM envelope WHERE list = old.id EXCEPT SELECT "
      "kind, recipient FROM envelope WHERE list = ?4)",
      list.dossier.bytes, list.epoch.bytes, list.sender.bytes, id);
}

std::vector<KeptEnvelopes> SqliteStore::envelopes_for(const DossierId& dossier, const NodeId& node,
                                                      const OrganisationId& organisation,
                                                      std::uint64_t after_change) {
  std::vector<KeptEnvelopes> out;
  const auto read = [&](const Statement& row) {
    out.push_back({row.bytes(0), array_in<64>(row, 1), id_in<NodeId>(row, 2),
                   id_in<EpochId>(row, 3), number_in(row, 4)});
  };
  each(
      "SELECT bytes, signature, sender, epoch, change FROM envelope_list l WHERE dossier = ? AND "
      "change > ? AND EXISTS (SELECT 1 FROM envelope e WHERE e.list = l.id AND ((kind = 1 AND "
      "recipient = ?) OR (kind = 2 AND recipient = ?))) ORDER BY change, id",
      read, dossier.bytes, after_change, node.bytes, organisation.bytes);
  return out;
}

// ---- what organisations are told

void SqliteStore::move_pointer(const OrganisationId& organisation, const DossierId& dossier,
                               std::uint64_t change, bool from_start) {
  run("INSERT INTO pointer VALUES (?1, ?2, ?3, ?3) ON CONFLICT DO UPDATE SET change = ?3, begins = "
      "iif(?4, ?3, begins)",
      organisation.bytes, dossier.bytes, change, from_start);
}

std::vector<Pointer> SqliteStore::pointers_after(const OrganisationId& organisation,
                                                 std::uint64_t change, std::size_t count_max) {
  std::vector<Pointer> out;
  const auto read = [&](const Statement& row) {
    out.push_back({id_in<DossierId>(row, 0), number_in(row, 1), number_in(row, 2)});
  };
  each(
      "SELECT dossier, change, begins FROM pointer WHERE organisation = ? AND change > ? ORDER BY "
      "change LIMIT ?",
      read, organisation.bytes, change, count_max);
  return out;
}

std::optional<KeptDigest> SqliteStore::digest(const DossierId& dossier, const NodeId& node) {
  return first(
      "SELECT node, dsn, policy_version, digest, change FROM digest WHERE dossier = ? AND node = ?",
      digest_in, dossier.bytes, node.bytes);
}

void SqliteStore::keep_digest(const DossierId& dossier, const KeptDigest& digest) {
  run("INSERT OR REPLACE INTO digest VALUES (?, ?, ?, ?, ?, ?)", dossier.bytes, digest.node.bytes,
      digest.dsn, digest.policy_version, digest.digest, digest.change);
}

std::vector<KeptDigest> SqliteStore::digests(const DossierId& dossier, std::uint64_t after_change) {
  std::vector<KeptDigest> out;
  each(
      "SELECT node, dsn, policy_version, digest, change FROM digest WHERE dossier = ? AND change "
      "> ? ORDER BY node",
      [&](const Statement& row) { out.push_back(digest_in(row)); }, dossier.bytes, after_change);
  return out;
}

}  // namespace throughgate::hub
