#include "sync/erasure.h"

#include "sync/contexts.h"
#include "sync/layout.h"
#include "sync/limits.h"

namespace throughgate::sync {

Bytes ErasureReceipt::encode() const {
  LayoutWriter out;
  out.u8(static_cast<std::uint8_t>(witness.kind)).bytes(witness.id);
  out.u64(erased_to).u64(done_at_ms);
  return out.take();
}

void sign(ErasureReceipt& receipt, const crypto::SigningKey& key) {
  receipt.signature = key.sign(contexts::erasure_receipt, receipt.encode());
}

bool verify(const ErasureReceipt& receipt, const crypto::VerifyKey& key) {
  return crypto::verify(key, contexts::erasure_receipt, receipt.encode(), receipt.signature);
}

std::optional<ErasureReceipt> decode_erasure_receipt(ByteView bytes,
                                                     const crypto::Signature& signature) {
  LayoutReader in(bytes);
  ErasureReceipt receipt;
  const std::uint8_t kind = in.u8();
  receipt.witness.id = in.array<16>();
  receipt.erased_to = in.u64();
  receipt.done_at_ms = in.u64();
  receipt.signature = signature;
  if (!in.finished() || kind < 1 || kind > 2) return std::nullopt;
  if (receipt.erased_to > counter_max || receipt.done_at_ms > counter_max) return std::nullopt;
  receipt.witness.kind = static_cast<WitnessKind>(kind);
  return receipt;
}

}  // namespace throughgate::sync
