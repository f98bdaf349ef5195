#include "sync/store/chain_pages.h"

#include "sync/store/placing.h"
#include "sync/wire_form.h"
#include "sync/wire_values.h"

namespace throughgate::sync::store {
namespace {

constexpr int pages_per_commit_max = 64;  // each waits for the disk; others may write in between

}  // namespace

Result<Done> ChainPages::take_heads(UnitOfWork& work, const schema::SyncReply& reply) {
  if (!reply.has_heads() || reply.heads().heads_size() == 0) return Done{};
  const auto heads = from_wire(reply.heads());
  if (!heads || heads->root.instance != round_.instance ||
      !verify(*heads, context_.directory.hub_key())) {
    return hub_is_wrong("what it has is not signed by it.");
  }
  for (const auto& head : separate(*heads)) {
    if (context_.directory.is_erased(head.head.dossier)) continue;
    StoredDossier stored(work, head.head.dossier);
    const auto held = stored.chain_at(head.head.dsn);
    if (head.head.dsn > stored.length()) {
      stored.set_heard(head);
    } else if (held == head.head.chain) {
      if (head.head.dsn >= stored.proven()) stored.set_proof(head);
      if (head.head.dsn == stored.length()) stored.set_confirmed(round_.instance);
      if (head.head.dsn < stored.length()) stored.set_heard(head);
    } else {  // another chain: ask where the two part
      stored.set_heard(head);
      stored.forget_confirmed();
      round_.wants_another = true;
    }
  }
  return Done{};
}

Result<schema::FetchRequest> ChainPages::next_fetch(std::size_t bytes_max) {
  schema::FetchRequest request;
  request.set_bytes_max(static_cast<std::uint32_t>(bytes_max));
  UnitOfWork work(database_);
  work.each(
      "SELECT dossier, length, chain FROM dossier WHERE heard > length AND NOT newer & 1 "
      "ORDER BY id LIMIT 200",
      bound(), [&](const Statement& row) {
        auto& after = *request.add_after();
        after.set_dossier(to_wire(row.view(0)));
        after.set_dsn(row.unsigned_integer(1));
        after.set_chain(to_wire(row.view(2)));
      });
  if (auto done = work.commit(); !done) return done.error();
  return request;
}

// Where one page of several does not hold, those before it are kept all the same.
Result<Done> ChainPages::take(const schema::FetchReply& reply, std::uint64_t now_ms) {
  for (int first = 0; first < reply.pages_size(); first += pages_per_commit_max) {
    const int last = std::min(reply.pages_size(), first + pages_per_commit_max);
    const RoundCounts before = round_.counts;
    if (take(reply, first, last, now_ms)) continue;
    round_.counts = before;
    for (int i = first; i < last; ++i) {
      if (auto done = take(reply, i, i + 1, now_ms); !done) return done.error();
    }
  }
  return Done{};
}

Result<Done> ChainPages::take(const schema::FetchReply& reply, int first, int last,
                              std::uint64_t now_ms) {
  UnitOfWork work(database_);
  for (int i = first; i < last; ++i) {
    if (auto done = take_page(work, reply.pages(i), now_ms); !done) return done.error();
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
  Replica replica(work, *id, context_);
  if (page.from_dsn() > replica.stored().length() + 1) return hub_is_wrong("a page with a gap.");
  if (auto done = append(replica, page, now_ms); !done) return done.error();
  key_post_.open(replica);
  if (!reach_heard_head(replica, now_ms)) round_.wants_another = true;
  replica.finish();
  return Done{};
}

Result<Done> ChainPages::append(Replica& replica, const schema::Page& page, std::uint64_t now_ms) {
  StoredDossier& stored = replica.stored();
  const WireExpander expander(stored.id(), stored);
  for (int i = 0; i < page.records_size(); ++i) {
    const std::uint64_t dsn = page.from_dsn() + static_cast<std::uint64_t>(i);
    if (dsn <= stored.length()) continue;  // held already
    const auto& record = page.records(i);
    if (record.directory_version() > context_.directory.version())
      return Done{};  // after the next sync

    auto expanded = expander.expand(page.entries(), page.entries().entries(i));
    if (!expanded.entry) return hub_is_wrong("an entry that builds on something unknown.");
    const Hash hash = entry_hash(expanded.entry->header);
    const ParkedEntry::Place place{
        stored.id(), {dsn, hash, record.directory_version(), record.accepted_at_ms()}};
    switch (place_next(replica, std::move(*expanded.entry), place, context_, now_ms)) {
      case Placing::placed:
        ++round_.counts.received;
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
