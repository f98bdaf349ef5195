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

Result<Done> each_value(Database& database, std::uint32_t type, std::uint32_t field,
                        const std::function<void(const RecordName&, ByteView)>& take) {
  UnitOfWork work(database, Purpose::reading);
  work.each(
      "SELECT d.dossier, o.record, o.type, o.value FROM op o JOIN dossier d ON d.id = o.dossier "
      "JOIN entry e ON e.id = o.entry "
      "WHERE o.type = ? AND o.field = ? AND d.receiving <> ? AND o.source = e.redacted_by "
      "ORDER BY d.id",
      bound(type, field, static_cast<int>(Receiving::set_aside)), [&](const Statement& row) {
        if (const auto name = name_in(row)) take(*name, row.view(3));
      });
  return work.commit();
}

Result<std::vector<ChangeApart>> changes_apart(Database& database, ByteView part,
                                               std::size_t limit) {
  UnitOfWork work(database, Purpose::reading);
  std::vector<ChangeApart> out;
  work.each(
      "SELECT d.dossier, o.record, o.type, e.hash, o.idx, o.field, o.kind, o.value, o.removed, "
      "a.organisation, ifnull(e.accepted_at_ms, 0) FROM dossier d JOIN op o ON o.dossier = d.id "
      "JOIN entry e ON e.id = o.entry JOIN author a ON a.id = e.author "
      "WHERE d.receiving = ? AND o.source = e.redacted_by AND EXISTS (SELECT 1 FROM op p JOIN "
      "entry q ON q.id = p.entry WHERE p.dossier = o.dossier AND p.record = o.record AND p.type = "
      "o.type AND p.source = q.redacted_by AND instr(p.value, ?) > 0) "
      "ORDER BY d.dossier, o.type, o.record, e.id DESC, o.idx DESC LIMIT ?",
      bound(static_cast<int>(Receiving::set_aside), part, static_cast<std::uint64_t>(limit)),
      [&](const Statement& row) {
        const auto name = name_in(row);
        const auto entry = crypto::to_array<32>(row.view(3));
        const auto organisation = OrganisationId::from(row.view(9));
        if (!name || !entry || !organisation) return work.fail_as_damaged();
        OpView change;
        change.id = {*entry, static_cast<std::uint32_t>(row.integer(4))};
        change.field = static_cast<std::uint32_t>(row.integer(5));
        change.kind = static_cast<OpKind>(row.integer(6));
        change.value = row.bytes(7);
        change.removed = row.integer(8) != 0;
        change.organisation = *organisation;
        change.effective_ms = row.unsigned_integer(10);
        out.push_back({*name, std::move(change)});
      });
  if (auto done = work.commit(); !done) return done.error();
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
