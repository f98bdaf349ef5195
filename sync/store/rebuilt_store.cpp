#include "sync/store/rebuilt_store.h"

#include "sync/store/rebuild.h"
#include "sync/store/row_copy.h"

namespace throughgate::sync::store {
namespace {

// What Rebuild makes of a dossier's entries, and those themselves; every other table is copied.
const std::set<std::string> made_anew{"author",    "dossier",    "dossier_key", "entry",
                                      "field",     "membership", "op",          "part",
                                      "redaction", "search_row"};
// Likewise of their columns: what stands beside them is copied.
const std::set<std::string> made_of_dossier{"id",        "length", "chain", "readable",   "newer",
                                            "receiving", "kind",   "stale", "digest_sent"};
const std::set<std::string> made_of_entry{"id",
                                          "dossier",
                                          "author",
                                          "stream",
                                          "seq",
                                          "kind",
                                          "standing",
                                          "content",
                                          "header",
                                          "signature",
                                          "dsn",
                                          "directory_version",
                                          "accepted_at_ms",
                                          "chain",
                                          "inert",
                                          "role",
                                          "redacted_by",
                                          "clock_ms",
                                          "effective_ms",
                                          "actor",
                                          "arrived_at_ms",
                                          "passed_over"};

Result<Done> rebuild_dossier(Database& kept, Database& anew, const DossierId& id,
                             const NodeContext& context, RebuildReport& report) {
  UnitOfWork from(kept, Purpose::reading);
  UnitOfWork to(anew);
  const StoredDossier stored(from, id);
  DossierFaults faults(id, report.faults);
  Rebuild rebuild(stored, to, context, faults);
  rebuild.run();
  // The entry at the next place is a newer program's, and parked.
  to.run("UPDATE dossier SET newer = newer | ? WHERE dossier = ?", stored.newer() & Newer::place,
         id.view());
  ++report.dossiers;
  report.entries += rebuild.entries();
  if (from.failed()) return from.error();
  return to.commit();
}

Result<Done> copy_the_rest(Database& kept, Database& anew) {
  UnitOfWork from(kept, Purpose::reading);
  UnitOfWork to(anew);
  to.run("DELETE FROM key_renewal");  // judged without the envelopes: those are copied yet
  const auto tables = tables_of(anew);
  if (!tables) return tables.error();
  for (const auto& table : *tables) {
    if (made_anew.contains(table)) continue;
    if (auto copied = copy_table(kept, anew, table); !copied) return copied;
  }
  for (const auto& [table, key, but] : {std::tuple("dossier", "dossier", made_of_dossier),
                                        std::tuple("entry", "hash", made_of_entry)}) {
    if (auto copied = copy_columns(kept, anew, table, key, but); !copied) return copied;
  }
  // It names a row of the old store.
  to.run("DELETE FROM setting WHERE name = 'fetch after'");
  if (from.failed()) return from.error();
  return to.commit();
}

}  // namespace

Result<RebuildReport> rebuild_store(Database& kept, Database& anew, const NodeContext& context,
                                    const RebuildProgress& progress) {
  std::vector<DossierId> dossiers;
  {
    UnitOfWork work(kept, Purpose::reading);
    work.each("SELECT dossier FROM dossier ORDER BY id", bound(), [&](const Statement& row) {
      const auto id = DossierId::from(row.view(0));
      id ? dossiers.push_back(*id) : work.fail_as_damaged();
    });
    if (work.failed()) return work.error();
  }
  RebuildReport report;
  for (const auto& dossier : dossiers) {
    if (auto done = rebuild_dossier(kept, anew, dossier, context, report); !done) {
      return done.error();
    }
    if (progress) progress(report.dossiers, dossiers.size());
  }
  if (auto done = copy_the_rest(kept, anew); !done) return done.error();
  return report;
}

}  // namespace throughgate::sync::store
