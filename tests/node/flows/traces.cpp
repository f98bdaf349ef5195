#include "tests/node/flows/traces.h"

#include <array>
#include <set>
#include <stdexcept>

#include "sync/store/unit_of_work.h"
#include "tests/sync/store/page_search.h"

namespace throughgate::node::testing {
namespace {

using sync::store::bound;
using sync::store::Database;
using sync::store::Purpose;
using sync::store::Statement;
using sync::store::UnitOfWork;

constexpr std::size_t mark_bytes_min = 8;   // shorter ones stand in other records too
constexpr std::size_t mark_bytes_max = 64;  // of a long value: pages part it

// Every column of these may hold a mark.
constexpr std::array marking{
    "SELECT value FROM field WHERE dossier = (SELECT id FROM dossier WHERE dossier = ?)",
    "SELECT value, supersedes FROM op WHERE dossier = (SELECT id FROM dossier WHERE dossier = ?)",
    "SELECT e.hash, e.stream, e.header, e.signature, e.chain, p.clear, p.sealed FROM entry e JOIN "
    "part p ON p.entry = e.id WHERE e.dossier = (SELECT id FROM dossier WHERE dossier = ?)",
    "SELECT chain, proof, heard_proof, stream_tip FROM dossier WHERE dossier = ?",
    "SELECT entry, clear FROM membership WHERE dossier = (SELECT id FROM dossier WHERE dossier = "
    "?)",
    "SELECT key, epoch FROM dossier_key WHERE dossier = (SELECT id FROM dossier WHERE dossier = ?)",
    "SELECT list, signature FROM envelope_list WHERE dossier = ?",
    "SELECT digest FROM digest WHERE dossier = ?",
    "SELECT entry FROM notice WHERE dossier = ?",
    "SELECT key FROM import_row WHERE dossier = ?",
    "SELECT recipient FROM wanted WHERE dossier = ?",
    "SELECT signature FROM parked WHERE dossier = ?",
};

void add_mark(const Statement& row, int column, std::set<std::string>& out) {
  if (row.is_null(column)) return;
  auto bytes = std::string(crypto::as_text(row.view(column)));
  if (bytes.size() < mark_bytes_min) return;
  // The end: what begins alike, a header for one, ends otherwise.
  if (bytes.size() > mark_bytes_max) bytes = bytes.substr(bytes.size() - mark_bytes_max);
  out.insert(std::move(bytes));
}

// How many columns each has.
constexpr std::array<int, marking.size()> columns{1, 2, 7, 4, 2, 2, 2, 1, 1, 1, 1, 1};

void must_be_sound(const UnitOfWork& work) {
  if (work.failed()) throw std::runtime_error(work.error().message);
}

}  // namespace

std::vector<std::string> marks_of(Database& database, const sync::DossierId& dossier) {
  std::set<std::string> own;
  std::set<std::string> others;
  UnitOfWork work(database, Purpose::reading);
  std::vector<sync::DossierId> all;
  work.each("SELECT dossier FROM dossier", bound(),
            [&](const Statement& row) { all.push_back(*sync::DossierId::from(row.view(0))); });
  for (const auto& id : all) {
    for (std::size_t i = 0; i < marking.size(); ++i) {
      work.each(marking[i], bound(id.view()), [&](const Statement& row) {
        for (int column = 0; column < columns[i]; ++column) {
          add_mark(row, column, id == dossier ? own : others);
        }
      });
    }
  }
  must_be_sound(work);
  std::vector<std::string> out{planted_words};
  for (const auto& mark : own) {
    if (!others.contains(mark)) out.push_back(mark);
  }
  return out;
}

RowCounts count_rows(Database& database) {
  // What is of no record, or what an erasure itself writes.
  const std::set<std::string> apart{"setting", "directory_step", "erased_dossier",
                                    "erasure_receipt", "author"};
  RowCounts out;
  UnitOfWork work(database, Purpose::reading);
  std::vector<std::string> names;
  work.each(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search!__%!_%' "
      "ESCAPE '!' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'",
      bound(), [&](const Statement& row) { names.push_back(row.text(0)); });
  for (const auto& name : names) {
    if (apart.contains(name)) continue;
    out[name] = work.first("SELECT count(*) FROM " + name, bound(),
                           [](const Statement& row) { return row.integer(0); })
                    .value_or(-1);
  }
  must_be_sound(work);
  return out;
}

void plant_beside(Database& database, const sync::DossierId& dossier) {
  const std::string words = planted_words;
  UnitOfWork work(database);
  work.run("INSERT INTO notice (at_ms, kind, dossier, entry, detail) VALUES (1, 9, ?, ?, 0)",
           dossier.view(), crypto::as_bytes(words + " notice"));
  work.run("INSERT INTO import_row (key, dossier) VALUES (?, ?)", crypto::as_bytes(words + " row"),
           dossier.view());
  work.run(
      "INSERT INTO closing (dossier, closes, entry) SELECT dossier, ?, id FROM entry WHERE dossier "
      "= (SELECT id FROM dossier WHERE dossier = ?) LIMIT 1",
      crypto::as_bytes(words + " closed"), dossier.view());
  work.run(
      "INSERT INTO purge_receipt (dossier, node, dsn, bytes, signature) VALUES (?, ?, 1, ?, ?)",
      dossier.view(), dossier.view(), crypto::as_bytes(words), crypto::as_bytes(words));
  work.run("INSERT INTO wanted (dossier, epoch, kind, recipient) VALUES (?, ?, 1, ?)",
           dossier.view(), dossier.view(), crypto::as_bytes(words).first(16));
  work.run("INSERT INTO made_file_record (made_file, dossier) VALUES (1, ?)", dossier.view());
  work.run("INSERT INTO key_renewal (dossier, version, duty, done) VALUES (?, 1, 0, 0)",
           dossier.view());
  const std::string header = std::string("\xff\xff\x01\x00", 4) +
                             std::string(crypto::as_text(dossier.view())) + words + " header";
  for (const bool placed : {true, false}) {
    std::optional<crypto::ByteView> place;
    if (placed) place = dossier.view();
    work.run(
        "INSERT INTO parked (hash, dossier, header, signature, clear, sealed) VALUES (?, ?, ?, ?, "
        "?, ?)",
        crypto::as_bytes(words + (placed ? "1" : "2")), place, crypto::as_bytes(header),
        crypto::as_bytes(words + std::string(64 - words.size(), '.')), crypto::as_bytes(words),
        crypto::as_bytes(words));
  }
  work.run(
      "INSERT OR REPLACE INTO stream_actor (stream, actor, name, role) SELECT stream, hash, ?, '' "
      "FROM entry WHERE dossier = (SELECT id FROM dossier WHERE dossier = ?) LIMIT 1",
      words, dossier.view());
  // Of the classes that nothing in a handover is searched by.
  for (const auto& [cls, insert] :
       {std::pair(1, "INSERT INTO search_open (rowid, text) VALUES (?, ?)"),
        std::pair(3, "INSERT INTO search_confidential (rowid, text) VALUES (?, ?)"),
        std::pair(4, "INSERT INTO search_restricted (rowid, text) VALUES (?, ?)")}) {
    const auto field = work.first(
        "SELECT id FROM field WHERE dossier = (SELECT id FROM dossier WHERE dossier = ?) AND id "
        "NOT "
        "IN (SELECT field FROM search_row) LIMIT 1",
        bound(dossier.view()), [](const Statement& row) { return row.integer(0); });
    if (!field) throw std::runtime_error("no field to plant words at");
    work.run(insert, *field, words);
    work.run("INSERT INTO search_row (field, class) VALUES (?, ?)", *field, cls);
  }
  if (auto done = work.commit(); !done) throw std::runtime_error(done.error().message);
}

std::string what_is_left(Database& database, const std::vector<std::string>& marks,
                         const RowCounts& before) {
  const auto found = throughgate::testing::search_pages(database, marks);
  if (!found) return "a page does not open";
  std::string out;
  for (const auto& [mark, pages] : found->found) {
    if (!pages.empty()) {
      out += crypto::to_hex(crypto::as_bytes(mark)) + " in page " + std::to_string(*pages.begin()) +
             "; ";
    }
  }
  {
    UnitOfWork work(database, Purpose::reading);
    const auto freed = work.first("PRAGMA freelist_count", bound(),
                                  [](const Statement& row) { return row.integer(0); });
    if (freed != 0) out += "pages were freed and the file not rewritten; ";
  }
  for (const auto& [table, rows] : count_rows(database)) {
    const auto was = before.find(table);
    if (was == before.end() || was->second != rows) {
      out += table + " has " + std::to_string(rows) + " rows; ";
    }
  }
  return out;
}

}  // namespace throughgate::node::testing
