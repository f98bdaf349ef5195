#include "hub/store/sqlite_store.h"

#include <limits>

#include "hub/store/schema.h"

namespace throughgate::hub {
namespace {

using sync::store::Database;
using sync::store::Statement;
using sync::store::Transaction;

// The schema checks sizes, and the file's seal its content: a column has its size.
template <class AnyId>
AnyId id_in(const Statement& row, int column) {
  return AnyId::from(row.view(column)).value_or(AnyId{});
}
template <std::size_t Size>
ByteArray<Size> array_in(const Statement& row, int column) {
  return crypto::to_array<Size>(row.view(column)).value_or(ByteArray<Size>{});
}
std::uint64_t number_in(const Statement& row, int column) { return row.unsigned_integer(column); }

constexpr std::string_view chain_columns =
    "SELECT id, dossier, length, head, accepted_at_ms, directory_version, signed_by, opened_in, "
    "first_dsn, target_dsn, target, refused FROM chain ";

sync::store::OpenOptions create_if_missing() {
  sync::store::OpenOptions options;
  options.access = sync::store::Access::create;
  return options;
}

Chain chain_in(const Statement& row) {
  return {row.integer(0),
          id_in<DossierId>(row, 1),
          number_in(row, 2),
          array_in<32>(row, 3),
          number_in(row, 4),
          number_in(row, 5),
          id_in<InstanceId>(row, 6),
          id_in<InstanceId>(row, 7)};
}

Branch branch_in(const Statement& row) {
  return {chain_in(row), number_in(row, 8), number_in(row, 9), array_in<32>(row, 10),
          row.integer(11) != 0};
}

StreamEnd stream_end_in(const Statement& row) {
  return {id_in<NodeId>(row, 0), number_in(row, 1), number_in(row, 2), array_in<32>(row, 3)};
}

KeptDigest digest_in(const Statement& row) {
  return {id_in<NodeId>(row, 0), number_in(row, 1), array_in<16>(row, 2), array_in<16>(row, 3),
          number_in(row, 4)};
}

constexpr auto hash_in = [](const Statement& row) { return array_in<32>(row, 0); };
constexpr auto first_number_in = [](const Statement& row) { return number_in(row, 0); };

}  // namespace

// ---- opening

Result<Done> SqliteStore::create(const std::string& path, const crypto::DatabaseKey& key,
                                 crypto::Random& random) {
  auto database = Database::open(path, key, create_if_missing());
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
  fault_.reset();
  auto begun = Transaction::begin(database_);
  if (!begun) return begun.error();
  transaction_.emplace(*std::move(begun));
  return Done{};
}

Result<Done> SqliteStore::commit() {
  if (fault_) {
    roll_back();
    return *fault_;
  }
  auto done = transaction_->commit();
  transaction_.reset();
  return done;
}

void SqliteStore::roll_back() { transaction_.reset(); }

void SqliteStore::note(const Error& error) {
  if (!fault_) fault_ = error;
}

template <typename... Values>
void SqliteStore::run(std::string_view sql, const Values&... values) {
  if (fault_) return;
  if (auto done = database_.run(sql, values...); !done) note(done.error());
}

template <typename Read, typename... Values>
void SqliteStore::each(std::string_view sql, Read take, const Values&... values) {
  if (fault_) return;
  auto statement = database_.prepare(sql);
  if (!statement) return note(statement.error());
  statement->bind(values...);
  for (;;) {
    const auto row = statement->step();
    if (!row) return note(row.error());
    if (!*row) return;
    take(*statement);
  }
}

template <typename Read, typename... Values>
auto SqliteStore::first(std::string_view sql, Read take, const Values&... values)
    -> std::optional<decltype(take(std::declval<const Statement&>()))> {
  if (fault_) return std::nullopt;
  auto statement = database_.prepare(sql);
  if (!statement) {
    note(statement.error());
    return std::nullopt;
  }
  const auto row = statement->bind(values...).step();
  if (!row) note(row.error());
  if (!row || !*row) return std::nullopt;
  return take(*statement);
}

std::uint64_t SqliteStore::number(std::string_view sql, const auto&... values) {
  return first(sql, first_number_in, values...).value_or(0);
}

std::vector<DossierId> SqliteStore::dossiers(std::string_view sql, const auto&... values) {
  std::vector<DossierId> out;
  each(
      sql, [&](const Statement& row) { out.push_back(id_in<DossierId>(row, 0)); }, values...);
  return out;
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
}

void SqliteStore::set_began(std::uint64_t now_ms) { run("UPDATE hub SET began_ms = ?", now_ms); }

void SqliteStore::set_recovered() {
  run("UPDATE hub SET recovered = 1");
  run("DELETE FROM chain WHERE node IS NOT NULL");
}

std::uint64_t SqliteStore::next_change() {
  run("UPDATE hub SET change = change + 1");
  return number("SELECT change FROM hub");
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
        "SELECT header, body, signature FROM directory_step WHERE version = ?",
        [](const Statement& row) {
          return sync::DirectoryStep{row.bytes(0), row.bytes(1), array_in<64>(row, 2)};
        },
        next);
    if (!step) return out;
    bytes += step->header.size() + step->body.size() + step->signature.size();
    if (!out.empty() && bytes > bytes_max) return out;
    out.push_back(*std::move(step));
  }
}

