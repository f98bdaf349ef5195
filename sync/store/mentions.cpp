#include "sync/store/mentions.h"

#include "sync/store/unit_of_work.h"

namespace throughgate::sync::store {
namespace {

std::optional<RecordName> name_in(const Statement& row) {
  const auto dossier = DossierId::from(row.view(0));
  const auto record = RecordId::from(row.view(1));
  if (!dossier || !record) return std::nullopt;
  return RecordName{*dossier, *record, static_cast<std::uint32_t>(row.integer(2))};
}

}  // namespace

Result<std::vector<RecordName>> records_holding(Database& database, ByteView part,
                                                std::size_t limit) {
  UnitOfWork work(database, Purpose::reading);
  std::vector<RecordName> out;
  work.each(
      "SELECT DISTINCT d.dossier, o.record, o.type FROM op o JOIN dossier d ON d.id = o.dossier "
      "JOIN entry e ON e.id = o.entry "
      "WHERE d.receiving <> ? AND o.source = e.redacted_by AND instr(o.value, ?) > 0 "
      "ORDER BY d.dossier, o.type, o.record LIMIT ?",
      bound(static_cast<int>(Receiving::set_aside), part, static_cast<std::uint64_t>(limit)),
      [&](const Statement& row) {
        if (const auto name = name_in(row)) out.push_back(*name);
      });
  if (work.failed()) return work.error();
  return out;
}

Result<std::vector<RecordName>> records_in(Database& database, const DossierId& dossier) {
  UnitOfWork work(database, Purpose::reading);
  std::vector<RecordName> out;
  work.each(
      "SELECT DISTINCT d.dossier, o.record, o.type FROM op o JOIN dossier d ON d.id = o.dossier "
      "WHERE d.dossier = ? AND d.receiving <> ? ORDER BY o.type, o.record",
      bound(dossier.view(), static_cast<int>(Receiving::set_aside)), [&](const Statement& row) {
        if (const auto name = name_in(row)) out.push_back(*name);
      });
  if (work.failed()) return work.error();
  return out;
}

}  // namespace throughgate::sync::store
