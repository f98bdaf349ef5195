#include "sync/order.h"

#include <algorithm>

#include "sync/contexts.h"
#include "sync/layout.h"
#include "sync/limits.h"

namespace throughgate::sync {
namespace {

Hash leaf_of(const Head& head) {
  LayoutWriter dsn;
  dsn.u64(head.dsn);
  return crypto::hash(contexts::head_leaf, {head.dossier.view(), dsn.take(), head.chain});
}

Hash join(const Hash& left, const Hash& right) {
  return crypto::hash(contexts::head_node, {left, right});
}

// Every level of the tree, leaves first; an odd last node rises unchanged.
std::vector<std::vector<Hash>> merkle_levels(const std::vector<Head>& heads) {
  std::vector<std::vector<Hash>> levels(1);
  for (const auto& head : heads) levels[0].push_back(leaf_of(head));
  while (levels.back().size() > 1) {
    const auto& below = levels.back();
    std::vector<Hash> above;
    for (std::size_t i = 0; i + 1 < below.size(); i += 2)
      above.push_back(join(below[i], below[i + 1]));
    if (below.size() % 2 == 1) above.push_back(below.back());
    levels.push_back(std::move(above));
  }
  return levels;
}

Hash root_of(const std::vector<std::vector<Hash>>& levels) {
  return levels.back().empty() ? Hash{} : levels.back()[0];
}

MerklePath path_of(const std::vector<std::vector<Hash>>& levels, std::size_t index) {
  MerklePath path;
  for (std::size_t level = 0; level + 1 < levels.size(); ++level, index /= 2) {
    const std::size_t sibling = index ^ 1;
    if (sibling < levels[level].size()) {
      path.push_back({sibling < index, levels[level][sibling]});
    }
  }
  return path;
}

bool sorted_by_dossier(const std::vector<Head>& heads) {
  return std::adjacent_find(heads.begin(), heads.end(), [](const Head& a, const Head& b) {
           return a.dossier >= b.dossier;
         }) == heads.end();
}

}  // namespace

Bytes OrderRecord::encode() const {
  LayoutWriter out;
  out.u64(dsn).bytes(entry).u64(directory_version).u64(accepted_at_ms);
  return out.take();
}

std::optional<OrderRecord> decode_order_record(ByteView bytes) {
  LayoutReader in(bytes);
  OrderRecord record;
  record.dsn = in.u64();
  record.entry = in.array<32>();
  record.directory_version = in.u64();
  record.accepted_at_ms = in.u64();
  if (!in.finished() || record.dsn == 0) return std::nullopt;
  return record;
}

bool can_be_kept(const OrderRecord& record) {
  return std::max({record.dsn, record.directory_version, record.accepted_at_ms}) <= counter_max;
}

bool follows(const OrderRecord& next, const std::optional<OrderRecord>& before) {
  if (!can_be_kept(next)) return false;
  if (!before) return next.dsn == 1;
  return next.dsn == before->dsn + 1 && next.directory_version >= before->directory_version &&
         next.accepted_at_ms >= before->accepted_at_ms;
}

Hash chain_start(const DossierId& dossier) {
  return crypto::hash(contexts::chain_start, {dossier.view()});
}

Hash chain_next(const Hash& head, const OrderRecord& record) {
  return crypto::hash(contexts::chain_link, {head, record.encode()});
}

Bytes HeadsRoot::encode() const {
  LayoutWriter out;
  out.bytes(instance.bytes).u64(directory_version).u64(hub_time_ms).u32(leaf_count).bytes(root);
  return out.take();
}

std::optional<HeadsRoot> decode_heads_root(ByteView bytes) {
  LayoutReader in(bytes);
  HeadsRoot root;
  root.instance = in.id<InstanceId>();
  root.directory_version = in.u64();
  root.hub_time_ms = in.u64();
  root.leaf_count = in.u32();
  root.root = in.array<32>();
  if (!in.finished()) return std::nullopt;
  return root;
}

bool verify(const SignedHead& head, const crypto::VerifyKey& hub_key) {
  if (head.path.size() > merkle_path_max) return false;
  Hash hash = leaf_of(head.head);
  for (const auto& step : head.path) {
    hash = step.sibling_is_left ? join(step.sibling, hash) : join(hash, step.sibling);
  }
  return hash == head.root.root &&
         crypto::verify(hub_key, contexts::heads_signature, head.root.encode(), head.signature);
}

SignedHeads sign_heads(std::vector<Head> heads, const InstanceId& instance,
                       std::uint64_t directory_version, std::uint64_t hub_time_ms,
                       const crypto::SigningKey& hub_key) {
  std::sort(heads.begin(), heads.end(),
            [](const Head& a, const Head& b) { return a.dossier < b.dossier; });
  SignedHeads out;
  out.root = {instance, directory_version, hub_time_ms, static_cast<std::uint32_t>(heads.size()),
              root_of(merkle_levels(heads))};
  out.signature = hub_key.sign(contexts::heads_signature, out.root.encode());
  out.heads = std::move(heads);
  return out;
}

bool verify(const SignedHeads& heads, const crypto::VerifyKey& hub_key) {
  return heads.heads.size() == heads.root.leaf_count && sorted_by_dossier(heads.heads) &&
         root_of(merkle_levels(heads.heads)) == heads.root.root &&
         crypto::verify(hub_key, contexts::heads_signature, heads.root.encode(), heads.signature);
}

std::vector<SignedHead> separate(const SignedHeads& heads) {
  const auto levels = merkle_levels(heads.heads);
  std::vector<SignedHead> out;
  out.reserve(heads.heads.size());
  for (std::size_t i = 0; i < heads.heads.size(); ++i) {
    out.push_back({heads.heads[i], path_of(levels, i), heads.root, heads.signature});
  }
  return out;
}

}  // namespace throughgate::sync
