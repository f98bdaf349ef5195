#include "sync/store/purge_post.h"

#include "sync/store/request_room.h"
#include "sync/wire_values.h"

namespace throughgate::sync::store {
namespace {

schema::SignedBytes receipt_in(const Statement& row) {
  schema::SignedBytes out;
  out.set_bytes(to_wire(row.view(0)));
  out.set_signature(to_wire(row.view(1)));
  return out;
}

}  // namespace

void PurgePost::add_receipts(UnitOfWork& work, schema::SyncRequest& request) {
  work.each(
      "SELECT receipt, signature FROM purged_dossier WHERE receipt IS NOT NULL AND told_to IS NOT "
      "? LIMIT ?",
      bound(round_.instance.view(), static_cast<int>(other_items_per_request_max)),
      [&](const Statement& row) { *request.add_purge_receipts() = receipt_in(row); });
}

void PurgePost::take(UnitOfWork& work, const schema::SyncReply& reply) {
  for (const auto& id : reply.purge_receipts_taken()) {
    work.run("UPDATE purged_dossier SET told_to = ? WHERE dossier = ?", round_.instance.view(),
             crypto::as_bytes(id));
  }
  for (const auto& each : reply.purge_receipts()) {
    const auto receipt = verified_purge_receipt(each, context_.directory);
    if (receipt && !context_.directory.is_erased(receipt->dossier)) keep_receipt(work, *receipt);
    if (!receipt) ++round_.counts.unsound;
  }
}

std::vector<schema::SignedBytes> own_purge_receipts(UnitOfWork& work) {
  std::vector<schema::SignedBytes> out;
  work.each("SELECT receipt, signature FROM purged_dossier WHERE receipt IS NOT NULL", bound(),
            [&](const Statement& row) { out.push_back(receipt_in(row)); });
  return out;
}

std::vector<schema::SignedBytes> own_purge_receipts_to(UnitOfWork& work,
                                                       const OrganisationId& removed_by) {
  std::vector<schema::SignedBytes> out;
  work.each(
      "SELECT receipt, signature FROM purged_dossier WHERE receipt IS NOT NULL AND removed_by = ?",
      bound(removed_by.view()), [&](const Statement& row) { out.push_back(receipt_in(row)); });
  return out;
}

std::optional<PurgeReceipt> verified_purge_receipt(const schema::SignedBytes& bytes,
                                                   const Directory& directory) {
  const auto signature = crypto::to_array<64>(crypto::as_bytes(bytes.signature()));
  auto receipt =
      signature ? decode_purge_receipt(crypto::as_bytes(bytes.bytes()), *signature) : std::nullopt;
  const auto* node = receipt ? directory.node(receipt->node) : nullptr;
  return node && verify(*receipt, node->verify_key) ? receipt : std::nullopt;
}

void keep_receipt(UnitOfWork& work, const PurgeReceipt& receipt) {
  work.run(
      "INSERT INTO purge_receipt (dossier, node, dsn, bytes, signature) VALUES (?, ?, ?, ?, ?) "
      "ON CONFLICT (dossier, node) DO UPDATE SET dsn = excluded.dsn, bytes = excluded.bytes, "
      "signature = excluded.signature WHERE dsn <= excluded.dsn",
      receipt.dossier.view(), receipt.node.view(), receipt.dsn, receipt.encode(),
      receipt.signature);
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