void SqliteStore::add_directory_step(std::uint64_t version, const sync::DirectoryStep& step) {
  run("INSERT INTO directory_step VALUES (?, ?, ?, ?)", version, step.header, step.body,
      step.signature);
}

std::optional<crypto::VerifyKey> SqliteStore::directory_key() {
  return first("SELECT directory_key FROM hub WHERE directory_key IS NOT NULL", hash_in);
}

void SqliteStore::trust_directory_key(const crypto::VerifyKey& key) {
  run("UPDATE hub SET directory_key = ?", key);
}

// ---- orders

std::optional<Chain> SqliteStore::chain(const DossierId& dossier) {
  static const std::string sql = std::string(chain_columns) + "WHERE dossier = ? AND node IS NULL";
  return first(sql, chain_in, dossier.bytes);
}

Chain SqliteStore::create_chain(const DossierId& dossier) {
  const Chain made{0, dossier, 0, sync::chain_start(dossier), 0, 0, {}, {}};
  run("INSERT INTO chain (dossier, length, head, accepted_at_ms, directory_version, signed_by, "
      "opened_in) VALUES (?, 0, ?, 0, 0, ?, ?)",
      dossier.bytes, made.head, made.signed_by.bytes, made.opened_in.bytes);
  return chain(dossier).value_or(made);
}

void SqliteStore::save_chain(const Chain& chain) {
  run("UPDATE chain SET length = ?, head = ?, accepted_at_ms = ?, directory_version = ?, "
      "signed_by = ?, opened_in = ? WHERE id = ?",
      chain.length, chain.head, chain.accepted_at_ms, chain.directory_version,
      chain.signed_by.bytes, chain.opened_in.bytes, chain.id);
}

void SqliteStore::set_owner(ChainId chain, const OrganisationId& owner) {
  run("UPDATE chain SET owner = ? WHERE id = ?", owner.bytes, chain);
}

void SqliteStore::append(ChainId chain, const sync::VerifiedEntry& entry,
                         const sync::OrderRecord& record, const Hash& head) {
  const auto& header = entry.header();
  const auto redacts = entry.redaction() ? std::optional(entry.redaction()->dsn) : std::nullopt;
  run("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", chain, record.dsn,
      entry.hash(), record.directory_version, record.accepted_at_ms, head,
      static_cast<std::uint16_t>(header.kind), header.stream.bytes, header.seq, header.author.bytes,
      redacts, entry.bytes().header, entry.bytes().signature);
  run("INSERT INTO part VALUES (?, ?, ?, ?)", chain, record.dsn, entry.bytes().clear,
      entry.bytes().sealed);
}

void SqliteStore::add_membership(ChainId chain, const sync::EffectiveMembership& membership) {
  run("INSERT INTO membership VALUES (?, ?, ?, ?)", chain, membership.dsn, membership.entry,
      membership.membership.encode());
}

