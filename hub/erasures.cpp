#include "hub/erasures.h"

#include "hub/wire.h"

namespace throughgate::hub {

using sync::ErasureReceipt;
using sync::Witness;
using sync::WitnessKind;

void take_receipt(Round& round, const schema::SignedBytes& bytes) {
  const auto signature = wire::array<64>(bytes.signature());
  const auto receipt =
      signature ? sync::decode_erasure_receipt(crypto::as_bytes(bytes.bytes()), *signature)
                : std::nullopt;
  const NodeId& caller = round.caller().node;
  const auto* node = round.directory().node(caller);
  if (!receipt || !node || receipt->witness != Witness{WitnessKind::node, caller.bytes} ||
      receipt->erased_to > round.directory().version() || !verify(*receipt, node->verify_key)) {
    return;
  }
  const auto kept = round.store().receipt(receipt->witness);
  if (kept && kept->erased_to >= receipt->erased_to) return;
  round.store().keep_receipt(*receipt, round.next_change());
}

void put_receipts(Round& round, std::uint64_t after_change, schema::SyncReply& reply) {
  if (round.directory().central() != round.caller().organisation) return;
  for (const auto& receipt : round.store().receipts_after(after_change)) {
    auto& out = *reply.add_erasure_receipts();
    out.set_bytes(wire::text(receipt.encode()));
    out.set_signature(wire::text(receipt.signature));
  }
}

void sign_receipt(Round& round, const crypto::SigningKey& hub_key) {
  ErasureReceipt receipt{{WitnessKind::hub, round.state().instance.bytes},
                         round.directory().last_erasure(),
                         round.now_ms(),
                         {}};
  sign(receipt, hub_key);
  round.store().keep_receipt(receipt, round.next_change());
}

}  // namespace throughgate::hub
