// Orders, branches and verdicts.
#include "hub/store/sqlite_rows.h"

namespace throughgate::hub {
namespace {

constexpr std::uint64_t forgotten_hold_ms = 90ull * 24 * 60 * 60 * 1000;

constexpr std::string_view chain_columns =
    "SELECT id, dossier, length, head, accepted_at_ms, directory_version, signed_by, opened_in, "
    "first_dsn, target_dsn, target, refused FROM chain ";

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

}  // namespace

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
  std::optional<std::uint64_t> redacts;
  if (const auto* redaction = entry.redaction()) redacts = redaction->dsn;
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
    if (!membership) return work_->fail_as_damaged();
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

std::uint64_t SqliteStore::whole_below(ChainId held, std::uint64_t dsn) {
  for (;;) {
    const auto bare = first(
        "SELECT p.dsn FROM part p WHERE p.chain = ?1 AND p.dsn <= ?2 AND length(p.sealed) = 0 AND "
        "NOT EXISTS (SELECT 1 FROM entry e WHERE e.chain = ?1 AND e.redacts_dsn = p.dsn AND "
        "e.dsn <= ?2) ORDER BY p.dsn LIMIT 1",
        unsigned_column, held, dsn);
    if (!bare) return dsn;
    dsn = *bare - 1;  // which may leave out further redactions
  }
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
  if (verdict.ruling.closes_stream()) {
    run("INSERT INTO closed_stream VALUES (?, ?, ?) ON CONFLICT DO NOTHING", dossier,
        entry.header().stream.bytes, entry.header().author.bytes);
  }
  run("INSERT INTO late_entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", entry.hash(), dossier,
      author.bytes, bytes.header.size() + bytes.clear.size() + bytes.sealed.size(), bytes.header,
      bytes.signature, bytes.clear, bytes.sealed, next_late_number());
  forget_hold(entry.hash());
}

std::vector<RefusedEntry> SqliteStore::refused_of(const OrganisationId& author) {
  std::vector<RefusedEntry> out;
  each(
      "SELECT f.entry, f.dossier, f.outcome, f.reason, f.given_at_ms, f.fork_header, "
      "f.fork_signature FROM late_entry l JOIN final_verdict f ON f.entry = l.entry "
      "WHERE l.author = ? ORDER BY f.given_at_ms, f.entry",
      [&](const Statement& row) {
        out.push_back({id_in<DossierId>(row, 1),
                       array_in<32>(row, 0),
                       {{static_cast<sync::Outcome>(row.integer(2)),
                         static_cast<sync::Reason>(row.integer(3))},
                        number_in(row, 4),
                        row.bytes(5),
                        array_in<64>(row, 6)}});
      },
      author.bytes);
  return out;
}

bool SqliteStore::is_closed(const DossierId& dossier, const StreamId& stream,
                            const NodeId& author) {
  return number(
             "SELECT count(*) FROM closed_stream WHERE dossier = ? AND stream = ? AND author = ?",
             dossier.bytes, stream.bytes, author.bytes) != 0;
}

std::optional<std::uint64_t> SqliteStore::held_since_ms(const Hash& entry) {
  return first("SELECT first_seen_ms FROM hold WHERE entry = ?", unsigned_column, entry);
}

void SqliteStore::note_hold(const DossierId& dossier, const Hash& entry, std::uint64_t now_ms) {
  run("DELETE FROM hold WHERE first_seen_ms < ?", now_ms - std::min(now_ms, forgotten_hold_ms));
  run("INSERT INTO hold VALUES (?, ?, ?) ON CONFLICT DO NOTHING", entry, dossier.bytes, now_ms);
}

void SqliteStore::forget_hold(const Hash& entry) { run("DELETE FROM hold WHERE entry = ?", entry); }

std::uint64_t SqliteStore::late_bytes(const OrganisationId& author) {
  return number("SELECT ifnull(sum(bytes), 0) FROM late_entry WHERE author = ?", author.bytes);
}

}  // namespace throughgate::hub
