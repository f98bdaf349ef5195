#include "hub/given_bundles.h"

#include "hub/erasures.h"
#include "hub/purges.h"
#include "hub/wire.h"
#include "schema/bundle.pb.h"
#include "sync/bundle_parts.h"
#include "sync/wire_form.h"
#include "sync/wire_values.h"

namespace throughgate::hub {
namespace {

// Records go one by one. What is erased or taken back in between must not go with what was read
// before.
Error changed_meanwhile() {
  return {ErrorKind::stale, "What this exchange holds has changed meanwhile. Begin again."};
}

}  // namespace

Result<std::vector<sync::SignedHead>> GivenBundles::heads() {
  auto transaction = StoreTransaction::begin(store_);
  if (!transaction) return transaction.error();
  Round round(store_, history_, limits_, Caller{{}, to_}, now_ms_);
  Recovery recovery(round);
  std::vector<sync::Head> heads;
  for (const auto& pointer : store_.pointers_after(to_, 0, SIZE_MAX >> 1)) {
    if (only_ && !only_->contains(pointer.dossier)) continue;
    if (recovery.is_recovering(pointer.dossier)) continue;
    const StoredOrder& order = round.order(pointer.dossier);
    const auto served = order.memberships().served_to(to_, order.length());
    const auto chain = order.chain_at(served);
    if (served > 0 && chain) heads.push_back({pointer.dossier, served, *chain});
  }
  const auto made = sync::sign_heads(std::move(heads), round.state().instance,
                                     history_.directory().version(), now_ms_, keys_.signing_key);
  if (auto done = transaction->commit(); !done) return done.error();
  return sync::separate(made);
}

Result<schema::CarriedDossier> GivenBundles::carried(const sync::SignedHead& head) {
  auto transaction = StoreTransaction::begin(store_);
  if (!transaction) return transaction.error();
  Round round(store_, history_, limits_, Caller{{}, to_}, now_ms_);
  const StoredOrder& order = round.order(head.head.dossier);
  const bool is_as_it_was = store_.directory_version() == history_.directory().version() &&
                            order.chain_at(head.head.dsn) == head.head.chain;
  if (!is_as_it_was) return changed_meanwhile();
  schema::CarriedDossier out;
  out.mutable_entries()->set_dossier(wire::text(head.head.dossier.bytes));
  *out.mutable_head() = sync::to_wire(head);
  for (std::uint64_t dsn = 1; dsn <= head.head.dsn; ++dsn) {
    auto placed = order.read(dsn);
    auto entry = placed ? sync::as_verified_before(std::move(placed->entry)) : std::nullopt;
    if (!entry) {
      return {
          ErrorKind::corrupt,
          "Part of this exchange's store is damaged. Put back a backup, then run new-instance."};
    }
    sync::add_to_group(*entry, sync::WireForm::full, *out.mutable_entries());
    auto& record = *out.add_records();
    record.set_entry(wire::text(placed->record.entry));
    record.set_directory_version(placed->record.directory_version);
    record.set_accepted_at_ms(placed->record.accepted_at_ms);
  }
  add_beside(round, out);
  if (auto done = transaction->commit(); !done) return done.error();
  return out;
}

// Envelope lists and digests, as a sync of one of its computers would be told.
void GivenBundles::add_beside(Round& round, schema::CarriedDossier& out) {
  const auto dossier = *wire::id<DossierId>(out.entries().dossier());
  std::set<std::string> lists;
  for (const auto* node : round.directory().active_nodes(to_)) {
    Round as_node(store_, round.history(), limits_, {node->id, to_}, round.now_ms());
    Recovery recovery(as_node);
    schema::SyncReply reply;
    EnvelopeShelf(as_node, recovery).put_lists(as_node.order(dossier), 0, reply);
    for (auto& list : *reply.mutable_envelopes()) {
      if (lists.insert(list.bytes()).second) *out.add_envelopes() = std::move(list);
    }
  }
  const auto& memberships = round.order(dossier).memberships();
  if (!memberships.role_now(to_)) return;
  for (const auto& each : store_.digests(dossier, 0)) {
    const auto* node = round.directory().node(each.node);
    if (!node || node->organisation == to_ || !memberships.role_now(node->organisation)) continue;
    auto& digest = *out.add_digests();
    digest.set_dsn(each.dsn);
    digest.set_policy_version(wire::text(each.policy_version));
    digest.set_digest(wire::text(each.digest));
    digest.set_node(wire::text(each.node.bytes));
  }
}

// Those of its computers that are reached by hand alone hear so what can never be accepted.
Result<std::vector<schema::CarriedVerdict>> GivenBundles::refused() {
  auto transaction = StoreTransaction::begin(store_);
  if (!transaction) return transaction.error();
  const auto instance = store_.state().instance;
  std::vector<schema::CarriedVerdict> out;
  for (const auto& each : store_.refused_of(to_)) {
    if (only_ && !only_->contains(each.dossier)) continue;
    sync::SignedVerdict verdict{
        instance, each.dossier, each.entry, each.verdict.ruling, 0, each.verdict.given_at_ms, {}};
    sync::sign(verdict, keys_.signing_key);
    auto& carried = out.emplace_back();
    carried.mutable_verdict()->set_bytes(wire::text(verdict.encode()));
    carried.mutable_verdict()->set_signature(wire::text(verdict.signature));
    if (each.verdict.ruling.outcome != sync::Outcome::fork) continue;
    carried.set_fork_header(wire::text(each.verdict.fork_header));
    carried.set_fork_signature(wire::text(each.verdict.fork_signature));
  }
  if (auto done = transaction->commit(); !done) return done.error();
  return out;
}

// To the central organisation: whoever says that nothing is left, the hub among them. To owner and
// desk: whoever says so of a record that is no longer shared with it.
Result<Done> GivenBundles::add_receipts(const std::vector<sync::SignedHead>& heads,
                                        sync::BundleParts& parts) {
  auto transaction = StoreTransaction::begin(store_);
  if (!transaction) return transaction.error();
  Round round(store_, history_, limits_, Caller{{}, to_}, now_ms_);
  schema::SyncReply reply;
  put_receipts(round, 0, reply);
  for (const auto& head : heads) {
    put_purge_receipts(round, round.order(head.head.dossier), 0, reply);
  }
  if (auto done = transaction->commit(); !done) return done;
  for (auto& each : *reply.mutable_erasure_receipts()) {
    if (auto done = parts.add_erasure_receipt(std::move(each)); !done) return done;
  }
  for (auto& each : *reply.mutable_purge_receipts()) {
    if (auto done = parts.add_purge_receipt(std::move(each)); !done) return done;
  }
  return Done{};
}

// The list as its reader lacks it. Where that would leave no room for records, the first versions
// of it: the others go another time.
Result<sync::BundleParts> GivenBundles::begin(std::size_t part_bytes, bool& is_whole) {
  auto transaction = StoreTransaction::begin(store_);
  if (!transaction) return transaction.error();
  auto steps = store_.directory_after(order_.list_after, SIZE_MAX);
  if (auto done = transaction->commit(); !done) return done.error();
  if (order_.list_after > 0) {
    auto some = sync::first_within(steps, part_bytes / 4);
    is_whole = some.size() == steps.size();
    steps = std::move(some);
  }
  return sync::BundleParts(steps, part_bytes);
}

Result<Done> GivenBundles::fill(sync::BundleParts& parts) {
  const auto all = heads();
  if (!all) return all.error();
  for (const auto& head : *all) {
    if (parts.parts() > order_.files) return Done{};
    auto dossier = carried(head);
    if (!dossier) return dossier.error();
    if (auto done = parts.add(*std::move(dossier)); !done) return done.error();
  }
  auto verdicts = refused();
  if (!verdicts) return verdicts.error();
  for (auto& each : *verdicts) {
    if (auto done = parts.add(std::move(each)); !done) return done.error();
  }
  return only_ ? Result<Done>(Done{}) : add_receipts(*all, parts);
}

Result<std::vector<Bytes>> GivenBundles::seal(sync::BundleParts parts,
                                              const std::vector<sync::BundleReader>& readers,
                                              crypto::Random& random) const {
  auto contents = parts.take();
  if (contents.size() > order_.files) contents.resize(order_.files);
  sync::BundleLabel label;
  label.made_by = sync::BundleBy::hub;
  label.maker = sync::hub_reader_id(keys_.signing_key.verify_key());
  label.directory_version = history_.directory().version();
  label.made_at_ms = now_ms_;
  label.set = sync::BundleSet::random(random);
  label.parts = static_cast<std::uint16_t>(contents.size());
  std::vector<Bytes> out;
  for (const auto& content : contents) {
    label.part = static_cast<std::uint16_t>(out.size() + 1);
    auto bundle = sync::seal_bundle(label, readers, content, keys_.signing_key, random);
    if (!bundle) return bundle.error();
    out.push_back(*std::move(bundle));
  }
  return out;
}

Result<Given> GivenBundles::make(crypto::Random& random) {
  std::vector<sync::BundleReader> readers;
  for (const auto* node : history_.directory().active_nodes(to_)) {
    readers.push_back({node->id.bytes, node->box_key});
  }
  if (readers.empty()) {
    return Error{ErrorKind::denied,
                 "No computer of that organisation is in the central list, so nobody could open "
                 "it. Nothing was written."};
  }
  Given out;
  auto parts = begin(sync::bundle_content_for(order_.file_bytes, readers.size()), out.is_whole);
  if (!parts) return parts.error();
  if (auto done = fill(*parts); !done) return done.error();
  if (parts->parts() > order_.files) out.is_whole = false;
  auto files = seal(*std::move(parts), readers, random);
  if (!files) return files.error();
  out.files = *std::move(files);
  return out;
}

}  // namespace throughgate::hub
