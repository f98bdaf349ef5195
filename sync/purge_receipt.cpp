#include "sync/purge_receipt.h"

#include "sync/contexts.h"
#include "sync/layout.h"
#include "sync/limits.h"

namespace throughgate::sync {

Bytes PurgeReceipt::encode() const {
  LayoutWriter out;
  out.bytes(dossier.bytes).bytes(node.bytes).bytes(removal);
  out.u64(dsn).u32(own_kept).u64(done_at_ms);
  return out.take();
}

void sign(PurgeReceipt& receipt, const crypto::SigningKey& key) {
  receipt.signature = key.sign(contexts::purge_receipt, receipt.encode());
}

bool verify(const PurgeReceipt& receipt, const crypto::VerifyKey& key) {
  return crypto::verify(key, contexts::purge_receipt, receipt.encode(), receipt.signature);
}

std::optional<PurgeReceipt> decode_purge_receipt(ByteView bytes,
                                                 const crypto::Signature& signature) {
  LayoutReader in(bytes);
  PurgeReceipt receipt;
  receipt.dossier.bytes = in.array<16>();
  receipt.node.bytes = in.array<16>();
  receipt.removal = in.array<32>();
  receipt.dsn = in.u64();
  receipt.own_kept = in.u32();
  receipt.done_at_ms = in.u64();
  receipt.signature = signature;
  if (!in.finished() || receipt.dsn == 0) return std::nullopt;
  if (receipt.dsn > counter_max || receipt.done_at_ms > counter_max) return std::nullopt;
  return receipt;
}

}  // namespace throughgate::sync
