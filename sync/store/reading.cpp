#include "sync/store/reading.h"

#include "sync/dictionary/dictionaries.h"
#include "sync/layout.h"
#include "sync/store/admission.h"
#include "sync/store/placing.h"
#include "sync/store/settings_table.h"

namespace throughgate::sync::store {
namespace {

// To be raised when entries are read, or fields are shown, in another way than before without any
// of the numbers below having changed.
constexpr std::uint32_t reading = 3;

Bytes reader(const PolicyTable& policies) {
  LayoutWriter out;
  out.bytes(policies.version()).u16(entry_version).u32(schema_version_known);
  out.u32(dictionaries().back().id).u32(reading);
  return out.take();
}

}  // namespace

Result<Done> note_reader(Database& database, const PolicyTable& policies) {
  const Bytes now = reader(policies);
  {
    UnitOfWork work(database, Purpose::reading);
    const bool noted = SettingsTable(work).find(setting::read_by) == now;
    if (work.failed()) return work.error();
    if (noted) return Done{};
  }
  UnitOfWork work(database);
  work.run("UPDATE dossier SET stale = 1");
  SettingsTable(work).set(setting::read_by, now);
  return work.commit();
}

Result<std::uint64_t> Rereading::run(std::size_t dossiers_max) {
  if (auto done = take_parked_by_hand(); !done) return done.error();
  for (std::size_t i = 0; i < dossiers_max; ++i) {
    const auto read = read_next();
    if (!read) return read.error();
    if (!*read) break;
  }
  UnitOfWork work(database_, Purpose::reading);
  const auto left =
      work.first("SELECT count(*) FROM dossier WHERE stale", bound(), unsigned_column).value_or(0);
  if (work.failed()) return work.error();
  return left;
}

// What was brought by hand and can be read now goes the way it would have gone then.
Result<Done> Rereading::take_parked_by_hand() {
  std::vector<ParkedEntry> parked;
  {
    UnitOfWork work(database_, Purpose::reading);
    parked = ParkedTable(work).without_place();
    if (work.failed()) return work.error();
  }
  Admission admission(database_, context_);
  for (const auto& entry : parked) {
    if (is_of_later_version(entry.bytes.header)) continue;
    const auto taken = admission.receive_by_hand(entry.bytes);
    const bool later =
        !taken && taken.error().kind == ErrorKind::stale;  // its author is not here yet
    const bool never = !taken && (taken.error().kind == ErrorKind::rejected ||
                                  taken.error().kind == ErrorKind::denied);
    if (later) continue;
    if (!taken && !never) return taken.error();
    UnitOfWork work(database_);
    ParkedTable(work).remove(entry_hash(entry.bytes.header));
    if (auto done = work.commit(); !done) return done.error();
  }
  return Done{};
}

Result<bool> Rereading::read_next() {
  UnitOfWork work(database_);
  const auto id = work.first("SELECT dossier FROM dossier WHERE stale ORDER BY id LIMIT 1", bound(),
                             [](const Statement& row) { return DossierId::from(row.view(0)); });
  if (!id) return work.failed() ? Result<bool>(work.error()) : Result<bool>(false);
  if (!*id) work.fail_as_damaged();
  Replica replica(work, id->value_or(DossierId{}), context_);
  replica.read_again();
  place_parked(replica);
  replica.stored().set_read_again();
  replica.finish();
  if (auto done = work.commit(); !done) return done.error();
  return true;
}

// As if it had come just now. What the exchange has beyond it is fetched at the next sync.
void Rereading::place_parked(Replica& replica) {
  StoredDossier& stored = replica.stored();
  ParkedTable parked(stored.work());
  while (auto next = parked.at(stored.id(), stored.length() + 1)) {
    if (is_of_later_version(next->bytes.header)) return;
    stored.set_newer(stored.newer() & ~Newer::place);
    const auto placed =
        place_next(replica, std::move(next->bytes), *next->place, context_, context_.clock());
    parked.remove(next->place->record.entry);  // not due: the exchange gives its place anew
    if (placed != Placing::placed) return;
  }
  reach_heard_head(replica);
}

}  // namespace throughgate::sync::store
