#include "sync/store/packing.h"

#include <algorithm>

#include "sync/store/authoring.h"
#include "sync/store/directory_table.h"
#include "sync/store/erasure_post.h"
#include "sync/store/purge_post.h"
#include "sync/store/removals.h"
#include "sync/wire_form.h"
#include "sync/wire_values.h"

namespace throughgate::sync::store {
namespace {

// The order as far as the hub has signed it: places above its last signed head are nobody's
// word, and what stands there goes as if it had none.
void add_order(const StoredDossier& stored, schema::CarriedDossier& out) {
  const auto proof = stored.proof();
  if (!proof) return;
  *out.mutable_head() = to_wire(*proof);
  for (std::uint64_t dsn = 1; dsn <= proof->head.dsn; ++dsn) {
    const auto record = stored.record_at(dsn);
    if (!record) return;
    auto& to = *out.add_records();
    to.set_entry(to_wire(ByteView(record->entry)));
    to.set_directory_version(record->directory_version);
    to.set_accepted_at_ms(record->accepted_at_ms);
  }
}

void add_entry(const StoredDossier& stored, EntryRow row, schema::CarriedDossier& out) {
  const auto held = stored.load(row);
  if (held) add_to_group(held->entry, WireForm::full, *out.mutable_entries());
}

// Written here or carried here by others, in the order in which they came.
std::vector<EntryRow> without_place(const StoredDossier& stored) {
  auto rows = stored.unplaced(Standing::outbox);
  const auto carried = stored.unplaced(Standing::carried);
  rows.insert(rows.end(), carried.begin(), carried.end());
  std::sort(rows.begin(), rows.end());
  return rows;
}

bool holds_one_for(const EnvelopeList& list, const std::vector<Recipient>& holders) {
  return std::any_of(list.envelopes.begin(), list.envelopes.end(), [&](const Envelope& each) {
    return std::find(holders.begin(), holders.end(), each.recipient) != holders.end();
  });
}

void add_digest(Replica& replica, const PolicyTable& policies, schema::CarriedDossier& out) {
  const auto digest = replica.is_complete() ? replica.digest() : std::nullopt;
  if (!digest) return;
  auto& to = *out.add_digests();
  to.set_dossier(to_wire(replica.stored().id().view()));
  to.set_dsn(replica.stored().length());
  to.set_policy_version(to_wire(ByteView(policies.version())));
  to.set_digest(to_wire(ByteView(*digest)));
}

// For those of the organisation who lack a key: by a sister node, the owner or the desk, as the hub
// would ask for it.
void seal_missing(Replica& replica, const OrganisationId& to, const NodeContext& context) {
  const bool may_seal =
      to == context.identity.organisation || leads(replica.role_now(context.identity.organisation));
  if (!may_seal) return;
  std::set<EpochId> epochs;
  for (const auto& each : replica.dated_memberships()) epochs.insert(each.membership.epoch());
  for (const auto& epoch : epochs) {
    seal_to_recipients(replica, epoch, context.directory.key_holders(to), context);
  }
}

Result<BundleParts> begin_parts(Database& database, std::size_t part_bytes) {
  UnitOfWork work(database, Purpose::reading);
  const auto list = DirectoryTable(work).carried();
  if (work.failed()) return work.error();
  return BundleParts(list.steps, part_bytes, list.snapshot);
}

// What the hub may lack of the list is what came last, and it reads no snapshot. Where all of it
// would leave no room for records, older versions stay behind: else a long list would stop every
// file that a site can pass on.
Result<BundleParts> begin_parts_for_hub(Database& database, std::size_t part_bytes) {
  UnitOfWork work(database, Purpose::reading);
  const auto list = DirectoryTable(work).carried();
  if (work.failed()) return work.error();
  return BundleParts(newest_within(list.steps, part_bytes / 4), part_bytes);
}

Packed packed(BundleParts parts) {
  const std::size_t dossiers = parts.dossiers();
  return {parts.take(), dossiers};
}

}  // namespace

// That nothing is left here of what was erased: whoever is reached by hand alone says it so.
Result<Done> Packing::add_erasure_receipt(BundleParts& parts) {
  UnitOfWork work(database_, Purpose::reading);
  const auto receipt = own_receipt(work, context_.identity);
  if (work.failed()) return work.error();
  return receipt ? parts.add_erasure_receipt(signed_bytes(*receipt)) : Result<Done>(Done{});
}

// And of what is no longer shared with it. `to`: whoever may hear it; none: the hub.
Result<Done> Packing::add_purge_receipts(const std::optional<OrganisationId>& to,
                                         BundleParts& parts) {
  UnitOfWork work(database_, Purpose::reading);
  const auto receipts = to && to != context_.directory.central() ? own_purge_receipts_to(work, *to)
                                                                 : own_purge_receipts(work);
  if (work.failed()) return work.error();
  for (const auto& each : receipts) {
    if (auto done = parts.add_purge_receipt(each); !done) return done;
  }
  return Done{};
}

std::vector<DossierId> Packing::dossiers(UnitOfWork& work) const {
  std::vector<DossierId> out;
  work.each("SELECT dossier FROM dossier ORDER BY id", bound(), [&](const Statement& row) {
    const auto id = DossierId::from(row.view(0));
    if (!id) return work.fail_as_damaged();
    if (!context_.directory.is_erased(*id) && !left_out_.contains(*id)) out.push_back(*id);
  });
  return out;
}

Result<std::vector<DossierId>> Packing::dossiers() const {
  UnitOfWork work(database_, Purpose::reading);
  auto out = dossiers(work);
  if (work.failed()) return work.error();
  return out;
}

Result<std::set<OrganisationId>> Packing::organisations() const {
  std::set<OrganisationId> out;
  UnitOfWork work(database_, Purpose::reading);
  for (const auto& id : dossiers(work)) {
    const Replica replica(work, id, context_);
    const auto latest = replica.latest_membership();
    if (!latest) continue;
    for (const auto& member : latest->membership.members) out.insert(member.organisation);
    if (leads(latest->membership.role_of(context_.identity.organisation))) {
      out.merge(removed_unheard(replica, context_));
    }
  }
  if (work.failed()) return work.error();
  out.erase(context_.identity.organisation);
  return out;
}

Result<Packed> Packing::for_organisation(const OrganisationId& to) {
  auto parts = begin_parts(database_, part_bytes_);
  if (!parts) return parts.error();
  const auto ids = dossiers();
  if (!ids) return ids.error();
  std::size_t removals = 0;
  for (const auto& id : *ids) {
    UnitOfWork work(database_);
    const bool is_here =
        StoredDossier::exists(work, id);  // else it was erased or deleted meanwhile
    if (work.failed()) return work.error();
    if (!is_here) continue;
    Replica replica(work, id, context_);
    auto dossier = carried(replica, to);
    if (auto done = work.commit(); !done) return done.error();
    if (!dossier) continue;
    if (dossier->is_removal()) ++removals;
    if (auto done = parts->add(*std::move(dossier)); !done) return done.error();
  }
  if (to == context_.directory.central()) {
    if (auto done = add_erasure_receipt(*parts); !done) return done.error();
  }
  if (auto done = add_purge_receipts(to, *parts); !done) return done.error();
  auto out = packed(*std::move(parts));
  out.dossiers -= removals;
  return out;
}

std::optional<schema::CarriedDossier> Packing::carried(Replica& replica, const OrganisationId& to) {
  const StoredDossier& stored = replica.stored();
  const bool is_ours = replica.role_now(context_.identity.organisation).has_value();
  if (!is_ours) return std::nullopt;
  if (!replica.role_now(to)) return removal(replica, to);
  seal_missing(replica, to, context_);
  schema::CarriedDossier out;
  out.mutable_entries()->set_dossier(to_wire(stored.id().view()));
  add_order(stored, out);
  for (const EntryRow row : stored.placed_after(0)) add_entry(stored, row, out);
  for (const EntryRow row : without_place(stored)) add_entry(stored, row, out);
  const auto holders = context_.directory.key_holders(to);
  for (const auto& list : replica.keys().lists(stored.id())) {
    if (holds_one_for(list, holders)) *out.add_envelopes() = to_wire(list);
  }
  add_digest(replica, context_.policies, out);
  return out;
}

// By whoever leads it, who also hears when it is gone. Nobody's signed head proves it there, so it
// deletes nothing: see purge.h.
std::optional<schema::CarriedDossier> Packing::removal(const Replica& replica,
                                                       const OrganisationId& to) const {
  if (!leads(replica.role_now(context_.identity.organisation))) return std::nullopt;
  schema::CarriedDossier out;
  out.set_is_removal(true);
  out.mutable_entries()->set_dossier(to_wire(replica.stored().id().view()));
  for (const EntryRow row : steps_to_removal(replica, to, context_)) {
    add_entry(replica.stored(), row, out);
  }
  return out.entries().entries_size() > 0 ? std::optional(std::move(out)) : std::nullopt;
}

Result<Packed> Packing::for_hub() {
  auto parts = begin_parts_for_hub(database_, part_bytes_);
  if (!parts) return parts.error();
  const auto ids = dossiers();
  if (!ids) return ids.error();
  for (const auto& id : *ids) {
    UnitOfWork work(database_);
    const bool is_here = StoredDossier::exists(work, id);
    if (work.failed()) return work.error();
    if (!is_here) continue;
    Replica replica(work, id, context_);
    auto dossier = unsent(replica);
    if (work.failed()) return work.error();
    if (!dossier) continue;
    if (auto done = parts->add(*std::move(dossier)); !done) return done.error();
  }
  if (auto done = add_erasure_receipt(*parts); !done) return done.error();
  if (auto done = add_purge_receipts({}, *parts); !done) return done.error();
  return packed(*std::move(parts));
}

std::optional<schema::CarriedDossier> Packing::unsent(Replica& replica) {
  const StoredDossier& stored = replica.stored();
  schema::CarriedDossier out;
  out.mutable_entries()->set_dossier(to_wire(stored.id().view()));
  for (const EntryRow row : without_place(stored)) add_entry(stored, row, out);
  for (const auto& list : replica.keys().unsent(stored.id())) *out.add_envelopes() = to_wire(list);
  const bool has_news = out.entries().entries_size() > 0 || out.envelopes_size() > 0;
  const auto digest_unsent =
      stored.work().first("SELECT 1 FROM dossier WHERE id = ? AND digest_sent != length",
                          bound(stored.row()), unsigned_column);
  const bool is_member = stored.memberships().role_now(context_.identity.organisation).has_value();
  if (digest_unsent && is_member) add_digest(replica, context_.policies, out);
  return has_news || out.digests_size() > 0 ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace throughgate::sync::store
