#include "sync/store/chain_pages.h"

#include <algorithm>

#include "sync/layout.h"
#include "sync/store/placing.h"
#include "sync/store/purge.h"
#include "sync/store/settings_table.h"
#include "sync/wire_form.h"
#include "sync/wire_values.h"

namespace throughgate::sync::store {
namespace {

constexpr int pages_per_commit_max = 64;  // each waits for the disk; others may write in between
constexpr std::size_t asked_max = 200;    // dossiers in one fetch

bool is_written_by(const NodeId& node, ByteView header_bytes) {
  const auto header = decode_header(header_bytes).header;
  return header && header->author == node;
}

// What was counted of pages that were not kept.
void count_as(RoundUnderWay& round, const RoundUnderWay& before) {
  round.counts = before.counts;
  round.unsound = before.unsound;
}

}  // namespace

void ChainPages::begin(UnitOfWork& work) {
  still_.clear();
  unsound_.clear();
  dropped_.clear();
  parted_.clear();
  const auto row = SettingsTable(work).find(setting::fetch_after);
  after_row_ = row ? static_cast<std::int64_t>(LayoutReader(*row).u64()) : 0;
}

Result<Done> ChainPages::take_heads(UnitOfWork& work, const schema::SyncReply& reply) {
  if (!reply.has_heads() || reply.heads().heads_size() == 0) return Done{};
  const auto heads = from_wire(reply.heads());
  if (!heads || heads->root.instance != round_.instance ||
      !verify(*heads, context_.directory.hub_key())) {
    return hub_is_wrong("what it has is not signed by it.");
  }
  for (const auto& head : separate(*heads)) {
    if (context_.directory.is_erased(head.head.dossier)) continue;
    if (is_purged(work, head.head.dossier)) continue;  // what was deleted, told of once more
    still_.erase(head.head.dossier);
    StoredDossier stored(work, head.head.dossier);
    const auto held = stored.chain_at(head.head.dsn);
    if (head.head.dsn > stored.length()) {
      stored.set_heard(head);
    } else if (held == head.head.chain) {
      if (head.head.dsn >= stored.proven()) stored.set_proof(head);
      if (head.head.dsn == stored.length()) stored.set_confirmed(round_.instance);
      if (head.head.dsn < stored.length()) stored.set_heard(head);
    } else {  // another chain
      stored.set_heard(head);
      if (head.head.dsn > stored.proven()) {
        drop_unproven(work, head.head.dossier);
      } else {
        stored.forget_confirmed();
        ask_where_they_part(head.head.dossier);
      }
    }
  }
  return Done{};
}

// A hub that says it again gets no further request for it before the next round.
void ChainPages::ask_where_they_part(const DossierId& dossier) {
  round_.wants_another |= parted_.insert(dossier).second;
}

Result<schema::FetchRequest> ChainPages::next_fetch(std::size_t bytes_max) {
  asked_.clear();
  moved_.clear();
  UnitOfWork work(database_, Purpose::reading);
  ask(work,
      "SELECT id, dossier, length, chain, proven FROM dossier WHERE heard > length "
      "AND NOT newer & 1 AND id > ? ORDER BY id LIMIT ?");
  ask(work,
      "SELECT id, dossier, length, chain, proven FROM dossier WHERE heard > length "
      "AND NOT newer & 1 AND id <= ? ORDER BY id LIMIT ?");
  if (auto done = work.commit(); !done) return done.error();
  schema::FetchRequest request;
  request.set_bytes_max(static_cast<std::uint32_t>(bytes_max));
  for (const auto& each : asked_) *request.add_after() = to_wire(each.held);
  return request;
}

void ChainPages::ask(UnitOfWork& work, std::string_view sql) {
  const std::size_t rows_max = asked_max + still_.size() + dropped_.size();
  work.each(sql, bound(after_row_, rows_max), [&](const Statement& row) {
    const auto id = DossierId::from(row.view(1));
    const auto chain = crypto::to_array<32>(row.view(3));
    if (!id || !chain) return work.fail_as_damaged();
    const Head held{*id, row.unsigned_integer(2), *chain};
    const auto stands = still_.find(*id);
    const bool waits =
        (stands != still_.end() && stands->second == held.dsn) || dropped_.contains(*id);
    if (waits || asked_.size() == asked_max) return;
    asked_.push_back({row.integer(0), held, held.dsn == row.unsigned_integer(4)});
  });
}

Result<bool> ChainPages::take(const schema::FetchReply& reply, std::uint64_t now_ms) {
  for (int first = 0; first < reply.pages_size(); first += pages_per_commit_max) {
    const int last = std::min(reply.pages_size(), first + pages_per_commit_max);
    const RoundUnderWay before = round_;
    const auto moved = moved_, unsound = unsound_, dropped = dropped_;
    if (take(reply, first, last, now_ms)) continue;
    count_as(round_, before);
    moved_ = moved;
    unsound_ = unsound;
    dropped_ = dropped;
    if (auto done = take_each(reply, first, last, now_ms); !done) return done.error();
  }
  for (const auto& each : reply.damaged()) {
    if (const auto id = id_from_wire<DossierId>(each)) note_unsound(*id);
  }
  return set_aside(reply);
}

// Where one page of several does not hold, the others are kept all the same.
Result<Done> ChainPages::take_each(const schema::FetchReply& reply, int first, int last,
                                   std::uint64_t now_ms) {
  for (int i = first; i < last; ++i) {
    const RoundUnderWay before = round_;
    const auto done = take(reply, i, i + 1, now_ms);
    if (done) continue;
    if (done.error().kind != ErrorKind::rejected) return done.error();
    count_as(round_, before);
    const auto id =
        id_from_wire<DossierId>(reply.pages(i).entries().dossier()).value_or(DossierId{});
    moved_.erase(id);
    note_unsound(id);
  }
  return Done{};
}

void ChainPages::note_unsound(const DossierId& dossier) {
  unsound_.insert(dossier);
  round_.note_unsound(dossier);
}

void ChainPages::note_dropped(const DossierId& dossier) {
  note_unsound(dossier);
  dropped_.insert(dossier);
  ask_where_they_part(dossier);
}

void ChainPages::drop_unproven(UnitOfWork& work, const DossierId& dossier) {
  Replica replica(work, dossier, context_);
  store::drop_unproven(replica);
  replica.finish();
  note_dropped(dossier);
}

// Those that the hub came to and that did not move are not asked for again in this round, unless
// there is news of them; and the next round begins behind them. True while there is a point in
// asking on.
Result<bool> ChainPages::set_aside(const schema::FetchReply& reply) {
  std::set<DossierId> served(unsound_);
  for (const auto& page : reply.pages()) {
    if (const auto id = id_from_wire<DossierId>(page.entries().dossier())) served.insert(*id);
  }
  std::size_t reached = asked_.size();
  while (reply.more() && reached > 0 && !served.contains(asked_[reached - 1].held.dossier)) {
    --reached;
  }
  std::vector<Asked> standing;
  for (std::size_t i = 0; i < reached; ++i) {
    if (!moved_.contains(asked_[i].held.dossier)) standing.push_back(asked_[i]);
  }
  if (standing.empty()) return !moved_.empty();
  UnitOfWork work(database_);
  for (const auto& [row, held, is_proven] : standing) {
    still_[held.dossier] = held.dsn;
    after_row_ = row;
    if (served.contains(held.dossier)) continue;
    // The hub has more, and nothing that follows on what is held here.
    if (is_proven) {
      StoredDossier(work, held.dossier).forget_confirmed();
      ask_where_they_part(held.dossier);
    } else {
      drop_unproven(work, held.dossier);
    }
  }
  SettingsTable(work).set(setting::fetch_after,
                          LayoutWriter().u64(static_cast<std::uint64_t>(after_row_)).take());
  if (auto done = work.commit(); !done) return done.error();
  return true;
}

Result<Done> ChainPages::take(const schema::FetchReply& reply, int first, int last,
                              std::uint64_t now_ms) {
  UnitOfWork work(database_);
  for (int i = first; i < last; ++i) {
    auto done = take_page(work, reply.pages(i), now_ms);
    if (work.failed()) return work.error();  // of the store: what follows from it says nothing
    if (!done) return done.error();
  }
  key_post_.seal_wanted(work);
  return work.commit();
}

Result<Done> ChainPages::take_page(UnitOfWork& work, const schema::Page& page,
                                   std::uint64_t now_ms) {
  const auto id = id_from_wire<DossierId>(page.entries().dossier());
  if (!id || page.records_size() != page.entries().entries_size()) {
    return hub_is_wrong("a page of entries.");
  }
  if (context_.directory.is_erased(*id)) return Done{};
  if (!is_asked(*id)) return hub_is_wrong("a page that was not asked for.");
  Replica replica(work, *id, context_);
  if (page.from_dsn() > replica.stored().length() + 1) return hub_is_wrong("a page with a gap.");
  const std::uint64_t before = replica.stored().length();
  const auto counts = round_.counts;
  if (auto done = append(replica, page, now_ms); !done) return done.error();
  if (!reach_heard_head(replica)) {
    round_.counts.received = counts.received;
    round_.counts.own_placed = counts.own_placed;
    note_dropped(*id);
  }
  if (replica.stored().length() > before) moved_.insert(*id);
  key_post_.open(replica);
  key_post_.touch(*id);
  replica.finish();
  return Done{};
}

bool ChainPages::is_asked(const DossierId& dossier) const {
  return std::any_of(asked_.begin(), asked_.end(),
                     [&](const Asked& each) { return each.held.dossier == dossier; });
}

Result<Done> ChainPages::append(Replica& replica, const schema::Page& page, std::uint64_t now_ms) {
  StoredDossier& stored = replica.stored();
  const WireExpander expander(stored.id(), stored);
  for (int i = 0; i < page.records_size(); ++i) {
    const std::uint64_t dsn = page.from_dsn() + static_cast<std::uint64_t>(i);
    if (dsn <= stored.length()) continue;  // held already
    const auto& record = page.records(i);
    // After the next sync.
    if (record.directory_version() > context_.directory.version()) return Done{};

    auto expanded = expander.expand(page.entries(), page.entries().entries(i));
    if (!expanded.entry) return hub_is_wrong("an entry that builds on something unknown.");
    const Hash hash = entry_hash(expanded.entry->header);
    const bool is_own = is_written_by(context_.identity.node, expanded.entry->header);
    const ParkedEntry::Place place{
        stored.id(), {dsn, hash, record.directory_version(), record.accepted_at_ms()}};
    switch (place_next(replica, std::move(*expanded.entry), place, context_, now_ms)) {
      case Placing::placed:
        ++(is_own ? round_.counts.own_placed : round_.counts.received);
        break;
      case Placing::parked:
        return Done{};
      case Placing::author_unknown:
        return hub_is_wrong("an entry by nobody known.");
      case Placing::not_signed:
        return hub_is_wrong("an entry that its author did not sign.");
      case Placing::not_due:
        return hub_is_wrong("an entry that must not have a place.");
    }
  }
  return Done{};
}

}  // namespace throughgate::sync::store
