#include "node/form.h"

#include <algorithm>

#include "sync/layout.h"

namespace throughgate::node {
namespace {

constexpr std::size_t form_text_max = 64 << 10;

std::vector<sync::Hash> entries_of(const Form& form) {
  std::vector<sync::Hash> out;
  for (const auto& [field, ids] : form.seen) {
    for (const auto& id : ids) out.push_back(id.entry);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

Form Form::of(const sync::store::RecordView& record) {
  Form out{record.name, {}};
  for (const auto& field : record.fields) {
    auto seen = field.seen();
    if (!seen.empty()) out.seen[field.field] = std::move(seen);
  }
  return out;
}

// dossier 16 · record 8 · type u32 · entries u16 × 32 · fields u16 × {field u32 · count u16 ×
// {entry u16 · index u16}}
std::string Form::encode() const {
  const auto entries = entries_of(*this);
  sync::LayoutWriter out;
  out.bytes(record.dossier.bytes).bytes(record.record.bytes).u32(record.type);
  out.u16(static_cast<std::uint16_t>(entries.size()));
  for (const auto& entry : entries) out.bytes(entry);
  out.u16(static_cast<std::uint16_t>(seen.size()));
  for (const auto& [field, ids] : seen) {
    out.u32(field).u16(static_cast<std::uint16_t>(ids.size()));
    for (const auto& id : ids) {
      const auto at = std::lower_bound(entries.begin(), entries.end(), id.entry);
      out.u16(static_cast<std::uint16_t>(at - entries.begin()));
      out.u16(static_cast<std::uint16_t>(id.index));
    }
  }
  return crypto::to_hex(out.take());
}

std::optional<Form> Form::decode(std::string_view text) {
  if (text.size() > form_text_max) return std::nullopt;
  const auto bytes = crypto::from_hex(text);
  if (!bytes) return std::nullopt;
  sync::LayoutReader in(*bytes);
  Form out;
  out.record.dossier = in.id<sync::DossierId>();
  out.record.record = in.id<sync::RecordId>();
  out.record.type = in.u32();
  std::vector<sync::Hash> entries;
  for (std::uint32_t left = in.u16(); left > 0 && !in.failed(); --left) {
    entries.push_back(in.array<32>());
  }
  for (std::uint32_t fields = in.u16(); fields > 0 && !in.failed(); --fields) {
    auto& ids = out.seen[in.u32()];
    for (std::uint32_t left = in.u16(); left > 0 && !in.failed(); --left) {
      const std::size_t entry = in.u16();
      const std::uint32_t index = in.u16();
      if (entry >= entries.size()) return std::nullopt;
      ids.push_back({entries[entry], index});
    }
  }
  return in.finished() ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace throughgate::node
