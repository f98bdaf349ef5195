#include "sync/store/erasure.h"

#include <array>

#include "sync/layout.h"
#include "sync/store/admission.h"
#include "sync/store/settings_table.h"

namespace throughgate::sync::store {
namespace {

#define ROW "(SELECT id FROM dossier WHERE dossier = ?1)"
#define ENTRIES                                                                       \
  "(SELECT e.id FROM entry e JOIN author a ON a.id = e.author WHERE e.dossier = " ROW \
  " AND NOT (e.dsn IS NULL AND a.organisation IS ?2))"
#define SPARED                                                      \
  "entry e JOIN author a ON a.id = e.author WHERE e.dossier = " ROW \
  " AND e.dsn IS NULL AND a.organisation IS ?2"
// By type, as the index is: without it each dossier would cost as much as the whole store.
#define FIELDS                                                                             \
  "(SELECT id FROM field WHERE type IN (SELECT DISTINCT type FROM op WHERE dossier = " ROW \
  ") AND dossier = " ROW ")"
#define SEARCH_ROWS(CLASS) \
  "(SELECT field FROM search_row WHERE class = " CLASS " AND field IN " FIELDS ")"
// Where an entry's header names its epoch; see header.h.
#define EPOCH_OF "substr(e.header, 97, 16)"

constexpr std::array all_deletions{
    Deletion{"search_open", "DELETE FROM search_open WHERE rowid IN " SEARCH_ROWS("1")},
    Deletion{"search_personal", "DELETE FROM search_personal WHERE rowid IN " SEARCH_ROWS("2")},
    Deletion{"search_confidential",
             "DELETE FROM search_confidential WHERE rowid IN " SEARCH_ROWS("3")},
    Deletion{"search_restricted", "DELETE FROM search_restricted WHERE rowid IN " SEARCH_ROWS("4")},
    Deletion{"search_row", "DELETE FROM search_row WHERE field IN " FIELDS},
    Deletion{"field", "DELETE FROM field WHERE id IN " FIELDS},
    Deletion{"redaction", "DELETE FROM redaction WHERE entry IN " ENTRIES " OR target IN " ENTRIES,
             true},
    Deletion{"op", "DELETE FROM op WHERE dossier = " ROW},
    Deletion{"membership", "DELETE FROM membership WHERE dossier = " ROW},
    Deletion{"closing", "DELETE FROM closing WHERE dossier = " ROW},
    Deletion{"part", "DELETE FROM part WHERE entry IN " ENTRIES, true},
    Deletion{"stream_actor",
             "DELETE FROM stream_actor WHERE stream IN (SELECT stream FROM entry WHERE dossier "
             "= " ROW
             " UNION SELECT stream FROM dossier WHERE dossier = ?1 AND stream IS NOT NULL)"},
    Deletion{"dossier_key",
             "DELETE FROM dossier_key WHERE dossier = " ROW " AND epoch NOT IN (SELECT " EPOCH_OF
             " FROM " SPARED ")",
             true},
    Deletion{"envelope_list", "DELETE FROM envelope_list WHERE dossier = ?1"},
    Deletion{"wanted", "DELETE FROM wanted WHERE dossier = ?1"},
    Deletion{"key_renewal", "DELETE FROM key_renewal WHERE dossier = ?1"},
    Deletion{"digest", "DELETE FROM digest WHERE dossier = ?1"},
    Deletion{"notice",
             "DELETE FROM notice WHERE dossier = ?1 AND (entry IS NULL OR entry NOT IN (SELECT "
             "e.hash FROM " SPARED "))",
             true},
    Deletion{"import_row", "DELETE FROM import_row WHERE dossier = ?1"},
    Deletion{"made_file_record", "DELETE FROM made_file_record WHERE dossier = ?1"},
    Deletion{"purge_receipt", "DELETE FROM purge_receipt WHERE dossier = ?1"},
    // One brought by hand has no place: a later version that still begins as ours do names it.
    Deletion{"parked", "DELETE FROM parked WHERE dossier = ?1 OR substr(header, 5, 16) = ?1"},
    Deletion{"entry", "DELETE FROM entry WHERE id IN " ENTRIES, true},
    Deletion{"dossier",
             "DELETE FROM dossier WHERE dossier = ?1 AND NOT EXISTS (SELECT 1 FROM " SPARED ")",
             true},
};

#undef EPOCH_OF
#undef SEARCH_ROWS
#undef FIELDS
#undef SPARED
#undef ENTRIES
#undef ROW

// Their names stand beside the entries that name them.
constexpr std::string_view forget_actors_named_nowhere =
    "DELETE FROM actor WHERE id NOT IN (SELECT actor FROM entry WHERE actor IS NOT NULL)";

// Deleting from an index leaves the words that its pages were parted by.
constexpr std::array<std::string_view, 4> make_search_anew{
    "INSERT INTO search_open (search_open) VALUES ('rebuild')",
    "INSERT INTO search_personal (search_personal) VALUES ('rebuild')",
    "INSERT INTO search_confidential (search_confidential) VALUES ('rebuild')",
    "INSERT INTO search_restricted (search_restricted) VALUES ('rebuild')"};

std::int64_t changes_so_far(UnitOfWork& work) {
  return work
      .first("SELECT total_changes()", bound(), [](const Statement& row) { return row.integer(0); })
      .value_or(0);
}

// Without the record's number: what is left of it is that there was one.
void tell(UnitOfWork& work, const DossierId& dossier, std::uint64_t now_ms) {
  const auto unsent = work.first(
      "SELECT (SELECT count(*) FROM entry e WHERE e.dossier = d.id AND e.dsn IS NULL AND "
      "e.standing IN (1, 5)) FROM dossier d WHERE d.dossier = ?",
      bound(dossier.view()), unsigned_column);
  if (!unsent) return;
  work.run("INSERT INTO notice (at_ms, kind, detail) VALUES (?, ?, ?)", now_ms,
           static_cast<int>(NoticeKind::erased), *unsent);
}

// What people said why they looked at it, or took it out as a file: it may say more of the person
// than that. The same words of the same answer may stand beside other records, and go too.
constexpr std::string_view forget_reasons =
    "UPDATE audit SET reason = '', reason_salt = x'', reason_gone_with = ?1 WHERE reason <> '' AND "
    "(dossier = ?1 OR EXISTS (SELECT 1 FROM audit a WHERE a.dossier = ?1 AND a.at_ms = audit.at_ms "
    "AND a.actor = audit.actor AND a.reason = audit.reason))";

Bytes number(std::uint64_t value) { return LayoutWriter().u64(value).take(); }

std::uint64_t number_in(const std::optional<Bytes>& kept) {
  return kept ? LayoutReader(*kept).u64() : 0;
}

Result<Done> rewrite(Database& database) {
  UnitOfWork work(database);
  for (const auto sql : make_search_anew) work.run(sql);
  if (auto done = work.commit(); !done) return done;
  if (auto done = database.run_script("VACUUM"); !done) return done;
  return database.checkpoint();
}

}  // namespace

// Pages hold what was deleted until clear_traces() has come to its end.
void note_traces(UnitOfWork& work) {
  SettingsTable settings(work);
  settings.set(setting::traces_of_erased,
               number(number_in(settings.find(setting::traces_of_erased)) + 1));
}

bool delete_dossier(UnitOfWork& work, const DossierId& dossier,
                    const std::optional<OrganisationId>& spared, std::span<const Deletion> steps) {
  const auto before = changes_so_far(work);
  std::optional<ByteView> own;
  if (spared) own = spared->view();
  for (const auto& step : steps) {
    step.spares ? work.run(step.sql, dossier.view(), own) : work.run(step.sql, dossier.view());
  }
  if (changes_so_far(work) == before) return false;
  work.run(forget_actors_named_nowhere);
  note_traces(work);
  return true;
}

// What another program on this store deletes meanwhile raises the number: that needs a round of its
// own.
Result<Done> clear_traces(Database& database) {
  std::uint64_t traces = 0;
  {
    UnitOfWork work(database, Purpose::reading);
    traces = number_in(SettingsTable(work).find(setting::traces_of_erased));
    if (auto done = work.commit(); !done || traces == 0) return done;
  }
  if (auto done = rewrite(database); !done) return done;
  UnitOfWork work(database);
  SettingsTable settings(work);
  if (number_in(settings.find(setting::traces_of_erased)) == traces) {
    settings.set(setting::traces_of_erased, number(0));
  }
  return work.commit();
}

std::span<const Deletion> deletions() { return all_deletions; }

Error already_erased() {
  return {ErrorKind::denied, "This record has been erased and is not taken back."};
}

bool is_erased(UnitOfWork& work, const DossierId& dossier) {
  return work
      .first("SELECT 1 FROM erased_dossier WHERE dossier = ?", bound(dossier.view()),
             unsigned_column)
      .has_value();
}

void erase(UnitOfWork& work, const std::map<DossierId, std::uint64_t>& dossiers,
           std::uint64_t now_ms, std::span<const Deletion> steps) {
  for (const auto& [dossier, version] : dossiers) {
    tell(work, dossier, now_ms);
    delete_dossier(work, dossier, std::nullopt, steps);
    const auto before = changes_so_far(work);
    work.run(forget_reasons, dossier.view());
    if (changes_so_far(work) != before) note_traces(work);
    work.run("DELETE FROM purged_dossier WHERE dossier = ?", dossier.view());
  }
  for (const auto& [dossier, version] : dossiers) {
    work.run("INSERT OR IGNORE INTO erased_dossier (dossier, version) VALUES (?, ?)",
             dossier.view(), version);
  }
}

void erase_what_is_named(UnitOfWork& work, const Directory& directory, std::uint64_t now_ms) {
  SettingsTable settings(work);
  if (number_in(settings.find(setting::erased_to)) >= directory.last_erasure()) return;
  std::map<DossierId, std::uint64_t> named;
  for (const auto& each : directory.erased()) {
    if (!is_erased(work, each.first)) named.insert(each);
  }
  erase(work, named, now_ms);
  settings.set(setting::erased_to, number(directory.last_erasure()));
}

std::optional<ErasureReceipt> own_receipt(UnitOfWork& work, const NodeIdentity& identity) {
  const auto kept = SettingsTable(work).find(setting::erasure_receipt);
  if (!kept) return std::nullopt;
  LayoutReader in(*kept);
  const auto signature = in.array<64>();
  auto receipt = decode_erasure_receipt(ByteView(*kept).subspan(in.position()), signature);
  if (in.failed() || !receipt) {
    work.fail_as_damaged();
    return std::nullopt;
  }
  // A store from before this computer was enrolled anew: another's word.
  if (receipt->witness != Witness{WitnessKind::node, identity.node.bytes}) return std::nullopt;
  return receipt;
}

Result<Done> finish_erasures(Database& database, const NodeContext& context,
                             const CopiesGone& copies_gone) {
  const std::uint64_t due = context.directory.last_erasure();
  if (due == 0) return Done{};
  bool traces = false;
  {
    UnitOfWork work(database, Purpose::reading);
    SettingsTable settings(work);
    traces = number_in(settings.find(setting::traces_of_erased)) != 0;
    const bool deleted = number_in(settings.find(setting::erased_to)) >= due;
    const auto said = own_receipt(work, context.identity);
    if (auto done = work.commit(); !done) return done;
    if (!deleted || (!traces && said && said->erased_to >= due)) return Done{};
  }
  if (copies_gone) {
    if (auto gone = copies_gone(); !gone) return gone;
  }
  if (auto done = clear_traces(database); !done) return done;
  ErasureReceipt receipt{
      {WitnessKind::node, context.identity.node.bytes}, due, context.clock(), {}};
  sign(receipt, context.identity.signing_key);
  UnitOfWork work(database);
  SettingsTable settings(work);
  // Another program on this store may have erased more meanwhile: that needs a round of its own.
  if (number_in(settings.find(setting::erased_to)) == due) {
    settings.set(setting::erasure_receipt,
                 LayoutWriter().bytes(receipt.signature).bytes(receipt.encode()).take());
  }
  return work.commit();
}

}  // namespace throughgate::sync::store
