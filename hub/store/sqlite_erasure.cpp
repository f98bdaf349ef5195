// What leaves the store with an erased dossier, and who has said that nothing is left.
#include "hub/store/sqlite_rows.h"

namespace throughgate::hub {
namespace {

std::optional<sync::ErasureReceipt> receipt_in(const Statement& row) {
  return sync::decode_erasure_receipt(row.view(0), array_in<64>(row, 1));
}

}  // namespace

void SqliteStore::erase(const DossierId& dossier) {
  for (const std::string_view sql :
       {"DELETE FROM chain WHERE dossier = ?", "DELETE FROM final_verdict WHERE dossier = ?",
        "DELETE FROM closed_stream WHERE dossier = ?", "DELETE FROM hold WHERE dossier = ?",
        "DELETE FROM late_entry WHERE dossier = ?", "DELETE FROM envelope_list WHERE dossier = ?",
        "DELETE FROM pointer WHERE dossier = ?", "DELETE FROM digest WHERE dossier = ?",
        "DELETE FROM purge_receipt WHERE dossier = ?"}) {
    run(sql, dossier.bytes);
  }
}

// Deleted rows are overwritten, but a page keeps copies of what was once moved from it to another.
Result<Done> SqliteStore::erase_traces() {
  if (auto done = database_.run_script("VACUUM"); !done) return done;
  return database_.checkpoint();
}

std::uint64_t SqliteStore::cleared_to() { return number("SELECT cleared_to FROM hub"); }

void SqliteStore::set_cleared_to(std::uint64_t version) {
  run("UPDATE hub SET cleared_to = ?", version);
}

std::optional<sync::ErasureReceipt> SqliteStore::receipt(const sync::Witness& witness) {
  const auto kept =
      first("SELECT bytes, signature FROM erasure_receipt WHERE kind = ? AND witness = ?",
            receipt_in, static_cast<int>(witness.kind), witness.id);
  return kept ? *kept : std::nullopt;
}

void SqliteStore::keep_receipt(const sync::ErasureReceipt& receipt, std::uint64_t change) {
  const int kind = static_cast<int>(receipt.witness.kind);
  if (receipt.witness.kind == sync::WitnessKind::hub) {
    run("DELETE FROM erasure_receipt WHERE kind = ?", kind);
  }
  run("INSERT OR REPLACE INTO erasure_receipt (kind, witness, erased_to, bytes, signature, change) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      kind, receipt.witness.id, receipt.erased_to, receipt.encode(), receipt.signature, change);
}

std::vector<sync::ErasureReceipt> SqliteStore::receipts_after(std::uint64_t change) {
  std::vector<sync::ErasureReceipt> out;
  each(
      "SELECT bytes, signature FROM erasure_receipt WHERE change > ? ORDER BY change",
      [&](const Statement& row) {
        if (const auto receipt = receipt_in(row)) out.push_back(*receipt);
      },
      change);
  return out;
}

}  // namespace throughgate::hub
