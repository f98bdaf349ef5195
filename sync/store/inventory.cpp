#include "sync/store/inventory.h"

#include <array>

#include "crypto/hash_stream.h"
#include "sync/contexts.h"
#include "sync/layout.h"

namespace throughgate::sync::store {
namespace {

struct Listed {
  std::string_view sql;
  int columns;
};
// By names, not by the numbers of rows, which differ between stores; without what follows from
// these.
constexpr std::array listed{
    Listed{"SELECT hash, header, signature, dsn, directory_version, accepted_at_ms, arrived_at_ms, "
           "CASE WHEN dsn IS NULL THEN standing END, waiting_since_ms FROM entry ORDER BY hash",
           9},
    Listed{"SELECT e.hash, p.clear, p.sealed FROM part p JOIN entry e ON e.id = p.entry ORDER BY "
           "e.hash",
           3},
    Listed{"SELECT dossier, proof, heard_proof, stream, stream_seq, stream_tip, confirmed FROM "
           "dossier ORDER BY dossier",
           7},
    Listed{"SELECT d.dossier, k.epoch, k.key FROM dossier_key k JOIN dossier d ON d.id = "
           "k.dossier ORDER BY d.dossier, k.epoch",
           3},
    Listed{"SELECT dossier, epoch, sender, list, signature, unsent FROM envelope_list ORDER BY "
           "dossier, epoch, sender",
           6},
    Listed{"SELECT version, header, body, signature FROM directory_step ORDER BY version", 4},
    Listed{"SELECT name, value FROM setting WHERE name != 'fetch after' ORDER BY name", 2},
    Listed{"SELECT version, bytes FROM directory_snapshot ORDER BY version", 2},
    Listed{"SELECT sign_in_name, actor, name, roles FROM account ORDER BY sign_in_name", 4},
    Listed{"SELECT kind, dossier, entry, detail, at_ms, seen FROM notice ORDER BY id", 6},
    Listed{"SELECT hash, dsn, sealed FROM parked ORDER BY hash", 3},
    Listed{"SELECT key, dossier FROM import_row ORDER BY key", 2},
    Listed{"SELECT mailbox, code, request, approved_in, answered FROM invitation ORDER BY mailbox",
           5},
    Listed{"SELECT number, at_ms, actor, act, dossier, record, type, fields, count, reason, mark, "
           "reason_salt, reason_hash, reason_gone_with FROM audit ORDER BY number",
           14},
    Listed{"SELECT kind, witness, erased_to, bytes, signature FROM erasure_receipt ORDER BY kind, "
           "witness",
           5},
    Listed{"SELECT dossier, dsn, chain, removal, own_kept, receipt, signature, told_to FROM "
           "purged_dossier ORDER BY dossier",
           8},
    Listed{"SELECT dossier, node, dsn, bytes, signature FROM purge_receipt ORDER BY dossier, node",
           5},
    Listed{"SELECT maker, bundle_set, part, fate, said, file FROM passed_on ORDER BY id", 6},
    Listed{"SELECT passed_on, file FROM carried_answer ORDER BY id", 2},
    Listed{"SELECT id, organisation, bundle_set, made_at_ms, files, made_by, recalled_at_ms FROM "
           "made_file ORDER BY id",
           7},
    Listed{"SELECT made_file, dossier FROM made_file_record ORDER BY made_file, dossier", 2}};

}  // namespace

Inventory take_inventory(UnitOfWork& work) {
  Inventory out;
  out.dossiers = work.first("SELECT count(*) FROM dossier", bound(), unsigned_column).value_or(0);
  out.entries = work.first("SELECT count(*) FROM entry", bound(), unsigned_column).value_or(0);
  crypto::HashStream content(contexts::inventory);
  for (const auto& each : listed) {
    work.each(each.sql, bound(), [&](const Statement& row) {
      for (int column = 0; column < each.columns; ++column) {
        const ByteView value = row.is_null(column) ? ByteView() : row.view(column);
        content.add(LayoutWriter().u8(row.is_null(column)).u64(value.size()).take());
        content.add(value);
      }
    });
  }
  out.content = content.finish();
  return out;
}

}  // namespace throughgate::sync::store
