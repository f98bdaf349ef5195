#include "sync/store/purge.h"

#include "schema/wire.pb.h"
#include "sync/store/admission.h"
#include "sync/wire_values.h"

namespace throughgate::sync::store {
namespace {

std::vector<DossierId> ended(UnitOfWork& work) {
  std::vector<DossierId> out;
  work.each("SELECT dossier FROM dossier WHERE ended", bound(), [&](const Statement& row) {
    if (const auto id = DossierId::from(row.view(0))) out.push_back(*id);
  });
  return out;
}

// Of the hub's newest life: one that was put back since may have lost what is to be deleted, and
// the removal with it.
bool is_proven_to_the_end(const StoredDossier& stored, const Directory& directory) {
  return stored.length() > 0 && stored.proven() == stored.length() &&
         stored.heard() <= stored.length() && (stored.newer() & Newer::place) == 0 &&
         stored.is_confirmed(directory.hub_instance());
}

// Who removed this organisation, and where: the first membership without it after the last with it.
const EffectiveMembership* removal_of(const MembershipHistory& history,
                                      const OrganisationId& organisation) {
  const EffectiveMembership* out = nullptr;
  bool was_member = false;
  for (const auto& each : history.all()) {
    const bool is_member = each.membership.role_of(organisation).has_value();
    if (was_member && !is_member) out = &each;
    was_member = is_member;
  }
  return was_member ? nullptr : out;
}

// Changes of this organisation that stand as a copy of its own: nobody else's word deletes
// anything.
std::set<OpId> standing_again(const StoredDossier& stored, const OrganisationId& own) {
  std::set<OpId> out;
  stored.work().each(
      "SELECT o.again FROM op o JOIN entry e ON e.id = o.entry JOIN author a ON a.id = e.author "
      "WHERE o.dossier = ? AND o.again IS NOT NULL AND o.source = 0 AND e.dsn IS NOT NULL AND "
      "a.organisation = ?",
      bound(stored.row(), own.view()), [&](const Statement& row) {
        const auto again = OpTable::decode_again(row.view(0));
        if (!again) return stored.work().fail_as_damaged();
        out.insert(again->original);
      });
  return out;
}

bool stands_again(const StoredDossier& stored, const VerifiedEntry& entry, const ChangeSet& content,
                  const std::set<OpId>& again) {
  if (content.ops.empty()) return false;
  for (std::uint32_t i = 0; i < content.ops.size(); ++i) {
    const auto& op = content.ops[i];
    const OpId original = op.again_of ? op.again_of->original : OpId{entry.hash(), i};
    const auto link = stored.link(original.entry);
    if (!again.contains(original) && !(link && link->dsn)) return false;
  }
  return true;
}

// Nobody has to look for what was refused and stands in the order all the same.
void forget_written_again(Replica& replica, const OrganisationId& own) {
  const StoredDossier& stored = replica.stored();
  UnitOfWork& work = replica.work();
  std::vector<EntryRow> refused;
  work.each(
      "SELECT e.id FROM entry e JOIN author a ON a.id = e.author WHERE e.dossier = ? AND e.dsn IS "
      "NULL AND e.standing = ? AND a.organisation = ?",
      bound(stored.row(), static_cast<int>(Standing::refused), own.view()),
      [&](const Statement& row) { refused.push_back(row.integer(0)); });
  if (refused.empty()) return;
  const auto again = standing_again(stored, own);
  for (const EntryRow row : refused) {
    const auto held = stored.load(row);
    const auto content = held ? replica.open_entry(held->entry) : std::nullopt;
    if (!content || !stands_again(stored, held->entry, *content, again)) continue;
    work.run("DELETE FROM notice WHERE entry = ?", held->entry.hash());
    for (const auto* of_entry : {"redaction WHERE entry", "op WHERE entry", "closing WHERE entry",
                                 "part WHERE entry", "entry WHERE id"}) {
      work.run(std::string("DELETE FROM ") + of_entry + " = ?", row);
    }
  }
}

std::uint64_t own_without_place(const StoredDossier& stored, const OrganisationId& own) {
  return stored.work()
      .first(
          "SELECT count(*) FROM entry e JOIN author a ON a.id = e.author WHERE e.dossier = ? AND "
          "e.dsn IS NULL AND a.organisation = ?",
          bound(stored.row(), own.view()), unsigned_column)
      .value_or(0);
}

// What stays of the dossier's row: that there are changes, of a record of which nothing is known.
void begin_anew(UnitOfWork& work, const DossierId& dossier) {
  work.run(
      "UPDATE dossier SET length = 0, chain = ?, readable = 0, proven = 0, proof = NULL, heard = "
      "0, heard_proof = NULL, stream = NULL, stream_seq = 0, stream_tip = NULL, confirmed = NULL, "
      "digest_sent = 0, newer = 0, stale = 0, kind = 0, receiving = 0, ended = 0 WHERE dossier = ?",
      chain_start(dossier), dossier.view());
  // Nobody writes again what is not shared any more; read anew, as far as that goes without the
  // rest.
  work.run(
      "UPDATE entry SET standing = iif(standing = ?, ?, standing), content = 0, passed_over = 0, "
      "redacted_by = 0, waiting_since_ms = NULL WHERE dossier = (SELECT id FROM dossier WHERE "
      "dossier = ?)",
      static_cast<int>(Standing::waiting), static_cast<int>(Standing::refused), dossier.view());
}

void purge(UnitOfWork& work, const DossierId& id, const NodeContext& context,
           std::span<const Deletion> steps) {
  const auto& own = context.identity.organisation;
  std::uint64_t kept = 0;
  {
    Replica replica(work, id, context);
    const StoredDossier& stored = replica.stored();
    const auto* removal = removal_of(stored.memberships(), own);
    const auto chain = removal ? stored.chain_at(stored.length()) : std::nullopt;
    const auto row = removal ? stored.find(removal->entry) : std::nullopt;
    const auto entry = row ? stored.load(*row) : std::nullopt;
    if (!chain || !entry) return work.fail_as_damaged();
    forget_written_again(replica, own);
    kept = own_without_place(stored, own);
    work.run(
        "INSERT OR REPLACE INTO purged_dossier (dossier, dsn, chain, removal, removed_by, "
        "removed_at_ms, kind, own_kept) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        id.view(), stored.length(), *chain, removal->entry, entry->organisation.view(),
        stored.accepted_at(removal->dsn), stored.kind(), kept);
  }
  delete_dossier(work, id, own, steps);
  if (kept > 0) {
    begin_anew(work, id);
    Replica replica(work, id, context);
    replica.touch_everything();
    replica.finish();
  }
  add_notice(work, NoticeKind::no_longer_shared, id, std::nullopt, static_cast<int>(kept),
             context.clock());
}

// True when it went.
Result<bool> purge_if_ended(Database& database, const DossierId& id, const NodeContext& context,
                            std::span<const Deletion> steps) {
  UnitOfWork work(database);
  {
    Replica replica(work, id, context);
    const auto& history = replica.stored().memberships();
    const auto& own = context.identity.organisation;
    const bool over = !history.role_now(own) && history.was_ever_member(own);
    if (!over) replica.stored().set_ended(false);  // it is shared again, or always was
    if (over && !is_proven_to_the_end(replica.stored(), context.directory)) return false;
    if (!over) {
      if (auto done = work.commit(); !done) return done.error();
      return false;
    }
  }
  purge(work, id, context, steps);
  if (auto done = work.commit(); !done) return done.error();
  return true;
}

std::vector<PurgeReceipt> without_receipt(UnitOfWork& work, const NodeContext& context) {
  std::vector<PurgeReceipt> out;
  work.each("SELECT dossier, removal, dsn, own_kept FROM purged_dossier WHERE receipt IS NULL",
            bound(), [&](const Statement& row) {
              const auto id = DossierId::from(row.view(0));
              const auto removal = crypto::to_array<32>(row.view(1));
              if (!id || !removal) return work.fail_as_damaged();
              out.push_back({*id,
                             context.identity.node,
                             *removal,
                             row.unsigned_integer(2),
                             static_cast<std::uint32_t>(row.unsigned_integer(3)),
                             context.clock(),
                             {}});
            });
  return out;
}

}  // namespace

Result<std::size_t> purge_what_ended(Database& database, const NodeContext& context,
                                     const std::function<bool(const DossierId&)>& is_kept,
                                     std::span<const Deletion> steps) {
  std::vector<DossierId> all;
  {
    UnitOfWork work(database, Purpose::reading);
    all = ended(work);
    if (auto done = work.commit(); !done) return done.error();
  }
  std::size_t gone = 0;
  for (const auto& id : all) {
    if (is_kept(id)) continue;
    const auto purged = purge_if_ended(database, id, context, steps);
    if (!purged) return purged.error();
    gone += *purged ? 1U : 0U;
  }
  return gone;
}

Result<Done> finish_purges(Database& database, const NodeContext& context,
                           const CopiesGone& copies_gone) {
  std::vector<PurgeReceipt> due;
  {
    UnitOfWork work(database, Purpose::reading);
    due = without_receipt(work, context);
    if (auto done = work.commit(); !done || due.empty()) return done;
  }
  if (copies_gone) {
    if (auto gone = copies_gone(); !gone) return gone;
  }
  if (auto done = clear_traces(database); !done) return done;
  UnitOfWork work(database);
  for (auto& receipt : due) {
    sign(receipt, context.identity.signing_key);
    work.run(
        "UPDATE purged_dossier SET receipt = ?, signature = ?, told_to = NULL WHERE dossier = ? "
        "AND removal = ?",
        receipt.encode(), receipt.signature, receipt.dossier.view(), receipt.removal);
  }
  return work.commit();
}

bool is_purged(UnitOfWork& work, const DossierId& dossier) {
  return work
      .first("SELECT 1 FROM purged_dossier WHERE dossier = ?", bound(dossier.view()),
             unsigned_column)
      .has_value();
}

std::vector<PurgedDossier> purged_dossiers(UnitOfWork& work) {
  std::vector<PurgedDossier> out;
  work.each(
      "SELECT dossier, removed_by, removed_at_ms, kind, own_kept, receipt IS NOT NULL FROM "
      "purged_dossier ORDER BY removed_at_ms, dossier",
      bound(), [&](const Statement& row) {
        const auto id = DossierId::from(row.view(0));
        const auto by = OrganisationId::from(row.view(1));
        if (!id || !by) return work.fail_as_damaged();
        out.push_back({*id, *by, row.unsigned_integer(2),
                       static_cast<std::uint32_t>(row.unsigned_integer(3)), row.unsigned_integer(4),
                       row.integer(5) != 0});
      });
  return out;
}

// At the same place and the same chain it is what was deleted. A hub that tells of less was put
// back and has lost the removal.
void note_shared_again(UnitOfWork& work, const schema::SyncReply& reply) {
  for (const auto& each : reply.heads().heads()) {
    work.run("DELETE FROM purged_dossier WHERE dossier = ? AND NOT (dsn = ? AND chain = ?)",
             crypto::as_bytes(each.dossier()), each.dsn(), crypto::as_bytes(each.chain()));
  }
}

bool is_news(UnitOfWork& work, const DossierId& dossier, std::uint64_t dsn) {
  work.run("DELETE FROM purged_dossier WHERE dossier = ? AND dsn < ?", dossier.view(), dsn);
  return !is_purged(work, dossier);
}

}  // namespace throughgate::sync::store
