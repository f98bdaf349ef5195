#include "sync/header.h"

#include "sync/contexts.h"
#include "sync/layout.h"
#include "sync/limits.h"

namespace throughgate::sync {
namespace {

void write_before_parts(LayoutWriter& out, const Header& header) {
  out.u16(entry_version)
      .u16(static_cast<std::uint16_t>(header.kind))
      .bytes(header.dossier.bytes)
      .bytes(header.author.bytes)
      .bytes(header.stream.bytes)
      .u64(header.seq)
      .bytes(header.previous)
      .u32(header.membership_version)
      .bytes(header.epoch.bytes)
      .u64(header.base_dsn)
      .bytes(header.base_head)
      .u8(static_cast<std::uint8_t>(header.dependencies.size()));
  for (const auto& dependency : header.dependencies) {
    out.bytes(dependency.stream.bytes).u64(dependency.seq).bytes(dependency.entry);
  }
}

bool is_zero(const Hash& hash) { return hash == Hash{}; }

bool part_is_well_formed(const PartDigest& part) {
  return (part.length == 0) == is_zero(part.hash);
}

// What one header can say about itself, whatever any chain holds.
bool is_well_formed(const Header& header) {
  const bool has_clear = header.clear.length > 0;
  const bool wants_clear = header.kind != EntryKind::change;
  for (std::size_t i = 0; i < header.dependencies.size(); ++i) {
    const auto& dependency = header.dependencies[i];
    if (dependency.seq == 0 || dependency.seq > counter_max || dependency.stream == header.stream)
      return false;
    if (i > 0 && header.dependencies[i - 1].stream >= dependency.stream) return false;  // sorted
  }
  return header.seq > 0 && header.seq <= counter_max && header.base_dsn <= counter_max &&
         (header.seq == 1) == is_zero(header.previous) && header.membership_version > 0 &&
         has_clear == wants_clear && header.sealed.length > 0 &&
         part_is_well_formed(header.clear) && part_is_well_formed(header.sealed);
}

}  // namespace

Bytes Header::encode_before_parts() const {
  LayoutWriter out;
  write_before_parts(out, *this);
  return out.take();
}

Bytes Header::encode() const {
  LayoutWriter out;
  write_before_parts(out, *this);
  out.u32(clear.length).bytes(clear.hash).u32(sealed.length).bytes(sealed.hash);
  return out.take();
}

HeaderOrFault decode_header(ByteView bytes) {
  LayoutReader in(bytes);
  const std::uint16_t version = in.u16();
  if (in.failed() || version == 0) return {};
  if (version != entry_version) return {std::nullopt, HeaderFault::version_unknown};

  Header header;
  const std::uint16_t kind = in.u16();
  if (kind < 1 || kind > 3) return {};
  header.kind = static_cast<EntryKind>(kind);
  header.dossier = in.id<DossierId>();
  header.author = in.id<NodeId>();
  header.stream = in.id<StreamId>();
  header.seq = in.u64();
  header.previous = in.array<32>();
  header.membership_version = in.u32();
  header.epoch = in.id<EpochId>();
  header.base_dsn = in.u64();
  header.base_head = in.array<32>();
  const std::size_t dependency_count = in.u8();
  if (dependency_count > dependencies_max) return {};
  for (std::size_t i = 0; i < dependency_count; ++i) {
    Dependency dependency;
    dependency.stream = in.id<StreamId>();
    dependency.seq = in.u64();
    dependency.entry = in.array<32>();
    header.dependencies.push_back(dependency);
  }
  header.clear.length = in.u32();
  header.clear.hash = in.array<32>();
  header.sealed.length = in.u32();
  header.sealed.hash = in.array<32>();

  if (!in.finished() || !is_well_formed(header)) return {};
  return {std::move(header), {}};
}

Hash entry_hash(ByteView header_bytes) {
  return crypto::hash(contexts::entry_hash, {header_bytes});
}

PartDigest digest_of_part(ByteView part) {
  if (part.empty()) return {};
  return {static_cast<std::uint32_t>(part.size()), crypto::hash(contexts::entry_part, {part})};
}

}  // namespace throughgate::sync
