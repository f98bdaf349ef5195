#include "sync/store/stored_dossier.h"

#include "sync/store/columns.h"
#include "sync/store/erasure.h"

namespace throughgate::sync::store {
namespace {

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
    if (is_erased(work, id)) {
      refuse_erased();
      return;
    }
    work.run("INSERT INTO dossier (dossier, chain) VALUES (?, ?)", id.view(), chain_start(id));
  }
  read_row();
  read_memberships();
}

// Whatever the way by which it came back: nothing of this unit is kept.
void StoredDossier::refuse_erased() { work_.fail(already_erased()); }

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

// And what was taken out of the record before what it held itself was ever read here.
std::vector<EntryRow> StoredDossier::not_understood() const {
  std::vector<EntryRow> out;
  work_.each(
      "SELECT id FROM entry e WHERE dossier = ? AND (content > 2 OR passed_over OR (redacted_by != "
      "0 AND NOT EXISTS (SELECT 1 FROM op o WHERE o.entry = e.id AND o.source = 0))) "
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

}  // namespace throughgate::sync::store
