#include "hub/outgoing.h"

#include <algorithm>

#include "hub/erasures.h"
#include "hub/purges.h"
#include "hub/wire.h"
#include "sync/wire_form.h"

namespace throughgate::hub {
namespace {

void put_digests(Round& round, const StoredOrder& order, std::uint64_t after_change,
                 schema::SyncReply& reply) {
  const DossierId& dossier = order.chain().dossier;
  if (!order.memberships().role_now(round.caller().organisation)) return;
  for (const auto& digest : round.store().digests(dossier, after_change)) {
    const auto* node = round.directory().node(digest.node);
    const bool others = node && node->organisation != round.caller().organisation &&
                        order.memberships().role_now(node->organisation);
    if (!others) continue;
    auto& out = *reply.add_digests();
    out.set_dossier(wire::text(dossier.bytes));
    out.set_dsn(digest.dsn);
    out.set_policy_version(wire::text(digest.policy_version));
    out.set_digest(wire::text(digest.digest));
    out.set_node(wire::text(digest.node.bytes));
  }
}

void put_heads(const Round& round, std::vector<sync::Head> heads, const crypto::SigningKey& hub_key,
               schema::SyncReply& reply) {
  if (heads.empty()) return;
  const auto made = sync::sign_heads(std::move(heads), round.state().instance,
                                     round.directory().version(), round.now_ms(), hub_key);
  reply.mutable_heads()->mutable_root()->set_bytes(wire::text(made.root.encode()));
  reply.mutable_heads()->mutable_root()->set_signature(wire::text(made.signature));
  for (const auto& head : made.heads) wire::set(head, *reply.mutable_heads()->add_heads());
}

// The entry as the receiver, who holds everything before it, can expand it.
void add_entry(const StoredOrder& order, const sync::VerifiedEntry& entry,
               schema::EntryGroup& group) {
  schema::EntryGroup brief;
  sync::add_to_group(entry, sync::WireForm::brief, brief);
  const sync::WireExpander expander(order.chain().dossier, order);
  const auto expansion = expander.expand(brief, brief.entries(0));
  const bool expands = expansion.entry && expansion.entry->header == entry.bytes().header;
  sync::add_to_group(entry, expands ? sync::WireForm::brief : sync::WireForm::full, group);
}

struct PageSize {
  std::size_t left;
  bool first = true;  // one entry is always sent

  bool takes(std::size_t bytes) {
    if (!first && bytes > left) return false;
    left -= std::min(left, bytes);
    first = false;
    return true;
  }
};

// False when the page is full before the end. An entry that is spoilt here ends its dossier, and
// the answer says so; the others go on.
bool put_page(Round& round, const StoredOrder& order, std::uint64_t after, std::uint64_t served,
              PageSize& size, schema::FetchReply& reply) {
  schema::Page page;
  page.set_from_dsn(after + 1);
  bool whole = true;
  for (std::uint64_t dsn = after + 1; dsn <= served; ++dsn) {
    auto placed = order.read(dsn);
    const auto header = placed ? sync::decode_header(placed->entry.header).header : std::nullopt;
    const auto* author = header ? round.directory().node(header->author) : nullptr;
    auto entry = author ? sync::verify(std::move(placed->entry), author->verify_key,
                                       sync::SealedPart::may_be_deleted)
                              .entry
                        : std::nullopt;
    if (!entry) {
      reply.add_damaged(wire::text(order.chain().dossier.bytes));
      break;
    }
    const auto& bytes = entry->bytes();
    if (!size.takes(bytes.header.size() + bytes.clear.size() + bytes.sealed.size() + 96)) {
      whole = false;
      break;
    }
    add_entry(order, *entry, *page.mutable_entries());
    auto& record = *page.add_records();
    record.set_directory_version(placed->record.directory_version);
    record.set_accepted_at_ms(placed->record.accepted_at_ms);
  }
  if (page.records_size() > 0) *reply.add_pages() = std::move(page);
  return whole;
}

}  // namespace

void take_digest(Round& round, Recovery& recovery, const schema::WireDigest& in) {
  const auto dossier = wire::id<DossierId>(in.dossier());
  const auto policy = wire::array<16>(in.policy_version());
  const auto digest = wire::array<16>(in.digest());
  if (!dossier || !policy || !digest || recovery.is_recovering(*dossier)) return;
  const StoredOrder& order = round.order(*dossier);
  const Caller& caller = round.caller();
  const bool member = order.memberships().role_now(caller.organisation).has_value();
  if (!member || in.dsn() == 0 || in.dsn() > order.length()) return;
  KeptDigest next{caller.node, in.dsn(), *policy, *digest, 0};
  if (const auto kept = round.store().digest(*dossier, caller.node)) {
    next.change = kept->change;
    if (next == *kept) return;
    // It was overtaken: in a file, say. One from beyond the end is of an order that is no more.
    if (next.dsn < kept->dsn && kept->dsn <= order.length()) return;
  }
  auto others = members_of(order.memberships().current()->membership);
  others.erase(caller.organisation);
  next.change = round.tell(*dossier, others);
  round.store().keep_digest(*dossier, next);
}

Told put_changes(Round& round, Recovery& recovery, EnvelopeShelf& shelf, const Told& before,
                 const crypto::SigningKey& hub_key, schema::SyncReply& reply) {
  const auto& organisation = round.caller().organisation;
  const auto pointers =
      round.store().pointers_after(organisation, before.place, dossiers_per_reply_max + 1);
  std::vector<sync::Head> heads;
  Told told = before;
  for (std::size_t i = 0; i < pointers.size(); ++i) {
    const Pointer& pointer = pointers[i];
    const std::size_t bytes = reply.ByteSizeLong() + 64 * heads.size();
    if (i == dossiers_per_reply_max || (i > 0 && bytes > reply_bytes_max)) {
      reply.set_more(true);
      break;
    }
    told.place = pointer.change;
    if (recovery.is_recovering(pointer.dossier)) continue;  // told of when it opens
    const StoredOrder& order = round.order(pointer.dossier);
    const auto served = order.memberships().served_to(organisation, order.length());
    const auto chain = order.chain_at(served);
    if (served == 0 || !chain) continue;
    heads.push_back({pointer.dossier, served, *chain});
    const std::uint64_t since = before.whole < pointer.begins ? 0 : before.whole;
    shelf.put_lists(order, since, reply);
    shelf.put_wanted(order, reply);
    put_digests(round, order, since, reply);
    put_purge_receipts(round, order, since, reply);
  }
  put_heads(round, std::move(heads), hub_key, reply);
  put_receipts(round, before.whole, reply);
  return reply.more() ? told : Told{round.state().change, round.state().change};
}

void put_pages(Round& round, Recovery& recovery, const schema::FetchRequest& request,
               schema::FetchReply& reply) {
  PageSize size{std::clamp<std::size_t>(request.bytes_max(), page_bytes_min, page_bytes_max)};
  for (const auto& in : request.after()) {
    const auto after = wire::head(in);
    if (!after || round.directory().is_erased(after->dossier)) continue;
    if (recovery.is_recovering(after->dossier)) continue;
    const StoredOrder& order = round.order(after->dossier);
    const auto served = order.memberships().served_to(round.caller().organisation, order.length());
    if (after->dsn >= served || order.chain_at(after->dsn) != after->chain) continue;
    if (!put_page(round, order, after->dsn, served, size, reply)) {
      reply.set_more(true);
      return;
    }
  }
}

}  // namespace throughgate::hub
