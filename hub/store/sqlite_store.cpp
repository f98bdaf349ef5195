#include "hub/store/sqlite_store.h"

#include <limits>

#include "hub/store/schema.h"
#include "hub/store/sqlite_rows.h"
#include "sync/limits.h"

namespace throughgate::hub {

using sync::store::Database;
using sync::store::Transaction;

// ---- opening

Result<Done> SqliteStore::create(const std::string& path, const crypto::DatabaseKey& key,
                                 crypto::Random& random, sync::store::OpenOptions options) {
  options.access = sync::store::Access::create;
  auto database = Database::open(path, key, options);
  if (!database) return database.error();
  if (auto done = migrate(*database, hub_migrations(), hub_application_id); !done) return done;
  auto transaction = Transaction::begin(*database);
  if (!transaction) return transaction.error();
  auto rows = database->prepare("SELECT count(*) FROM hub");
  if (!rows) return rows.error();
  if (auto row = rows->step(); !row) return row.error();
  if (rows->integer(0) != 0) {
    return {ErrorKind::invalid, "There is an exchange's store here already. Nothing was changed."};
  }
  const auto signing_key = crypto::SigningKey::generate(random);
  const auto cursor_key = crypto::Secret<32>::random(random);
  auto made = database->run(
      "INSERT INTO hub (id, instance, recovered, change, signing_seed, cursor_key) "
      "VALUES (1, ?, 0, 0, ?, ?)",
      InstanceId::random(random).bytes, signing_key.seed().view(), cursor_key.view());
  if (!made) return made;
  return transaction->commit();
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::string& path,
                                                       const crypto::DatabaseKey& key,
                                                       const sync::store::OpenOptions& options) {
  auto database = Database::open(path, key, options);
  if (!database) return database.error();
  if (auto done = migrate(*database, hub_migrations(), hub_application_id); !done) {
    return done.error();
  }
  std::unique_ptr<SqliteStore> store(new SqliteStore(*std::move(database)));
  if (auto keys = store->keys(); !keys) return keys.error();
  return store;
}

Result<SequencerKeys> SqliteStore::keys() {
  auto statement = database_.prepare("SELECT signing_seed, cursor_key FROM hub");
  if (!statement) return statement.error();
  auto row = statement->step();
  if (!row) return row.error();
  if (!*row) {
    return {ErrorKind::corrupt,
            "This store has no keys: it was never finished. Delete it and run init again."};
  }
  const auto secret = [&](int column) {
    crypto::Secret<32> out;
    const ByteView stored = statement->view(column);
    if (stored.size() == 32) std::copy(stored.begin(), stored.end(), out.writable().begin());
    return out;
  };
  return SequencerKeys{crypto::SigningKey(secret(0)), secret(1)};
}

// ---- one request

Result<Done> SqliteStore::begin() {
  work_.emplace(database_);
  marked_ = false;
  if (!work_->failed()) return Done{};
  const Error error = work_->error();
  work_.reset();
  return error;
}

Result<Done> SqliteStore::commit() {
  auto done = work_->commit();
  work_.reset();
  return done;
}

void SqliteStore::roll_back() { work_.reset(); }

std::optional<Error> SqliteStore::fault() {
  return work_->failed() ? std::optional(work_->error()) : std::nullopt;
}

// ---- the hub itself

HubState SqliteStore::state() {
  const auto read = [](const Statement& row) {
    HubState state{id_in<InstanceId>(row, 0), std::nullopt, number_in(row, 2), row.integer(3) != 0};
    if (!row.is_null(1)) state.began_ms = number_in(row, 1);
    return state;
  };
  return first("SELECT instance, began_ms, change, recovered FROM hub", read).value_or(HubState{});
}

void SqliteStore::begin_instance(const InstanceId& instance) {
  run("UPDATE hub SET instance = ?, began_ms = NULL, recovered = 0", instance.bytes);
  run("DELETE FROM chain WHERE node IS NOT NULL");
  run("DELETE FROM heard");
  run("DELETE FROM digest");  // of orders that may come back otherwise; nodes say theirs anew
}

void SqliteStore::set_began(std::uint64_t now_ms) { run("UPDATE hub SET began_ms = ?", now_ms); }

void SqliteStore::set_recovered() {
  run("UPDATE hub SET recovered = 1");
  run("DELETE FROM chain WHERE node IS NOT NULL");
}

std::uint64_t SqliteStore::next_change() {
  run("UPDATE hub SET change = change + 1");
  const auto change = number("SELECT change FROM hub");
  if (!std::exchange(marked_, true)) {
    crypto::SystemRandom random;  // what a copy of this process's memory would not draw again
    run("INSERT INTO mark VALUES (?, ?)", change, random.bytes<8>());
  }
  return change;
}

ByteArray<8> SqliteStore::mark_at(std::uint64_t change) {
  const auto read = [](const Statement& row) {
    return crypto::to_array<8>(row.view(0)).value_or(ByteArray<8>{});
  };
  return first("SELECT value FROM mark WHERE change <= ? ORDER BY change DESC LIMIT 1", read,
               change)
      .value_or(ByteArray<8>{});
}

void SqliteStore::note_heard(const InstanceId& instance, const NodeId& node) {
  run("INSERT INTO heard VALUES (?, ?) ON CONFLICT DO NOTHING", instance.bytes, node.bytes);
}

bool SqliteStore::has_heard(const InstanceId& instance, const NodeId& node) {
  return number("SELECT count(*) FROM heard WHERE instance = ? AND node = ?", instance.bytes,
                node.bytes) != 0;
}

// ---- directory

std::uint64_t SqliteStore::directory_version() {
  return number("SELECT ifnull(max(version), 0) FROM directory_step");
}

std::vector<sync::DirectoryStep> SqliteStore::directory_after(std::uint64_t version,
                                                              std::size_t bytes_max) {
  std::vector<sync::DirectoryStep> out;
  if (version > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return out;
  std::size_t bytes = 0;
  for (std::uint64_t next = version + 1;; ++next) {
    auto step = first(
        "SELECT header, body, signature, root_list FROM directory_step WHERE version = ?",
        [](const Statement& row) {
          return sync::DirectoryStep{row.bytes(0), row.bytes(1), array_in<64>(row, 2),
                                     row.bytes(3)};
        },
        next);
    if (!step) return out;
    bytes += step->header.size() + step->body.size() + step->signature.size();
    if (!out.empty() && bytes > bytes_max) return out;
    out.push_back(*std::move(step));
  }
}

void SqliteStore::add_directory_step(std::uint64_t version, const sync::DirectoryStep& step) {
  run("INSERT INTO directory_step VALUES (?, ?, ?, ?, ?)", version, step.header, step.body,
      step.signature, step.root_list);
}

void SqliteStore::add_directory_snapshot(std::uint64_t version, sync::ByteView snapshot) {
  run("INSERT OR IGNORE INTO directory_snapshot VALUES (?, ?)", version, snapshot);
}

sync::Bytes SqliteStore::directory_snapshot(std::uint64_t up_to) {
  return first(
             "SELECT bytes FROM directory_snapshot WHERE version <= ? ORDER BY version DESC LIMIT "
             "1",
             [](const Statement& row) { return row.bytes(0); }, std::min(up_to, sync::counter_max))
      .value_or(sync::Bytes());
}

std::uint64_t SqliteStore::directory_snapshot_version() {
  return number("SELECT ifnull(max(version), 0) FROM directory_snapshot");
}

std::optional<sync::Anchor> SqliteStore::anchor() {
  return first("SELECT directory_key FROM hub WHERE directory_key IS NOT NULL",
               [](const Statement& row) { return sync::Anchor(hash_in(row)); });
}

void SqliteStore::trust(const sync::Anchor& anchor) {
  run("UPDATE hub SET directory_key = ?", anchor.root);
}

// ---- limits

std::uint64_t SqliteStore::bytes_on(const OrganisationId& organisation, std::uint64_t day) {
  return number("SELECT bytes FROM bytes_taken WHERE organisation = ? AND day = ?",
                organisation.bytes, day);
}

void SqliteStore::add_bytes(const OrganisationId& organisation, std::uint64_t day,
                            std::uint64_t bytes) {
  run("DELETE FROM bytes_taken WHERE organisation = ? AND day < ?", organisation.bytes, day);
  run("INSERT INTO bytes_taken VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET bytes = bytes + ?3",
      organisation.bytes, day, bytes);
}

std::uint64_t SqliteStore::dossiers_owned(const OrganisationId& organisation) {
  return number("SELECT dossiers FROM owned WHERE organisation = ?", organisation.bytes);
}

// ---- counts

HubCounts SqliteStore::counts() {
  HubCounts out;
  out.dossiers = number("SELECT dossiers FROM totals");
  out.entries = number("SELECT entries FROM totals");
  out.late = number("SELECT late FROM totals");
  out.late_bytes = number("SELECT late_bytes FROM totals");
  return out;
}

}  // namespace throughgate::hub
