// What is kept for owner and desk: the late box, and who has deleted what is no longer shared.
#include "hub/store/sqlite_rows.h"

namespace throughgate::hub {

std::uint64_t SqliteStore::next_late_number() {
  run("UPDATE hub SET late_number = late_number + 1");
  return number("SELECT late_number FROM hub");
}

std::vector<std::pair<std::uint64_t, DossierId>> SqliteStore::late_after(std::uint64_t number,
                                                                         std::size_t count_max) {
  std::vector<std::pair<std::uint64_t, DossierId>> out;
  each(
      "SELECT number, dossier FROM late_entry WHERE number > ? ORDER BY number LIMIT ?",
      [&](const Statement& row) { out.emplace_back(number_in(row, 0), id_in<DossierId>(row, 1)); },
      number, count_max);
  return out;
}

std::optional<LateEntry> SqliteStore::late_entry(std::uint64_t number) {
  auto late = first(
      "SELECT dossier, entry, header, signature, clear, sealed FROM late_entry WHERE number = ?",
      [](const Statement& row) {
        return LateEntry{id_in<DossierId>(row, 0),
                         array_in<32>(row, 1),
                         {row.bytes(2), array_in<64>(row, 3), row.bytes(4), row.bytes(5)},
                         {}};
      },
      number);
  const auto said = late ? final_verdict(late->hash) : std::nullopt;
  if (!said) return std::nullopt;
  late->verdict = *said;
  return late;
}

void SqliteStore::number_late_anew(const DossierId& dossier) {
  std::vector<sync::Hash> all;
  each(
      "SELECT entry FROM late_entry WHERE dossier = ? ORDER BY number",
      [&](const Statement& row) { all.push_back(array_in<32>(row, 0)); }, dossier.bytes);
  for (const auto& entry : all) {
    run("UPDATE late_entry SET number = ? WHERE entry = ?", next_late_number(), entry);
  }
}

bool SqliteStore::keeps(const sync::PurgeReceipt& receipt) {
  return number("SELECT count(*) FROM purge_receipt WHERE dossier = ? AND node = ? AND dsn >= ?",
                receipt.dossier.bytes, receipt.node.bytes, receipt.dsn) != 0;
}

void SqliteStore::keep_receipt(const sync::PurgeReceipt& receipt, std::uint64_t change) {
  run("INSERT OR REPLACE INTO purge_receipt (dossier, node, dsn, bytes, signature, change) VALUES "
      "(?, ?, ?, ?, ?, ?)",
      receipt.dossier.bytes, receipt.node.bytes, receipt.dsn, receipt.encode(), receipt.signature,
      change);
}

std::vector<sync::PurgeReceipt> SqliteStore::purge_receipts_after(const DossierId& dossier,
                                                                  std::uint64_t change) {
  std::vector<sync::PurgeReceipt> out;
  each(
      "SELECT bytes, signature FROM purge_receipt WHERE dossier = ? AND change > ? ORDER BY node",
      [&](const Statement& row) {
        if (const auto receipt = sync::decode_purge_receipt(row.view(0), array_in<64>(row, 1))) {
          out.push_back(*receipt);
        }
      },
      dossier.bytes, change);
  return out;
}

}  // namespace throughgate::hub