std::vector<sync::EffectiveMembership> SqliteStore::memberships(ChainId chain,
                                                                std::uint64_t below_dsn) {
  std::vector<sync::EffectiveMembership> out;
  const auto read = [&](const Statement& row) {
    auto membership = sync::decode_membership(row.view(2));
    if (!membership) {
      return note({ErrorKind::corrupt,
                   "The store holds a damaged list of members. Put back a "
                   "backup, then run new-instance."});
    }
    out.push_back({number_in(row, 0), array_in<32>(row, 1), *std::move(membership)});
  };
  each("SELECT dsn, entry, clear FROM membership WHERE chain = ? AND dsn < ? ORDER BY dsn", read,
       chain, below_dsn);
  return out;
}

std::optional<Hash> SqliteStore::head_at(ChainId chain, std::uint64_t dsn) {
  return first("SELECT head FROM entry WHERE chain = ? AND dsn = ?", hash_in, chain, dsn);
}

std::optional<Hash> SqliteStore::entry_at(ChainId chain, std::uint64_t dsn) {
  return first("SELECT entry FROM entry WHERE chain = ? AND dsn = ?", hash_in, chain, dsn);
}

std::optional<sync::EntryKind> SqliteStore::kind_at(ChainId chain, std::uint64_t dsn) {
  return first(
      "SELECT kind FROM entry WHERE chain = ? AND dsn = ?",
      [](const Statement& row) { return static_cast<sync::EntryKind>(row.integer(0)); }, chain,
      dsn);
}

std::optional<StreamEnd> SqliteStore::placed(ChainId chain, const StreamId& stream,
                                             std::uint64_t seq) {
  return first(
      "SELECT author, seq, dsn, entry FROM entry WHERE chain = ? AND stream = ? AND seq = ?",
      stream_end_in, chain, stream.bytes, seq);
}

std::optional<StreamEnd> SqliteStore::stream_end(ChainId chain, const StreamId& stream,
                                                 std::uint64_t below_dsn) {
  // Within a stream, dsn rises with seq: seldom more than one row is read.
  return first(
      "SELECT author, seq, dsn, entry FROM entry WHERE chain = ? AND stream = ? AND dsn < ? "
      "ORDER BY seq DESC LIMIT 1",
      stream_end_in, chain, stream.bytes, below_dsn);
}

std::optional<PlacedEntry> SqliteStore::read_entry(ChainId chain, std::uint64_t dsn) {
  return first(
      "SELECT e.header, e.signature, p.clear, p.sealed, e.dsn, e.entry, e.directory_version, "
      "e.accepted_at_ms FROM entry e JOIN part p ON p.chain = e.chain AND p.dsn = e.dsn "
      "WHERE e.chain = ? AND e.dsn = ?",
      [](const Statement& row) {
        return PlacedEntry{
            {row.bytes(0), array_in<64>(row, 1), row.bytes(2), row.bytes(3)},
            {number_in(row, 4), array_in<32>(row, 5), number_in(row, 6), number_in(row, 7)}};
      },
      chain, dsn);
}

void SqliteStore::delete_sealed_part(ChainId chain, std::uint64_t dsn) {
  run("UPDATE part SET sealed = x'' WHERE chain = ? AND dsn = ?", chain, dsn);
}

std::vector<DossierId> SqliteStore::not_open_in(const InstanceId& instance) {
  return dossiers("SELECT dossier FROM chain WHERE node IS NULL AND length > 0 AND opened_in <> ?",
                  instance.bytes);
}

std::vector<DossierId> SqliteStore::not_open_in(const InstanceId& instance,
                                                const OrganisationId& organisation) {
  return dossiers(
      "SELECT DISTINCT c.dossier FROM chain c WHERE c.node IS NULL AND c.length > 0 AND "
      "c.opened_in <> ? AND EXISTS (SELECT 1 FROM membership m WHERE m.chain = c.id AND "
      "instr(m.clear, ?) > 0)",
      instance.bytes, organisation.bytes);
}

// ---- branches

std::optional<Branch> SqliteStore::branch(const DossierId& dossier, const NodeId& node) {
  static const std::string sql = std::string(chain_columns) + "WHERE dossier = ? AND node = ?";
  return first(sql, branch_in, dossier.bytes, node.bytes);
}

