#include "sync/store/origin.h"

#include "sync/header.h"
#include "sync/store/columns.h"

namespace throughgate::sync::store {

std::optional<Origin> origin_of(UnitOfWork& work, const DossierId& dossier) {
  std::optional<Origin> out;
  work.each(
      "SELECT a.node, p.clear FROM entry e JOIN dossier d ON d.id = e.dossier JOIN author a ON "
      "a.id = e.author JOIN part p ON p.entry = e.id WHERE d.dossier = ? AND e.kind = ? AND "
      "e.seq = 1 ORDER BY e.dsn IS NULL, e.dsn, e.id",
      bound(dossier.view(), static_cast<int>(EntryKind::membership)), [&](const Statement& row) {
        const auto membership = decode_membership(row.view(1));
        if (out || !membership || membership->number != 1) return;
        out = {membership->owner(), id_column<NodeId>(work, row, 0), membership->dossier_random};
      });
  return out;
}

}  // namespace throughgate::sync::store
