#include "sync/store/comparison.h"

#include <array>
#include <map>
#include <set>

namespace throughgate::sync::store {
namespace {

using Dsn = std::optional<std::uint64_t>;
using Cell = std::optional<Bytes>;  // none: NULL

// Rows of one table by their key, and the place that each belongs to.
struct Row {
  Dsn dsn;
  std::vector<Cell> cells;
};
using Rows = std::map<std::vector<Cell>, Row>;

struct Words {
  const char* missing;
  const char* different;
  const char* too_much;
};

void compare(const Rows& kept, const Rows& anew, const Words& words, DossierFaults& faults) {
  for (const auto& [key, row] : anew) {
    const auto found = kept.find(key);
    if (found == kept.end()) {
      faults.add(row.dsn, words.missing);
    } else if (found->second.cells != row.cells) {
      faults.add(row.dsn, words.different);
    }
  }
  for (const auto& [key, row] : kept) {
    if (!anew.contains(key)) faults.add(row.dsn, words.too_much);
  }
}

Cell cell(const Statement& row, int column) {
  return row.is_null(column) ? Cell() : Cell(row.bytes(column));
}

// Column 0 is the place; then come `keys` columns of the key, then `cells` that are compared.
void read(const StoredDossier& dossier, std::string_view sql, int keys, int cells, Rows& out) {
  dossier.work().each(sql, bound(dossier.row()), [&](const Statement& row) {
    std::vector<Cell> key;
    for (int i = 1; i <= keys; ++i) key.push_back(cell(row, i));
    Row& made = out[std::move(key)];
    if (!row.is_null(0)) made.dsn = row.unsigned_integer(0);
    for (int i = keys + 1; i <= keys + cells; ++i) made.cells.push_back(cell(row, i));
  });
}

struct Table {
  std::string_view sql;  // of one dossier
  int keys;
  int cells;
  Words words;
};

// Rows are named by the hash of their entry: the numbers of rows differ between stores.
constexpr std::array tables{
    Table{"SELECT e.dsn, e.hash, a.node, a.organisation, e.stream, e.seq, e.kind FROM entry e "
          "JOIN author a ON a.id = e.author WHERE e.dossier = ?",
          1,
          5,
          {"A change is missing.", "This change is kept as if somebody else had written it.",
           "A change is kept that is none."}},
    Table{"SELECT e.dsn, e.hash, e.dsn, e.standing, e.inert, e.role FROM entry e "
          "WHERE e.dossier = ?",
          1,
          4,
          {"A change is missing.",
           "What this change was allowed to do at its place is not what the rules say.",
           "A change is kept that is none."}},
    Table{"SELECT e.dsn, e.hash, e.clock_ms, e.effective_ms FROM entry e WHERE e.dossier = ?",
          1,
          2,
          {"A change is missing.",
           "The time from which this change counts is not the one that the rules give.",
           "A change is kept that is none."}},
    Table{"SELECT e.dsn, e.hash, e.content, e.passed_over, e.actor, r.hash FROM entry e LEFT JOIN "
          "entry r ON r.id = nullif(e.redacted_by, 0) WHERE e.dossier = ?",
          1,
          4,
          {"A change is missing.", "What was made of this change is not what it holds.",
           "A change is kept that is none."}},
    Table{"SELECT m.dsn, m.dsn, m.entry, m.clear FROM membership m WHERE m.dossier = ?",
          1,
          2,
          {"Who shares this record is not what this change says.",
           "Who shares this record is not what this change says.",
           "Who shares this record is changed at a place where nobody changed it."}},
    Table{"SELECT r.dsn, t.hash, r.dsn, e.hash FROM redaction r JOIN entry e ON e.id = r.entry "
          "LEFT JOIN entry t ON t.id = r.target WHERE e.dossier = ?",
          3,
          0,
          {"What this change took out of the record is not marked as taken out.", "",
           "Something is marked as taken out of the record, but nobody took it out."}},
    Table{"SELECT e.dsn, c.closes, e.hash FROM closing c JOIN entry e ON e.id = c.entry "
          "WHERE c.dossier = ?",
          2,
          0,
          {"What this change settles is not marked as settled.", "",
           "Something is marked as settled, but nobody settled it."}},
    Table{"SELECT e.dsn, e.hash, s.hash, o.source != 0, o.idx, o.record, o.type, o.field, o.kind, "
          "o.value, o.removed, o.supersedes, o.again FROM op o JOIN entry e ON e.id = o.entry "
          "LEFT JOIN entry s ON s.id = o.source WHERE o.dossier = ?",
          7,
          5,
          {"A value of this change is missing from the record.",
           "The record holds another value than this change says.",
           "The record holds a value that this change does not say."}},
};

constexpr Words field_words{"A field does not show what its history says.",
                            "A field does not show what its history says.", no_history};
constexpr Words search_words{"Search does not know the words that a field shows.",
                             "Search does not know the words that a field shows.",
                             "Search knows words that no field shows."};

// By type, as the index is: without it each dossier would cost as much as the whole store.
void read_fields(const StoredDossier& dossier, std::int64_t type, Rows& out) {
  dossier.work().each(
      "SELECT type, record, field, value, flags FROM field WHERE type = ? AND dossier = ?",
      bound(type, dossier.row()), [&](const Statement& row) {
        out[{cell(row, 0), cell(row, 1), cell(row, 2)}].cells = {cell(row, 3), cell(row, 4)};
      });
}

constexpr std::array<std::string_view, 4> search_texts{
    "SELECT text FROM search_open WHERE rowid = ?",
    "SELECT text FROM search_personal WHERE rowid = ?",
    "SELECT text FROM search_confidential WHERE rowid = ?",
    "SELECT text FROM search_restricted WHERE rowid = ?"};

void read_search(const StoredDossier& dossier, std::int64_t type, Rows& out) {
  UnitOfWork& work = dossier.work();
  work.each(
      "SELECT f.type, f.record, f.field, s.class, f.id FROM field f JOIN search_row s ON "
      "s.field = f.id WHERE f.type = ? AND f.dossier = ?",
      bound(type, dossier.row()), [&](const Statement& row) {
        const auto table = row.unsigned_integer(3);
        Cell text;
        if (table >= 1 && table <= search_texts.size()) {
          text = work.first(search_texts[table - 1], bound(row.integer(4)), bytes_column);
        }
        out[{cell(row, 0), cell(row, 1), cell(row, 2)}].cells = {cell(row, 3), text};
      });
}

bool reach_as_far(const StoredDossier& kept, const StoredDossier& anew) {
  return kept.length() == anew.length() && kept.readable() == anew.readable() &&
         kept.chain_at(kept.length()) == anew.chain_at(anew.length());
}

std::set<std::int64_t> types_of(const StoredDossier& dossier) {
  std::set<std::int64_t> out;
  dossier.work().each("SELECT DISTINCT type FROM op WHERE dossier = ?", bound(dossier.row()),
                      [&](const Statement& row) { out.insert(row.integer(0)); });
  return out;
}

}  // namespace

void compare(const StoredDossier& kept, const StoredDossier& anew, DossierFaults& faults) {
  if (!reach_as_far(kept, anew)) {
    faults.add(std::nullopt, "How far this record reaches is not what its changes come to.");
  }
  // Of what does not count either way, the kind says nothing.
  const bool is_known = kept.receiving() != Receiving::unknown;
  if (kept.receiving() != anew.receiving() || (is_known && kept.kind() != anew.kind())) {
    faults.add(std::nullopt, "Whether this record counts at this site is not what the rules say.");
  }
  for (const auto& table : tables) {
    Rows before, after;
    read(kept, table.sql, table.keys, table.cells, before);
    read(anew, table.sql, table.keys, table.cells, after);
    compare(before, after, table.words, faults);
  }
  for (const std::int64_t type : types_of(anew)) {
    Rows before, after;
    read_fields(kept, type, before);
    read_fields(anew, type, after);
    compare(before, after, field_words, faults);
    Rows found_before, found_after;
    read_search(kept, type, found_before);
    read_search(anew, type, found_after);
    compare(found_before, found_after, search_words, faults);
  }
}

}  // namespace throughgate::sync::store