Branch SqliteStore::create_branch(const Branch& branch, const NodeId& node) {
  const Chain& chain = branch.chain;
  run("DELETE FROM chain WHERE dossier = ? AND node = ?", chain.dossier.bytes, node.bytes);
  run("INSERT INTO chain (dossier, node, length, head, accepted_at_ms, directory_version, "
      "signed_by, opened_in, first_dsn, target_dsn, target) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
      "?)",
      chain.dossier.bytes, node.bytes, chain.length, chain.head, chain.accepted_at_ms,
      chain.directory_version, chain.signed_by.bytes, chain.opened_in.bytes, branch.first_dsn,
      branch.target_dsn, branch.target);
  return this->branch(chain.dossier, node).value_or(branch);
}

void SqliteStore::refuse_branch(ChainId branch) {
  run("UPDATE chain SET refused = 1 WHERE id = ?", branch);
  for (const std::string_view sql :
       {"DELETE FROM entry WHERE chain = ?", "DELETE FROM part WHERE chain = ?",
        "DELETE FROM membership WHERE chain = ?"}) {
    run(sql, branch);
  }
}

bool SqliteStore::lacks_parts(ChainId branch) {
  return number(
             "SELECT count(*) FROM part p WHERE p.chain = ?1 AND length(p.sealed) = 0 AND NOT "
             "EXISTS (SELECT 1 FROM entry e WHERE e.chain = ?1 AND e.redacts_dsn = p.dsn)",
             branch) != 0;
}

void SqliteStore::adopt(const Branch& branch, ChainId held) {
  run("DELETE FROM entry WHERE chain = ? AND dsn >= ?", held, branch.first_dsn);
  run("DELETE FROM part WHERE chain = ? AND dsn >= ?", held, branch.first_dsn);
  run("DELETE FROM membership WHERE chain = ? AND dsn >= ?", held, branch.first_dsn);
  run("UPDATE entry SET chain = ? WHERE chain = ?", held, branch.chain.id);
  run("UPDATE part SET chain = ? WHERE chain = ?", held, branch.chain.id);
  run("UPDATE membership SET chain = ? WHERE chain = ?", held, branch.chain.id);
  run("UPDATE part SET sealed = x'' WHERE chain = ?1 AND dsn IN (SELECT redacts_dsn FROM entry "
      "WHERE "
      "chain = ?1)",
      held);
  drop_branches(branch.chain.dossier);
}

void SqliteStore::drop_branches(const DossierId& dossier) {
  run("DELETE FROM chain WHERE dossier = ? AND node IS NOT NULL", dossier.bytes);
}

// ---- verdicts

std::optional<FinalVerdict> SqliteStore::final_verdict(const Hash& entry) {
  return first(
      "SELECT outcome, reason, given_at_ms, fork_header, fork_signature FROM final_verdict WHERE "
      "entry = ?",
      [](const Statement& row) {
        return FinalVerdict{
            {static_cast<sync::Outcome>(row.integer(0)), static_cast<sync::Reason>(row.integer(1))},
            number_in(row, 2),
            row.bytes(3),
            array_in<64>(row, 4)};
      },
      entry);
}

void SqliteStore::add_final_verdict(const sync::VerifiedEntry& entry, const FinalVerdict& verdict,
                                    const OrganisationId& author) {
  const auto& dossier = entry.header().dossier.bytes;
  const auto& bytes = entry.bytes();
  run("INSERT INTO final_verdict VALUES (?, ?, ?, ?, ?, ?, ?)", entry.hash(), dossier,
      static_cast<std::uint8_t>(verdict.ruling.outcome),
      static_cast<std::uint16_t>(verdict.ruling.reason), verdict.given_at_ms, verdict.fork_header,
      verdict.fork_signature);
  run("INSERT INTO closed_stream VALUES (?, ?) ON CONFLICT DO NOTHING", dossier,
      entry.header().stream.bytes);
  run("INSERT INTO late_entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", entry.hash(), dossier, author.bytes,
      bytes.header.size() + bytes.clear.size() + bytes.sealed.size(), bytes.header, bytes.signature,
      bytes.clear, bytes.sealed);
  forget_hold(entry.hash());
}

bool SqliteStore::is_closed(const DossierId& dossier, const StreamId& stream) {
  return number("SELECT count(*) FROM closed_stream WHERE dossier = ? AND stream = ?",
                dossier.bytes, stream.bytes) != 0;
}

