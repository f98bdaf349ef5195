// The directory as bytes: what a snapshot of it carries.
#include <algorithm>

#include "sync/directory.h"
#include "sync/layout.h"
#include "sync/limits.h"

namespace throughgate::sync {
namespace {

constexpr std::uint16_t format = 1;
constexpr std::uint16_t format_with_revocations = 2;  // where something is said of a revoked node
constexpr std::uint16_t format_with_vouches = 3;      // where an organisation has a sheet's key
constexpr std::size_t text_bytes_max = 200;           // of a name, a label, a reference

void put_text(LayoutWriter& out, const std::string& text) {
  out.u16(static_cast<std::uint16_t>(text.size())).bytes(crypto::as_bytes(text));
}

// Fails the caller by `sound`; the reader's own failure is asked for at the end.
std::string read_text(LayoutReader& in, bool& sound) {
  const std::size_t size = in.u16();
  sound &= size <= text_bytes_max;
  return std::string(crypto::as_text(in.bytes(sound ? size : 0)));
}

void put(LayoutWriter& out, const Organisation& in) {
  out.bytes(in.id.bytes).u8(static_cast<std::uint8_t>(in.kind)).bytes(in.recovery_key);
  put_text(out, in.name);
  put_text(out, in.establishment);
}

void put(LayoutWriter& out, const EnrolledNode& in) {
  out.bytes(in.id.bytes).bytes(in.organisation.bytes).bytes(in.verify_key).bytes(in.box_key);
  out.u64(in.enrolled_in).u64(in.revoked_in.value_or(0));
  put_text(out, in.label);
}

void put(LayoutWriter& out, const Agreement& in) {
  out.bytes(in.id).bytes(in.from.bytes).bytes(in.to.bytes).u64(in.expires_at_ms);
  out.u16(static_cast<std::uint16_t>(in.dossier_kinds.size()));
  for (const auto kind : in.dossier_kinds) out.u32(kind);
  put_text(out, in.reference);
}

bool read(LayoutReader& in, Organisation& out) {
  bool sound = true;
  out.id = in.id<OrganisationId>();
  const auto kind = in.u8();
  out.kind = static_cast<OrganisationKind>(kind);
  out.recovery_key = in.array<32>();
  out.name = read_text(in, sound);
  out.establishment = read_text(in, sound);
  return sound && kind >= 1 && kind <= 3 && !out.id.is_zero() && !out.name.empty();
}

bool read(LayoutReader& in, EnrolledNode& out) {
  bool sound = true;
  out.id = in.id<NodeId>();
  out.organisation = in.id<OrganisationId>();
  out.verify_key = in.array<32>();
  out.box_key = in.array<32>();
  out.enrolled_in = in.u64();
  if (const auto revoked_in = in.u64()) out.revoked_in = revoked_in;
  out.label = read_text(in, sound);
  return sound && !out.id.is_zero();
}

bool read(LayoutReader& in, Agreement& out) {
  bool sound = true;
  out.id = in.array<16>();
  out.from = in.id<OrganisationId>();
  out.to = in.id<OrganisationId>();
  out.expires_at_ms = in.u64();
  for (std::size_t left = in.u16(); left > 0 && sound && !in.failed(); --left) {
    const auto kind = in.u32();
    sound = out.dossier_kinds.empty() || *out.dossier_kinds.rbegin() < kind;
    out.dossier_kinds.insert(kind);
  }
  out.reference = read_text(in, sound);
  return sound;
}

template <class Key, class Value>
void put_all(LayoutWriter& out, const std::map<Key, Value>& all) {
  out.u32(static_cast<std::uint32_t>(all.size()));
  for (const auto& [key, value] : all) put(out, value);
}

// False where one does not hold together, or they do not rise.
template <class Key, class Value>
bool read_all(LayoutReader& in, std::map<Key, Value>& all) {
  for (std::uint32_t left = in.u32(); left > 0; --left) {
    Value value;
    if (!read(in, value) || in.failed() || (!all.empty() && all.rbegin()->first >= value.id)) {
      return false;
    }
    all.emplace_hint(all.end(), value.id, std::move(value));
  }
  return true;
}

// Each with the version that erased it.
bool read_all(LayoutReader& in, std::uint64_t version, std::map<DossierId, std::uint64_t>& all) {
  for (std::uint32_t left = in.u32(); left > 0; --left) {
    const auto id = in.id<DossierId>();
    const auto erased_in = in.u64();
    const bool rises = all.empty() || all.rbegin()->first < id;
    if (in.failed() || !rises || erased_in == 0 || erased_in > version) return false;
    all.emplace_hint(all.end(), id, erased_in);
  }
  return true;
}

bool says_something(const EnrolledNode& node) {
  return node.reason != RevocationReason::unsaid || node.suspect_since_ms != 0;
}

// Of nodes that are revoked, rising.
bool read_revocations(LayoutReader& in, std::map<NodeId, EnrolledNode>& nodes) {
  std::optional<NodeId> before;
  for (std::uint32_t left = in.u32(); left > 0; --left) {
    const auto id = in.id<NodeId>();
    const auto found = nodes.find(id);
    if (in.failed() || found == nodes.end() || (before && *before >= id)) return false;
    EnrolledNode& node = found->second;
    node.reason = static_cast<RevocationReason>(in.u8());
    node.suspect_since_ms = in.u64();
    if (!node.revoked_in || !says_something(node) || node.suspect_since_ms > counter_max) {
      return false;
    }
    before = id;
  }
  return true;
}

// What stands in the order of those that have one: nothing where they have none.
template <class Key, class Value, std::size_t Size>
void put_where_set(LayoutWriter& out, const std::map<Key, Value>& all,
                   ByteArray<Size> Value::*what) {
  const auto is_set = [&](const auto& each) { return each.second.*what != ByteArray<Size>{}; };
  out.u32(static_cast<std::uint32_t>(std::count_if(all.begin(), all.end(), is_set)));
  for (const auto& each : all) {
    if (is_set(each)) out.bytes(each.first.bytes).bytes(each.second.*what);
  }
}

// False where one is of nobody who is listed, or empty, or they do not rise.
template <class Key, class Value, std::size_t Size>
bool read_where_set(LayoutReader& in, std::map<Key, Value>& all, ByteArray<Size> Value::*what) {
  std::optional<Key> before;
  for (std::uint32_t left = in.u32(); left > 0; --left) {
    const auto id = in.id<Key>();
    const auto found = all.find(id);
    if (in.failed() || found == all.end() || (before && *before >= id)) return false;
    found->second.*what = in.array<Size>();
    if (found->second.*what == ByteArray<Size>{}) return false;
    before = id;
  }
  return true;
}

// The key of every sheet, then what each computer is vouched for by.
bool read_vouches(LayoutReader& in, std::map<OrganisationId, Organisation>& organisations,
                  std::map<NodeId, EnrolledNode>& nodes) {
  return read_where_set(in, organisations, &Organisation::sheet_key) &&
         read_where_set(in, nodes, &EnrolledNode::vouch);
}

bool fits(const EnrolledNode& node, const Directory& directory) {
  const auto* organisation = directory.organisation(node.organisation);
  return organisation && is_vouched_for(node, *organisation) && node.enrolled_in >= 1 &&
         node.enrolled_in <= directory.version() &&
         node.revoked_in.value_or(node.enrolled_in) >= node.enrolled_in &&
         node.revoked_in.value_or(0) <= directory.version();
}

}  // namespace

Bytes Directory::state() const {
  std::vector<const EnrolledNode*> revoked;
  for (const auto& [id, node] : nodes_) {
    if (says_something(node)) revoked.push_back(&node);
  }
  const bool has_vouches =
      std::any_of(organisations_.begin(), organisations_.end(),
                  [](const auto& each) { return each.second.sheet_key != crypto::VerifyKey{}; });
  LayoutWriter out;
  out.u16(has_vouches       ? format_with_vouches
          : revoked.empty() ? format
                            : format_with_revocations)
      .u64(version_)
      .bytes(last_)
      .u64(expires_at_ms_);
  out.u32(minimum_protocol_).u32(minimum_program_).u8(volunteers_shared_with_desk_ ? 1 : 0);
  out.bytes(hub_key_).bytes(hub_instance_.bytes);
  put_all(out, organisations_);
  put_all(out, nodes_);
  put_all(out, agreements_);
  out.u32(static_cast<std::uint32_t>(erased_.size()));
  for (const auto& [id, erased_in] : erased_) out.bytes(id.bytes).u64(erased_in);
  if (revoked.empty() && !has_vouches) return out.take();
  out.u32(static_cast<std::uint32_t>(revoked.size()));
  for (const auto* node : revoked) {
    out.bytes(node->id.bytes).u8(static_cast<std::uint8_t>(node->reason));
    out.u64(node->suspect_since_ms);
  }
  if (!has_vouches) return out.take();
  put_where_set(out, organisations_, &Organisation::sheet_key);
  put_where_set(out, nodes_, &EnrolledNode::vouch);
  return out.take();
}

std::optional<Directory> Directory::from_state(ByteView state,
                                               const std::optional<RootList>& root) {
  LayoutReader in(state);
  const auto form = in.u16();
  if (form < format || form > format_with_vouches) return std::nullopt;
  Directory out;
  out.version_ = in.u64();
  out.last_ = in.array<32>();
  out.expires_at_ms_ = in.u64();
  out.minimum_protocol_ = in.u32();
  out.minimum_program_ = in.u32();
  const auto shared = in.u8();
  out.volunteers_shared_with_desk_ = shared == 1;
  out.hub_key_ = in.array<32>();
  out.hub_instance_ = in.id<InstanceId>();
  const bool read =
      read_all(in, out.organisations_) && read_all(in, out.nodes_) &&
      read_all(in, out.agreements_) && read_all(in, out.version_, out.erased_) &&
      (form == format || read_revocations(in, out.nodes_)) &&
      (form != format_with_vouches || read_vouches(in, out.organisations_, out.nodes_));
  for (const auto& [id, erased_in] : out.erased_) {
    out.last_erasure_ = std::max(out.last_erasure_, erased_in);
  }
  if (!read || !in.finished() || shared > 1 || out.version_ == 0) return std::nullopt;
  for (const auto& [id, node] : out.nodes_) {
    if (!fits(node, out)) return std::nullopt;
    out.last_revocation_ = std::max(out.last_revocation_, node.revoked_in.value_or(0));
  }
  out.root_ = root;
  const Bytes again = out.state();  // what can be said in one way only is taken in no other
  if (!std::equal(state.begin(), state.end(), again.begin(), again.end())) return std::nullopt;
  return out;
}

}  // namespace throughgate::sync
