#include "sync/store/forks.h"

#include "sync/list_orders.h"
#include "sync/signed_verdict.h"

namespace throughgate::sync::store {
namespace {

Bytes bytes_of(const Statement& row, int column) {
  const auto view = row.view(column);
  return {view.begin(), view.end()};
}

}  // namespace

std::vector<HeldFork> held_forks(UnitOfWork& work, const Directory& directory) {
  std::vector<HeldFork> out;
  work.each(
      "SELECT d.dossier, a.node, e.hash, o.hash, o.dsn IS NOT NULL, e.arrived_at_ms, e.header, "
      "e.signature, o.header, o.signature FROM entry e JOIN entry o ON o.dossier = e.dossier AND "
      "o.stream = e.stream AND o.seq = e.seq AND o.author = e.author AND o.id <> e.id AND (o.dsn "
      "IS NOT NULL OR o.id < e.id) JOIN dossier d ON d.id = e.dossier JOIN author a ON a.id = "
      "e.author WHERE e.dsn IS NULL ORDER BY e.arrived_at_ms, e.id",
      bound(), [&](const Statement& row) {
        const auto dossier = DossierId::from(row.view(0));
        const auto author = NodeId::from(row.view(1));
        const auto* node = author ? directory.node(*author) : nullptr;
        const auto entry = crypto::to_array<32>(row.view(2));
        const auto other = crypto::to_array<32>(row.view(3));
        const auto mine = crypto::to_array<64>(row.view(7));
        const auto theirs = crypto::to_array<64>(row.view(9));
        if (!dossier || !node || !entry || !other || !mine || !theirs) return;
        const ForkProof proof{bytes_of(row, 6), *mine, bytes_of(row, 8), *theirs};
        if (!proves_fork(proof, node->verify_key)) return;
        out.push_back(
            {*dossier, *author, *entry, *other, row.integer(4) != 0, row.unsigned_integer(5)});
      });
  return out;
}

void heed_accidents(UnitOfWork& work, const DirectoryStep& step, const NodeId& own) {
  for (const auto& each : accidents_in(step)) {
    if (each.node != own) continue;
    work.run("UPDATE dossier SET stream = NULL, stream_seq = 0, stream_tip = NULL");
    return;
  }
}

}  // namespace throughgate::sync::store