std::optional<std::uint64_t> SqliteStore::held_since_ms(const Hash& entry) {
  return first("SELECT first_seen_ms FROM hold WHERE entry = ?", first_number_in, entry);
}

void SqliteStore::note_hold(const DossierId& dossier, const Hash& entry, std::uint64_t now_ms) {
  run("INSERT INTO hold VALUES (?, ?, ?) ON CONFLICT DO NOTHING", entry, dossier.bytes, now_ms);
}

void SqliteStore::forget_hold(const Hash& entry) { run("DELETE FROM hold WHERE entry = ?", entry); }

std::uint64_t SqliteStore::late_bytes(const OrganisationId& author) {
  return number("SELECT ifnull(sum(bytes), 0) FROM late_entry WHERE author = ?", author.bytes);
}

// ---- envelopes

std::vector<HeldEnvelope> SqliteStore::held_envelopes(const DossierId& dossier) {
  std::vector<HeldEnvelope> out;
  const auto read = [&](const Statement& row) {
    out.push_back({id_in<EpochId>(row, 0),
                   id_in<NodeId>(row, 1),
                   {static_cast<sync::RecipientKind>(row.integer(2)), array_in<16>(row, 3)}});
  };
  each(
      "SELECT l.epoch, l.sender, e.kind, e.recipient FROM envelope_list l JOIN envelope e ON "
      "e.list = l.id WHERE l.dossier = ?",
      read, dossier.bytes);
  return out;
}

bool SqliteStore::keeps(const sync::EnvelopeList& list) {
  return number(
             "SELECT count(*) FROM envelope_list WHERE dossier = ? AND epoch = ? AND sender = ? "
             "AND bytes = ?",
             list.dossier.bytes, list.epoch.bytes, list.sender.bytes, list.encode()) != 0;
}

std::uint64_t SqliteStore::lists_of(const sync::EnvelopeList& list) {
  return number("SELECT count(*) FROM envelope_list WHERE dossier = ? AND epoch = ? AND sender = ?",
                list.dossier.bytes, list.epoch.bytes, list.sender.bytes);
}

void SqliteStore::keep(const sync::EnvelopeList& list, std::uint64_t change) {
  run("INSERT INTO envelope_list (dossier, epoch, sender, bytes, signature, change) VALUES (?, ?, "
      "?, ?, ?, ?)",
      list.dossier.bytes, list.epoch.bytes, list.sender.bytes, list.encode(), list.signature,
      change);
  const auto id = number("SELECT last_insert_rowid()");
  for (const auto& envelope : list.envelopes) {
    run("INSERT INTO envelope VALUES (?, ?, ?) ON CONFLICT DO NOTHING", id,
        static_cast<std::uint8_t>(envelope.recipient.kind), envelope.recipient.id);
  }
  run("DELETE FROM envelope_list AS old WHERE dossier = ? AND epoch = ? AND sender = ? AND id <> "
      "?4 AND NOT EXISTS (SELECT kind, recipient FROM envelope WHERE list = old.id EXCEPT SELECT "
      "kind, recipient FROM envelope WHERE list = ?4)",
      list.dossier.bytes, list.epoch.bytes, list.sender.bytes, id);
}

std::vector<KeptEnvelopes> SqliteStore::envelopes_for(const DossierId& dossier, const NodeId& node,
                                                      const OrganisationId& organisation,
                                                      std::uint64_t after_change) {
  std::vector<KeptEnvelopes> out;
  const auto read = [&](const Statement& row) {
    out.push_back({row.bytes(0), array_in<64>(row, 1), id_in<NodeId>(row, 2),
                   id_in<EpochId>(row, 3), number_in(row, 4)});
  };
  each(
      "SELECT bytes, signature, sender, epoch, change FROM envelope_list l WHERE dossier = ? AND "
      "change > ? AND EXISTS (SELECT 1 FROM envelope e WHERE e.list = l.id AND ((kind = 1 AND "
      "recipient = ?) OR (kind = 2 AND recipient = ?))) ORDER BY change, id",
      read, dossier.bytes, after_change, node.bytes, organisation.bytes);
  return out;
}

// ---- what organisations are told

