#include "sync/store/purge_post.h"

#include "sync/store/request_room.h"
#include "sync/wire_values.h"

namespace throughgate::sync::store {
namespace {

std::optional<PurgeReceipt> receipt_from(const schema::SignedBytes& in) {
  const auto signature = crypto::to_array<64>(crypto::as_bytes(in.signature()));
  return signature ? decode_purge_receipt(crypto::as_bytes(in.bytes()), *signature) : std::nullopt;
}

}  // namespace

void PurgePost::add_receipts(UnitOfWork& work, schema::SyncRequest& request) {
  work.each(
      "SELECT receipt, signature FROM purged_dossier WHERE receipt IS NOT NULL AND told_to IS NOT "
      "? LIMIT ?",
      bound(round_.instance.view(), static_cast<int>(other_items_per_request_max)),
      [&](const Statement& row) {
        auto& out = *request.add_purge_receipts();
        out.set_bytes(to_wire(row.view(0)));
        out.set_signature(to_wire(row.view(1)));
      });
}

void PurgePost::take(UnitOfWork& work, const schema::SyncReply& reply) {
  for (const auto& id : reply.purge_receipts_taken()) {
    work.run("UPDATE purged_dossier SET told_to = ? WHERE dossier = ?", round_.instance.view(),
             crypto::as_bytes(id));
  }
  for (const auto& each : reply.purge_receipts()) {
    const auto receipt = receipt_from(each);
    const auto* node = receipt ? context_.directory.node(receipt->node) : nullptr;
    if (!node || !verify(*receipt, node->verify_key)) {
      ++round_.counts.unsound;
      continue;
    }
    if (context_.directory.is_erased(receipt->dossier)) continue;
    work.run(
        "INSERT INTO purge_receipt (dossier, node, dsn, bytes, signature) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (dossier, node) DO UPDATE SET dsn = excluded.dsn, bytes = excluded.bytes, "
        "signature = excluded.signature WHERE dsn <= excluded.dsn",
        receipt->dossier.view(), receipt->node.view(), receipt->dsn, receipt->encode(),
        receipt->signature);
  }
}

std::vector<PurgeReceipt> purge_receipts(UnitOfWork& work, const DossierId& dossier) {
  std::vector<PurgeReceipt> out;
  work.each("SELECT bytes, signature FROM purge_receipt WHERE dossier = ? ORDER BY node",
            bound(dossier.view()), [&](const Statement& row) {
              const auto signature = crypto::to_array<64>(row.view(1));
              const auto receipt =
                  signature ? decode_purge_receipt(row.view(0), *signature) : std::nullopt;
              if (!receipt) return work.fail_as_damaged();
              out.push_back(*receipt);
            });
  return out;
}

}  // namespace throughgate::sync::store
