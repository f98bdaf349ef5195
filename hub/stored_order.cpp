#include "hub/stored_order.h"

#include "sync/limits.h"

namespace throughgate::hub {

StoredOrder::StoredOrder(HubStore& store, const DossierId& dossier) : store_(store) {
  chain_ =
      store.chain(dossier).value_or(Chain{0, dossier, 0, sync::chain_start(dossier), 0, 0, {}, {}});
  if (chain_.length > 0) read_memberships();
}

StoredOrder::StoredOrder(HubStore& store, const StoredOrder& held, const Branch& branch)
    : store_(store), chain_(branch.chain), branch_(branch), held_(held.chain_.id) {
  read_memberships();
}

void StoredOrder::read_memberships() {
  const auto take = [&](ChainId chain, std::uint64_t below) {
    for (auto& each : store_.memberships(chain, below)) memberships_.append(std::move(each));
  };
  if (branch_) take(held_, branch_->first_dsn);
  take(chain_.id, chain_.length + 1);
}

ChainId StoredOrder::chain_of(std::uint64_t dsn) const {
  return branch_ && dsn < branch_->first_dsn ? held_ : chain_.id;
}

std::optional<Hash> StoredOrder::chain_at(std::uint64_t dsn) const {
  if (dsn == 0) return sync::chain_start(chain_.dossier);
  if (dsn == chain_.length) return chain_.head;
  return has(dsn) ? store_.head_at(chain_of(dsn), dsn) : std::nullopt;
}

std::optional<Hash> StoredOrder::entry_at(std::uint64_t dsn) const {
  return has(dsn) ? store_.entry_at(chain_of(dsn), dsn) : std::nullopt;
}

std::optional<sync::EntryKind> StoredOrder::kind_at(std::uint64_t dsn) const {
  return has(dsn) ? store_.kind_at(chain_of(dsn), dsn) : std::nullopt;
}

std::optional<StreamEnd> StoredOrder::find(const StreamId& stream, std::uint64_t seq) const {
  if (seq > sync::counter_max) return std::nullopt;
  if (auto found = store_.placed(chain_.id, stream, seq)) return found;
  if (!branch_) return std::nullopt;
  auto below = store_.placed(held_, stream, seq);
  return below && below->dsn < branch_->first_dsn ? below : std::nullopt;
}

std::optional<Hash> StoredOrder::placed(const StreamId& stream, std::uint64_t seq) const {
  const auto found = find(stream, seq);
  return found ? std::optional(found->entry) : std::nullopt;
}

std::optional<sync::StreamTip> StoredOrder::tip(const StreamId& stream) const {
  auto end = store_.stream_end(chain_.id, stream, chain_.length + 1);
  if (!end && branch_) end = store_.stream_end(held_, stream, branch_->first_dsn);
  return end ? std::optional(sync::StreamTip{end->author, end->seq, end->entry}) : std::nullopt;
}

std::optional<sync::Dependency> StoredOrder::first_entry() const {
  const auto first = read(1);
  const auto header = first ? sync::decode_header(first->entry.header).header : std::nullopt;
  if (!header) return std::nullopt;
  return sync::Dependency{header->stream, header->seq, first->record.entry};
}

std::optional<PlacedEntry> StoredOrder::read(std::uint64_t dsn) const {
  return has(dsn) ? store_.read_entry(chain_of(dsn), dsn) : std::nullopt;
}

void StoredOrder::append(const sync::VerifiedEntry& entry, const sync::OrderRecord& record,
                         const OrganisationId& author) {
  if (chain_.id == 0) {
    const auto opened_in = chain_.opened_in;
    chain_ = store_.create_chain(chain_.dossier);
    chain_.opened_in = opened_in;
  }
  chain_.head = sync::chain_next(chain_.head, record);
  chain_.length = record.dsn;
  chain_.accepted_at_ms = record.accepted_at_ms;
  chain_.directory_version = record.directory_version;
  store_.append(chain_.id, entry, record, chain_.head);
  save();
  if (entry.membership() && memberships_.takes_effect(*entry.membership(), author)) {
    const sync::EffectiveMembership effective{record.dsn, entry.hash(), *entry.membership()};
    store_.add_membership(chain_.id, effective);
    store_.set_owner(chain_.id, effective.membership.owner());
    memberships_.append(effective);
  }
  if (entry.redaction() && !branch_) store_.delete_sealed_part(chain_.id, entry.redaction()->dsn);
}

void StoredOrder::set_signed_by(const InstanceId& instance) {
  if (chain_.signed_by == instance) return;
  chain_.signed_by = instance;
  save();
}

void StoredOrder::set_opened_in(const InstanceId& instance) {
  chain_.opened_in = instance;
  chain_.signed_by = instance;
  save();
}

void StoredOrder::save() {
  if (chain_.id != 0) store_.save_chain(chain_);
}

void StoredOrder::adopt(StoredOrder& held, const InstanceId& signed_by) {
  Chain next = held.chain_.id == 0 ? store_.create_chain(chain_.dossier) : held.chain_;
  next.length = chain_.length;
  next.head = chain_.head;
  next.accepted_at_ms = chain_.accepted_at_ms;
  next.directory_version = chain_.directory_version;
  next.signed_by = signed_by;
  store_.adopt(*branch_, next.id);
  store_.save_chain(next);
  if (const auto* now = memberships_.current()) store_.set_owner(next.id, now->membership.owner());
}

}  // namespace throughgate::hub
