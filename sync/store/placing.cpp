#include "sync/store/placing.h"

#include "sync/store/admission.h"
#include "sync/store/deliveries.h"

namespace throughgate::sync::store {
namespace {

Placing park(Replica& replica, SignedEntry entry, const ParkedEntry::Place& place,
             std::uint64_t now_ms) {
  StoredDossier& stored = replica.stored();
  if ((stored.newer() & Newer::place) == 0) {
    add_notice(stored.work(), NoticeKind::update_needed, stored.id(), place.record.entry, 0,
               now_ms);
  }
  ParkedTable(stored.work()).keep({std::move(entry), place});
  stored.set_newer(stored.newer() | Newer::place);
  return Placing::parked;
}

// What waited for an update at this place has come by another way since. Of another order it may
// stand somewhere else: it is kept.
void take_over_from_parked(StoredDossier& stored, const OrderRecord& record) {
  if ((stored.newer() & Newer::place) == 0) return;
  ParkedTable parked(stored.work());
  parked.remove(record.entry);
  parked.take_places_back(stored.id(), record.dsn - 1);
  stored.set_newer(stored.newer() & ~Newer::place);
}

// This store is older than what it has sent: told once for each dossier.
void note_own_unknown(StoredDossier& stored, const VerifiedEntry& entry, std::uint64_t now_ms) {
  const auto own = stored.own_stream();
  if (own && own->id == entry.header().stream) stored.close_own_stream();
  add_notice(stored.work(), NoticeKind::disk_put_back, stored.id(), std::nullopt, 0, now_ms);
}

// What a hub had refused, and holds all the same, was accepted.
void take_own(StoredDossier& stored, const VerifiedEntry& entry, std::uint64_t now_ms) {
  const auto row = stored.find(entry.hash());
  if (!row) return note_own_unknown(stored, entry, now_ms);
  const auto is_refused = stored.work().first(
      "SELECT 1 FROM entry WHERE id = ? AND standing IN (?, ?)",
      bound(*row, static_cast<int>(Standing::refused), static_cast<int>(Standing::waiting)),
      unsigned_column);
  if (is_refused) forget_refusal(stored.work(), stored.id(), entry.hash());
}

// Whoever owns a record hears that somebody left it by another's word. What a computer reads for
// the first time, from the first place on, is no news.
void tell_who_left(StoredDossier& stored, const VerifiedEntry& entry, const OrganisationId& author,
                   const NodeContext& context, std::uint64_t now_ms) {
  const auto& own = context.identity.organisation;
  const auto& all = stored.memberships().all();
  if (!entry.membership() || author == own || stored.proven() == 0 || all.size() < 2) return;
  const auto& now = all[all.size() - 1];
  const auto& before = all[all.size() - 2].membership;
  if (now.entry != entry.hash() || before.owner() != own || now.membership.owner() != own) return;
  for (const auto& member : before.members) {
    if (now.membership.role_of(member.organisation)) continue;
    add_notice(stored.work(), NoticeKind::member_left, stored.id(), entry.hash(), 0, now_ms);
  }
}

// What the order that is given up had refused, the next may allow. A change of members is not made
// again: people were told that it was lost, and may have made another.
void reconsider_refused(Replica& replica) {
  StoredDossier& stored = replica.stored();
  for (const EntryRow row : stored.unplaced(Standing::refused)) {
    const auto held = stored.load(row);
    if (!held || held->entry.header().author != replica.own_node()) continue;
    if (held->entry.header().kind == EntryKind::membership) continue;
    stored.set_standing(row, Standing::waiting);
  }
}

}  // namespace

Placing place_next(Replica& replica, SignedEntry entry, const ParkedEntry::Place& place,
                   const NodeContext& context, std::uint64_t now_ms) {
  if (!can_be_kept(place.record)) return Placing::not_due;
  if (is_of_later_version(entry.header)) return park(replica, std::move(entry), place, now_ms);
  StoredDossier& stored = replica.stored();
  const OrderRecord& record = place.record;
  const auto header = decode_header(entry.header).header;
  const auto author =
      header ? context.directory.standing(header->author, record.directory_version) : std::nullopt;
  if (!author || header->dossier != stored.id()) return Placing::author_unknown;
  const auto verified = verify(std::move(entry), author->key, SealedPart::may_be_deleted);
  if (!verified.entry) return Placing::not_signed;

  const bool runs_on = follows(record, stored.record_at(stored.length()));
  if (!runs_on || judge(*verified.entry, *author, stored).outcome != Outcome::accepted) {
    return Placing::not_due;
  }
  if (header->author == context.identity.node) take_own(stored, *verified.entry, now_ms);
  replica.accept(*verified.entry, author->organisation, record);
  take_over_from_parked(stored, record);
  tell_who_left(stored, *verified.entry, author->organisation, context, now_ms);
  return Placing::placed;
}

bool reach_heard_head(Replica& replica) {
  StoredDossier& stored = replica.stored();
  const auto heard = stored.heard_proof();
  if (!heard || heard->head.dsn > stored.length()) return true;
  if (stored.chain_at(heard->head.dsn) != heard->head.chain) {
    drop_unproven(replica);  // still heard: it is where this node goes
    return false;
  }
  if (heard->head.dsn >= stored.proven()) stored.set_proof(*heard);
  // A file may have brought more than was heard of: that head says nothing of what follows it.
  if (heard->head.dsn == stored.length()) stored.set_confirmed(heard->root.instance);
  stored.forget_heard();
  return true;
}

void drop_unproven(Replica& replica) {
  StoredDossier& stored = replica.stored();
  if (stored.length() > stored.proven()) replica.cut(stored.proven());
  stored.forget_confirmed();
}

void fetch_bare_again(Replica& replica) {
  StoredDossier& stored = replica.stored();
  if (stored.whole_below(stored.length()) == stored.length()) return;
  const auto proof = stored.proof();
  replica.cut(stored.length());  // which leaves nothing bare
  if (proof && stored.heard() < proof->head.dsn) stored.set_heard(*proof);
}

std::size_t take_back_above(Replica& replica, std::uint64_t common, std::uint64_t now_ms) {
  const StoredDossier& stored = replica.stored();
  const auto rows = stored.placed_after(common);
  for (const EntryRow row : rows) {
    const auto held = stored.load(row);
    if (held) {
      add_notice(replica.work(), NoticeKind::taken_back, stored.id(), held->entry.hash(), 0,
                 now_ms);
    }
  }
  replica.cut(common);
  reconsider_refused(replica);
  // What others said of those places they said of another order.
  forget_digests(replica.work(), stored.id(), common);
  // They go again with the entries that begin their keys.
  replica.keys().mark_all_unsent(stored.id());
  return rows.size();
}

}  // namespace throughgate::sync::store
