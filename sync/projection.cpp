#include "sync/projection.h"

#include "sync/contexts.h"
#include "sync/layout.h"

namespace throughgate::sync {
namespace {

void write_ids(LayoutWriter& out, const std::vector<OpId>& ids) {
  out.u32(static_cast<std::uint32_t>(ids.size()));
  for (const auto& id : ids) out.bytes(id.entry).u32(id.index);
}

std::vector<OpId> ids_of(const std::vector<std::size_t>& indices,
                         std::span<const OpInContext> ops) {
  std::vector<OpId> out;
  out.reserve(indices.size());
  for (const std::size_t i : indices) out.push_back(ops[i].id);
  return out;
}

}  // namespace

ProjectedField project(const FieldPolicy& policy, std::span<const OpInContext> ops) {
  const FieldState state = merge(policy, ops);
  ProjectedField out;
  out.policy = policy.policy;
  for (const std::size_t i : state.siblings) {
    out.siblings.push_back({ops[i].id, ops[i].kind, ops[i].value, ops[i].value_removed});
  }
  if (state.shown) out.shown = ops[*state.shown].id;
  out.listed = ids_of(state.listed, ops);
  out.not_applied = ids_of(state.not_applied, ops);
  out.state = state.state;
  out.in_review = state.in_review;
  return out;
}

Bytes canonical(const FieldKey& key, const ProjectedField& field) {
  LayoutWriter out;
  out.bytes(key.record.bytes).u32(key.record_type).u32(key.field);
  out.u8(static_cast<std::uint8_t>(field.policy));
  out.u32(static_cast<std::uint32_t>(field.siblings.size()));
  for (const auto& op : field.siblings) {
    out.bytes(op.id.entry).u32(op.id.index).u8(static_cast<std::uint8_t>(op.kind));
    out.u8(op.value_removed ? 1 : 0).u32(static_cast<std::uint32_t>(op.value.size()));
    out.bytes(op.value);
  }
  out.u8(field.shown ? 1 : 0);
  if (field.shown) out.bytes(field.shown->entry).u32(field.shown->index);
  write_ids(out, field.listed);
  write_ids(out, field.not_applied);
  out.u32(field.state);
  return out.take();
}

ProjectionDigest projection_digest(const crypto::ContentKey& key, const DossierId& dossier,
                                   std::uint64_t dsn, const std::map<FieldKey, Bytes>& fields) {
  LayoutWriter all;
  all.bytes(dossier.bytes).u64(dsn).u32(static_cast<std::uint32_t>(fields.size()));
  for (const auto& [field, bytes] : fields) all.bytes(bytes);
  return crypto::keyed_hash_128(key.secret().view(), contexts::projection_digest, {all.take()});
}

}  // namespace throughgate::sync
