#include "node/audit_rows.h"

#include "crypto/hash.h"
#include "crypto/random.h"
#include "sync/layout.h"
#include "sync/store/settings_table.h"

namespace throughgate::node {
namespace {

using sync::ActorId;
using sync::Bytes;
using sync::store::SettingsTable;
using sync::store::Statement;
using sync::store::UnitOfWork;

constexpr crypto::Context audit_row{"tg audit row"};
constexpr crypto::Context audit_reason{"tg audit reason"};
constexpr std::string_view last_mark = "audit mark";  // number u64 · mark 32

}  // namespace

const std::string_view audit_columns =
    "number, at_ms, actor, act, dossier, record, type, fields, count, reason, mark, reason_salt, "
    "reason_hash, reason_gone_with, reason_gone_with = dossier OR EXISTS (SELECT 1 FROM audit a "
    "WHERE a.dossier = audit.reason_gone_with AND a.reason_gone_with = audit.reason_gone_with AND "
    "a.at_ms = audit.at_ms AND a.actor = audit.actor)";

KeptAuditRow audit_row_in(const Statement& row) {
  KeptAuditRow kept;
  AuditRow& out = kept.row;
  out.number = row.unsigned_integer(0);
  out.at_ms = row.unsigned_integer(1);
  const auto actor = ActorId::from(row.view(2));
  out.act = static_cast<AuditAct>(row.integer(3));
  const auto dossier = sync::DossierId::from(row.view(4));
  const auto record = sync::RecordId::from(row.view(5));
  const auto mark = crypto::to_array<32>(row.view(10));
  const Bytes fields = row.bytes(7);
  kept.has_form = actor && dossier && record && mark && fields.size() % 4 == 0;
  if (!kept.has_form) return kept;
  out.actor = *actor;
  out.record = {*dossier, *record, static_cast<std::uint32_t>(row.integer(6))};
  sync::LayoutReader in(fields);
  for (std::size_t i = 0; i < fields.size() / 4; ++i) out.fields.push_back(in.u32());
  out.count = row.unsigned_integer(8);
  out.reason = row.text(9);
  out.mark = *mark;
  kept.salt = row.bytes(11);
  kept.reason_hash = row.bytes(12);
  out.reason_gone_with = sync::DossierId::from(row.view(13));
  kept.goes_with_its_answer = row.integer(14) != 0;
  return kept;
}

Bytes encode_fields(const std::vector<std::uint32_t>& fields) {
  sync::LayoutWriter out;
  for (const auto field : fields) out.u32(field);
  return out.take();
}

sync::Hash hash_of_reason(std::string_view reason, sync::ByteView salt) {
  return crypto::hash(audit_reason, {salt, crypto::as_bytes(reason)});
}

// number u64 · at_ms u64 · actor 8 · act u8 · dossier 16 · record 8 · type u32 · fields u32 count
// and u32 each · count u64 · reason hash 32
sync::Hash mark_of(const sync::Hash& before, const KeptAuditRow& kept) {
  const AuditRow& row = kept.row;
  const auto fields = encode_fields(row.fields);
  sync::LayoutWriter out;
  out.u64(row.number).u64(row.at_ms).bytes(row.actor.bytes).u8(static_cast<std::uint8_t>(row.act));
  out.bytes(row.record.dossier.bytes).bytes(row.record.record.bytes).u32(row.record.type);
  out.u32(static_cast<std::uint32_t>(row.fields.size())).bytes(fields).u64(row.count);
  out.bytes(kept.reason_hash);
  const auto bytes = out.take();
  return crypto::hash(audit_row, {before, bytes});
}

AuditMark kept_audit_mark(UnitOfWork& work, std::string_view setting) {
  const auto kept = SettingsTable(work).find(setting);
  if (!kept) return {};
  sync::LayoutReader in(*kept);
  AuditMark out;
  out.number = in.u64();
  out.mark = in.array<32>();
  if (!in.finished()) work.fail_as_damaged();
  return out;
}

AuditMark last_audit_mark(UnitOfWork& work) { return kept_audit_mark(work, last_mark); }

void keep_last_audit_mark(UnitOfWork& work, const AuditMark& mark) {
  SettingsTable(work).set(last_mark, sync::LayoutWriter().u64(mark.number).bytes(mark.mark).take());
}

AuditMark append_audit_row(UnitOfWork& work, crypto::Random& random, const AuditMark& last,
                           AuditRow added) {
  KeptAuditRow kept{std::move(added), {}, {}};
  AuditRow& row = kept.row;
  row.number = last.number + 1;
  const auto salt = random.bytes<reason_salt_bytes>();
  const auto reason_hash = hash_of_reason(row.reason, salt);
  kept.reason_hash.assign(reason_hash.begin(), reason_hash.end());
  row.mark = mark_of(last.mark, kept);
  const auto gone_with = row.reason_gone_with ? row.reason_gone_with->view() : sync::ByteView();
  work.run(
      "INSERT INTO audit (number, at_ms, actor, act, dossier, record, type, fields, count, "
      "reason, mark, reason_salt, reason_hash, reason_gone_with) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      row.number, row.at_ms, row.actor.view(), static_cast<int>(row.act), row.record.dossier.view(),
      row.record.record.view(), row.record.type, encode_fields(row.fields), row.count, row.reason,
      row.mark, salt, reason_hash, gone_with);
  return {row.number, row.mark};
}

}  // namespace throughgate::node
