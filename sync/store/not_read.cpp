#include "sync/store/not_read.h"

#include <set>

#include "sync/store/stored_dossier.h"
#include "sync/store/unit_of_work.h"

namespace throughgate::sync::store {
namespace {

constexpr std::uint64_t header_dossier_at = 5;  // of every version so far; SQL counts from 1

}  // namespace

Result<std::uint64_t> changes_not_read(Database& database, const PolicyTable& policies,
                                       const DossierId& dossier) {
  UnitOfWork work(database, Purpose::reading);
  std::set<std::int64_t> entries;
  work.each(
      "SELECT e.id FROM entry e JOIN dossier d ON d.id = e.dossier "
      "WHERE d.dossier = ? AND (e.content = ? OR e.passed_over)",
      bound(dossier.view(), static_cast<int>(Content::newer)),
      [&](const Statement& row) { entries.insert(row.integer(0)); });
  work.each(
      "SELECT DISTINCT o.entry, o.type, o.field FROM op o JOIN dossier d ON d.id = o.dossier "
      "WHERE d.dossier = ?",
      bound(dossier.view()), [&](const Statement& row) {
        const auto type = static_cast<std::uint32_t>(row.integer(1));
        const auto field = static_cast<std::uint32_t>(row.integer(2));
        if (!policies.find(type, field)) entries.insert(row.integer(0));
      });
  const auto parked =
      work.first("SELECT count(*) FROM parked WHERE dossier = ?1 OR substr(header, ?2, 16) = ?1",
                 bound(dossier.view(), header_dossier_at), unsigned_column);
  if (auto done = work.commit(); !done) return done.error();
  return entries.size() + parked.value_or(0);
}

}  // namespace throughgate::sync::store