void SqliteStore::move_pointer(const OrganisationId& organisation, const DossierId& dossier,
                               std::uint64_t change, bool from_start) {
  run("INSERT INTO pointer VALUES (?1, ?2, ?3, ?3) ON CONFLICT DO UPDATE SET change = ?3, begins = "
      "iif(?4, ?3, begins)",
      organisation.bytes, dossier.bytes, change, from_start);
}

std::vector<Pointer> SqliteStore::pointers_after(const OrganisationId& organisation,
                                                 std::uint64_t change, std::size_t count_max) {
  std::vector<Pointer> out;
  const auto read = [&](const Statement& row) {
    out.push_back({id_in<DossierId>(row, 0), number_in(row, 1), number_in(row, 2)});
  };
  each(
      "SELECT dossier, change, begins FROM pointer WHERE organisation = ? AND change > ? ORDER BY "
      "change LIMIT ?",
      read, organisation.bytes, change, count_max);
  return out;
}

std::optional<KeptDigest> SqliteStore::digest(const DossierId& dossier, const NodeId& node) {
  return first(
      "SELECT node, dsn, policy_version, digest, change FROM digest WHERE dossier = ? AND node = ?",
      digest_in, dossier.bytes, node.bytes);
}

void SqliteStore::keep_digest(const DossierId& dossier, const KeptDigest& digest) {
  run("INSERT OR REPLACE INTO digest VALUES (?, ?, ?, ?, ?, ?)", dossier.bytes, digest.node.bytes,
      digest.dsn, digest.policy_version, digest.digest, digest.change);
}

std::vector<KeptDigest> SqliteStore::digests(const DossierId& dossier, std::uint64_t after_change) {
  std::vector<KeptDigest> out;
  each(
      "SELECT node, dsn, policy_version, digest, change FROM digest WHERE dossier = ? AND change "
      "> ? ORDER BY node",
      [&](const Statement& row) { out.push_back(digest_in(row)); }, dossier.bytes, after_change);
  return out;
}

// ---- letters

std::optional<Bytes> SqliteStore::letter(const sync::MailboxId& mailbox, int slot) {
  return first(
      "SELECT content FROM letter WHERE mailbox = ? AND slot = ?",
      [](const Statement& row) { return row.bytes(0); }, mailbox.bytes, slot);
}

void SqliteStore::keep_letter(const sync::MailboxId& mailbox, int slot, ByteView content,
                              std::uint64_t now_ms) {
  run("INSERT INTO letter (mailbox, slot, put_ms, content) VALUES (?, ?, ?, ?)", mailbox.bytes,
      slot, now_ms, content);
}

void SqliteStore::drop_letters_before(std::uint64_t put_ms) {
  run("DELETE FROM letter WHERE put_ms < ?", put_ms);
}

std::uint64_t SqliteStore::letters_since(std::uint64_t put_ms) {
  return number("SELECT count(*) FROM letter WHERE put_ms >= ?", put_ms);
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
  return number("SELECT count(*) FROM chain WHERE owner = ? AND node IS NULL", organisation.bytes);
}

// ---- erasure, counts

void SqliteStore::erase(const DossierId& dossier) {
  for (const std::string_view sql :
       {"DELETE FROM chain WHERE dossier = ?", "DELETE FROM final_verdict WHERE dossier = ?",
        "DELETE FROM closed_stream WHERE dossier = ?", "DELETE FROM hold WHERE dossier = ?",
        "DELETE FROM late_entry WHERE dossier = ?", "DELETE FROM envelope_list WHERE dossier = ?",
        "DELETE FROM pointer WHERE dossier = ?", "DELETE FROM digest WHERE dossier = ?"}) {
    run(sql, dossier.bytes);
  }
}

HubCounts SqliteStore::counts() {
  const auto state = this->state();
  HubCounts out;
  out.dossiers = number("SELECT count(*) FROM chain WHERE node IS NULL AND length > 0");
  out.entries = number("SELECT ifnull(sum(length), 0) FROM chain WHERE node IS NULL");
  out.late = number("SELECT count(*) FROM late_entry");
  out.late_bytes = number("SELECT ifnull(sum(bytes), 0) FROM late_entry");
  if (!state.recovered) out.recovering = not_open_in(state.instance).size();
  return out;
}

}  // namespace throughgate::hub
