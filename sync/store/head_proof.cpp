#include "sync/store/head_proof.h"

#include "sync/layout.h"

namespace throughgate::sync::store {

Bytes encode_proof(const SignedHead& head) {
  LayoutWriter out;
  out.bytes(head.head.dossier.bytes).u64(head.head.dsn).bytes(head.head.chain);
  out.bytes(head.root.encode()).bytes(head.signature);
  for (const auto& step : head.path) out.u8(step.sibling_is_left ? 1 : 0).bytes(step.sibling);
  return out.take();
}

std::optional<SignedHead> decode_proof(ByteView bytes) {
  LayoutReader in(bytes);
  SignedHead head;
  head.head.dossier = in.id<DossierId>();
  head.head.dsn = in.u64();
  head.head.chain = in.array<32>();
  const auto root = decode_heads_root(in.bytes(68));
  head.signature = in.array<64>();
  if (in.failed() || !root) return std::nullopt;
  head.root = *root;
  while (!in.finished()) {
    const std::uint8_t left = in.u8();
    const auto sibling = in.array<32>();
    if (in.failed() || left > 1 || head.path.size() == merkle_path_max) return std::nullopt;
    head.path.push_back({left == 1, sibling});
  }
  return head;
}

}  // namespace throughgate::sync::store
