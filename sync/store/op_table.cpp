#include "sync/store/op_table.h"

#include "sync/layout.h"

namespace throughgate::sync::store {
namespace {

Bytes encode(const std::vector<OpId>& ids) {
  LayoutWriter out;
  for (const auto& id : ids) out.bytes(id.entry).u32(id.index);
  return out.take();
}

std::optional<Bytes> encode(const std::optional<AgainOf>& again) {
  if (!again) return std::nullopt;
  LayoutWriter out;
  out.bytes(again->original.entry).u32(again->original.index).bytes(again->author.bytes);
  return out.take();
}

FieldKey field_key(const Statement& row) {
  FieldKey key;
  key.record = RecordId::from(row.view(0)).value_or(RecordId{});
  key.record_type = static_cast<std::uint32_t>(row.integer(1));
  key.field = static_cast<std::uint32_t>(row.integer(2));
  return key;
}

bool is_provisional(Standing standing) {
  return standing == Standing::outbox || standing == Standing::carried ||
         standing == Standing::waiting;
}

}  // namespace

std::optional<std::vector<OpId>> OpTable::decode_superseded(ByteView bytes) {
  LayoutReader in(bytes);
  std::vector<OpId> out;
  while (!in.finished()) {
    OpId id;
    id.entry = in.array<32>();
    id.index = in.u32();
    if (in.failed()) return std::nullopt;
    out.push_back(id);
  }
  return out;
}

std::optional<AgainOf> OpTable::decode_again(ByteView bytes) {
  LayoutReader in(bytes);
  AgainOf again;
  again.original.entry = in.array<32>();
  again.original.index = in.u32();
  again.author = in.id<NodeId>();
  return in.finished() ? std::optional(again) : std::nullopt;
}

void OpTable::add(EntryRow entry, EntryRow source, std::uint32_t index, const Op& op,
                  const std::vector<OpId>& supersedes) {
  work_.run(
      "INSERT INTO op (dossier, record, type, field, entry, source, idx, kind, value, removed, "
      "supersedes, again) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      dossier_.row(), op.field.record.view(), op.field.record_type, op.field.field, entry, source,
      index, static_cast<int>(op.kind), op.value, op.value_removed, encode(supersedes),
      encode(op.again_of));
}

void OpTable::remove(EntryRow entry, EntryRow source) {
  for (const auto& field : fields_of(entry)) {
    work_.run(
        "DELETE FROM op WHERE dossier = ? AND record = ? AND type = ? AND field = ? AND entry = ? "
        "AND source = ?",
        dossier_.row(), field.record.view(), field.record_type, field.field, entry, source);
  }
}

bool OpTable::holds(EntryRow entry) const {
  return work_
      .first("SELECT 1 FROM op WHERE entry = ? AND source = 0 LIMIT 1", bound(entry),
             unsigned_column)
      .has_value();
}

std::set<FieldKey> OpTable::fields_of(EntryRow entry) const {
  std::set<FieldKey> out;
  work_.each("SELECT record, type, field FROM op WHERE entry = ?", bound(entry),
             [&](const Statement& row) { out.insert(field_key(row)); });
  return out;
}

std::set<FieldKey> OpTable::fields() const {
  std::set<FieldKey> out;
  work_.each("SELECT DISTINCT record, type, field FROM op WHERE dossier = ?", bound(dossier_.row()),
             [&](const Statement& row) { out.insert(field_key(row)); });
  return out;
}

std::map<std::uint32_t, std::vector<OpId>> OpTable::superseded_by(EntryRow entry) const {
  std::map<std::uint32_t, std::vector<OpId>> out;
  work_.each(
      "SELECT idx, supersedes FROM op WHERE entry = ?1 AND source = CASE WHEN EXISTS (SELECT 1 "
      "FROM op WHERE entry = ?1 AND source = 0) THEN 0 ELSE (SELECT redacted_by FROM entry WHERE "
      "id = ?1) END",
      bound(entry), [&](const Statement& row) {
        auto ids = decode_superseded(row.view(1));
        if (!ids) return work_.fail_as_damaged();
        out[static_cast<std::uint32_t>(row.integer(0))] = std::move(*ids);
      });
  return out;
}

std::vector<OpInContext> OpTable::load(const FieldKey& field, View view,
                                       const RoleNow& role_now) const {
  std::vector<OpInContext> out;
  work_.each(
      "SELECT e.hash, o.idx, o.kind, o.value, o.removed, o.supersedes, o.again, a.node, e.role, "
      "e.dsn, e.effective_ms, e.clock_ms, e.accepted_at_ms, e.id, e.standing, a.organisation "
      "FROM op o JOIN entry e ON e.id = o.entry JOIN author a ON a.id = e.author "
      "WHERE o.dossier = ? AND o.record = ? AND o.type = ? AND o.field = ? AND e.inert = 0 "
      "AND o.source = e.redacted_by",
      bound(dossier_.row(), field.record.view(), field.record_type, field.field),
      [&](const Statement& row) {
        const auto standing = static_cast<Standing>(row.integer(14));
        const bool accepted = standing == Standing::accepted;
        if (!accepted && (view == View::accepted || !is_provisional(standing))) return;
        OpInContext op;
        const auto hash = crypto::to_array<32>(row.view(0));
        auto supersedes = decode_superseded(row.view(5));
        const auto author = NodeId::from(row.view(7));
        const auto organisation = OrganisationId::from(row.view(15));
        if (!hash || !supersedes || !author || !organisation) return work_.fail_as_damaged();
        op.id = {*hash, static_cast<std::uint32_t>(row.integer(1))};
        op.kind = static_cast<OpKind>(row.integer(2));
        op.value = row.bytes(3);
        op.value_removed = row.integer(4) != 0;
        op.supersedes = std::move(*supersedes);
        if (!row.is_null(6)) op.again_of = decode_again(row.view(6));
        op.author = *author;
        if (!accepted) {
          op.role = role_now(*organisation);
        } else if (!row.is_null(8)) {
          op.role = static_cast<Role>(row.integer(8));
        }
        if (accepted) op.dsn = row.unsigned_integer(9);
        op.effective_ms = row.unsigned_integer(10);
        const std::uint64_t clock_ms = row.unsigned_integer(11);
        op.effective_as_copy_ms =
            accepted ? std::min(clock_ms, row.unsigned_integer(12)) : clock_ms;
        op.arrival = row.unsigned_integer(13);
        out.push_back(std::move(op));
      });
  return out;
}

}  // namespace throughgate::sync::store
