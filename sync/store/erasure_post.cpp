#include "sync/store/erasure_post.h"

#include "sync/layout.h"
#include "sync/store/settings_table.h"
#include "sync/wire_values.h"

namespace throughgate::sync::store {
namespace {

Bytes told(std::uint64_t erased_to, const InstanceId& hub) {
  return LayoutWriter().u64(erased_to).bytes(hub.bytes).take();
}

}  // namespace

void ErasurePost::add_receipt(UnitOfWork& work, schema::SyncRequest& request) {
  sent_.reset();
  const auto receipt = own_receipt(work, context_.identity);
  if (!receipt) return;
  const auto before = SettingsTable(work).find(setting::receipt_told_to);
  if (before == told(receipt->erased_to, round_.instance)) return;
  *request.mutable_erasure_receipt() = signed_bytes(*receipt);
  sent_ = receipt->erased_to;
}

void ErasurePost::take(UnitOfWork& work, const schema::SyncReply& reply) {
  if (sent_) {
    SettingsTable(work).set(setting::receipt_told_to, told(*sent_, round_.instance));
  }
  for (const auto& each : reply.erasure_receipts()) {
    const auto receipt = verified_receipt(each, context_.directory);
    if (receipt) {
      keep_receipt(work, *receipt);
    } else {
      ++round_.counts.unsound;
    }
  }
}

schema::SignedBytes signed_bytes(const ErasureReceipt& receipt) {
  schema::SignedBytes out;
  out.set_bytes(to_wire(receipt.encode()));
  out.set_signature(sync::to_wire(ByteView(receipt.signature)));
  return out;
}

std::optional<ErasureReceipt> verified_receipt(const schema::SignedBytes& bytes,
                                               const Directory& directory) {
  const auto signature = crypto::to_array<64>(crypto::as_bytes(bytes.signature()));
  const auto receipt = signature
                           ? decode_erasure_receipt(crypto::as_bytes(bytes.bytes()), *signature)
                           : std::nullopt;
  if (!receipt) return std::nullopt;
  const auto* node = directory.node(NodeId{receipt->witness.id});
  const bool of_hub = receipt->witness.kind == WitnessKind::hub;
  if (!of_hub && !node) return std::nullopt;
  const auto& key = of_hub ? directory.hub_key() : node->verify_key;
  const bool may_be = receipt->erased_to <= directory.version();
  return may_be && verify(*receipt, key) ? receipt : std::nullopt;
}

std::vector<ErasureReceipt> erasure_receipts(UnitOfWork& work) {
  std::vector<ErasureReceipt> out;
  work.each("SELECT bytes, signature FROM erasure_receipt ORDER BY kind, witness", bound(),
            [&](const Statement& row) {
              const auto signature = crypto::to_array<64>(row.view(1));
              const auto receipt =
                  signature ? decode_erasure_receipt(row.view(0), *signature) : std::nullopt;
              if (!receipt) return work.fail_as_damaged();
              out.push_back(*receipt);
            });
  return out;
}

void keep_receipt(UnitOfWork& work, const ErasureReceipt& receipt) {
  work.run(
      "INSERT INTO erasure_receipt (kind, witness, erased_to, done_at_ms, bytes, signature) "
      "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (kind, witness) DO UPDATE SET erased_to = "
      "excluded.erased_to, done_at_ms = excluded.done_at_ms, bytes = excluded.bytes, "
      "signature = excluded.signature WHERE erased_to < excluded.erased_to",
      static_cast<int>(receipt.witness.kind), receipt.witness.id, receipt.erased_to,
      receipt.done_at_ms, receipt.encode(), receipt.signature);
}

}  // namespace throughgate::sync::store
