#include "sync/store/checker.h"

#include <array>
#include <set>

#include "sync/store/comparison.h"
#include "sync/store/node_schema.h"
#include "sync/store/rebuild.h"

namespace throughgate::sync::store {
namespace {

std::size_t count_fields(Replica& replica) {
  return replica.work().first("SELECT count(*) FROM field", bound(), unsigned_column).value_or(0);
}

// Everything made in `scratch` is rolled back at the end: it holds one dossier at a time.
Result<Done> check_dossier(Database& database, Database& scratch, const DossierId& id,
                           const NodeContext& context, CheckReport& report) {
  UnitOfWork work(database, Purpose::reading);
  if (!StoredDossier::exists(work, id)) return work.failed() ? work.error() : Result<Done>(Done{});
  UnitOfWork anew(scratch);
  DossierFaults faults(id, report.faults);
  const StoredDossier kept(work, id);
  Rebuild rebuild(kept, anew, context, faults);
  const bool whole = rebuild.run();
  Replica& replica = rebuild.replica();
  if (whole && !kept.is_stale()) {
    faults.turn_to_derived();
    compare(kept, replica.stored(), faults);
    if (kept.newer() == 0) {
      if (const auto digest = replica.digest()) {
        report.digests[id] = {replica.stored().length(), *digest};
      }
    }
  }
  ++report.dossiers;
  report.entries += rebuild.entries();
  report.without_author += rebuild.without_author();
  report.without_content += rebuild.without_content();
  report.not_read_again += kept.is_stale() ? 1 : 0;
  report.fields += count_fields(replica);
  if (work.failed()) return work.error();
  if (anew.failed()) return anew.error();
  return Done{};
}

struct Stray {
  std::string_view sql;  // counts rows that belong to no dossier and no field
  const char* what;
};
constexpr std::array strays{
    Stray{"SELECT count(*) FROM op WHERE dossier NOT IN (SELECT id FROM dossier)",
          "A value is kept that belongs to no record."},
    Stray{"SELECT count(*) FROM membership WHERE dossier NOT IN (SELECT id FROM dossier)",
          "Somebody shares a record that is not here."},
    Stray{"SELECT count(*) FROM dossier_key WHERE dossier NOT IN (SELECT id FROM dossier)",
          "A key is kept of a record that is not here."},
    Stray{"SELECT count(*) FROM field WHERE dossier NOT IN (SELECT id FROM dossier)",
          "A field is shown that belongs to no record."},
    Stray{"SELECT (SELECT count(*) FROM search_open WHERE rowid NOT IN (SELECT field FROM "
          "search_row WHERE class = 1)) + (SELECT count(*) FROM search_personal WHERE rowid NOT IN "
          "(SELECT field FROM search_row WHERE class = 2)) + (SELECT count(*) FROM "
          "search_confidential WHERE rowid NOT IN (SELECT field FROM search_row WHERE class = 3)) "
          "+ (SELECT count(*) FROM search_restricted WHERE rowid NOT IN (SELECT field FROM "
          "search_row WHERE class = 4))",
          "Search knows words that no field shows."},
};

// What no dossier's own check can see, because nothing leads there from its entries.
Result<Done> check_strays(Database& database, CheckReport& report) {
  UnitOfWork work(database, Purpose::reading);
  for (const auto& stray : strays) {
    if (work.first(stray.sql, bound(), unsigned_column).value_or(0) > 0) {
      report.faults.push_back({std::nullopt, std::nullopt, stray.what, true});
    }
  }
  std::set<std::optional<DossierId>> told;
  for (const auto& fault : report.faults) {
    if (fault.what == no_history) told.insert(fault.dossier);
  }
  work.each(
      "SELECT DISTINCT d.dossier FROM field f JOIN dossier d ON d.id = f.dossier WHERE NOT EXISTS "
      "(SELECT 1 FROM op o WHERE o.dossier = f.dossier AND o.record = f.record AND o.type = f.type "
      "AND o.field = f.field)",
      bound(), [&](const Statement& row) {
        const auto dossier = DossierId::from(row.view(0));
        if (!told.contains(dossier))
          report.faults.push_back({dossier, std::nullopt, no_history, true});
      });
  if (work.failed()) return work.error();
  return Done{};
}

}  // namespace

Result<Database> scratch_store() {
  auto scratch = Database::in_memory();
  if (!scratch) return scratch;
  if (auto made = migrate(*scratch, node_migrations(), node_application_id); !made) {
    return made.error();
  }
  return scratch;
}

Result<CheckReport> check_store(Database& database, const NodeContext& context) {
  auto scratch = scratch_store();
  if (!scratch) return scratch.error();
  return check_store(database, context, *scratch);
}

Result<CheckReport> check_store(Database& database, const NodeContext& context, Database& scratch) {
  std::vector<DossierId> dossiers;
  {
    UnitOfWork work(database, Purpose::reading);
    work.each("SELECT dossier FROM dossier ORDER BY dossier", bound(), [&](const Statement& row) {
      if (const auto id = DossierId::from(row.view(0))) dossiers.push_back(*id);
    });
    if (work.failed()) return work.error();
  }
  CheckReport report;
  for (const auto& dossier : dossiers) {
    if (auto done = check_dossier(database, scratch, dossier, context, report); !done) {
      return done.error();
    }
  }
  if (auto done = check_strays(database, report); !done) return done.error();
  return report;
}

}  // namespace throughgate::sync::store
