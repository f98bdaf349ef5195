#include "sync/store/waiting_redactions.h"

namespace throughgate::sync::store {
namespace {

std::vector<EntryRow> waiting(const StoredDossier& stored) {
  std::vector<EntryRow> out;
  stored.work().each(
      "SELECT id FROM entry WHERE dossier = ? AND dsn IS NULL AND kind = ? AND standing <> ?",
      bound(stored.row(), static_cast<int>(EntryKind::redact), static_cast<int>(Standing::refused)),
      [&](const Statement& row) { out.push_back(row.integer(0)); });
  return out;
}

}  // namespace

Result<std::set<OpId>> ops_being_removed(Database& database, const NodeContext& context,
                                         const DossierId& dossier) {
  UnitOfWork work(database, Purpose::reading);
  std::set<OpId> out;
  if (!StoredDossier::exists(work, dossier)) return out;
  const Replica replica(work, dossier, context);
  const StoredDossier& stored = replica.stored();
  for (const EntryRow row : waiting(stored)) {
    const auto held = stored.load(row);
    const auto* redaction = held ? held->entry.redaction() : nullptr;
    const auto target_row = redaction ? stored.find(redaction->entry) : std::nullopt;
    const auto target = target_row ? stored.load(*target_row) : std::nullopt;
    if (!target) continue;
    for (const auto index : replica.removed_from(*target)) out.insert({redaction->entry, index});
  }
  if (work.failed()) return work.error();
  return out;
}

}  // namespace throughgate::sync::store
