#include "hub/bundles.h"

#include <algorithm>

#include "crypto/signing_box.h"
#include "hub/erasures.h"
#include "hub/purges.h"
#include "hub/wire.h"
#include "schema/bundle.pb.h"
#include "sync/bundle_parts.h"
#include "sync/limits.h"
#include "sync/program_number.h"
#include "sync/wire_form.h"
#include "sync/wire_values.h"

namespace throughgate::hub {
namespace {

using sync::BundleBy;
using sync::BundleFor;

Error not_for_this_hub(const sync::BundleLabel& label) {
  if (label.meant_for == BundleFor::hub) {
    return {ErrorKind::denied,
            "This bundle is for another exchange. Ask the site whether its central list is up to "
            "date, and for a bundle made anew. Nothing was changed."};
  }
  return {ErrorKind::denied,
          "This bundle is for a site, not for the exchange. Give it to whom it is for. Nothing was "
          "changed."};
}

constexpr int tries_max = 5;

// Records go one by one, so that a hub that serves beside it need not wait. What is erased or taken
// back in between must not go with what was read before.
Error changed_meanwhile() {
  return {ErrorKind::stale, "What this exchange holds has changed meanwhile. Begin again."};
}

Error too_much_for_a_site() {
  return {ErrorKind::invalid,
          "This bundle holds more than a site can pass on. Give it to whoever looks after the "
          "exchange, or ask the site to make it anew. Nothing was changed."};
}

// A file for the exchange is made to hold 1 MiB at most, however well it packs. Of its smallest
// items, a digest in a dossier of its own, that is some 12,000.
constexpr std::int64_t entries_in_a_file_max = 8LL * sync::entries_per_request_max;
constexpr std::int64_t items_in_a_file_max = 8LL * sync::other_items_per_request_max;
constexpr std::size_t bytes_in_a_file_max = 8 * sync::batch_bytes_max;

bool comes_by_a_site(const schema::Bundle& content) {
  std::int64_t entries = 0;
  std::int64_t envelopes = 0;
  std::int64_t digests = 0;
  std::size_t bytes = 0;
  for (const auto& each : content.dossiers()) {
    entries += each.entries().entries_size();
    envelopes += each.envelopes_size();
    digests += each.digests_size();
    bytes += each.entries().ByteSizeLong();
  }
  const auto items =
      std::max<std::int64_t>({content.directory_size(), content.dossiers_size(), envelopes, digests,
                              content.erasure_receipts_size(), content.purge_receipts_size()});
  return entries <= entries_in_a_file_max && items <= items_in_a_file_max &&
         bytes <= bytes_in_a_file_max;
}

std::vector<sync::DirectoryStep> steps_in(const schema::Bundle& content) {
  std::vector<sync::DirectoryStep> out;
  for (const auto& each : content.directory()) {
    if (auto step = wire::step(each)) out.push_back(*std::move(step));
  }
  return out;
}

}  // namespace

// ---- what is brought

Result<Done> Bundles::check_maker(const sync::BundleLabel& label,
                                  const sync::Directory& directory) const {
  const auto* node =
      label.made_by == BundleBy::node ? directory.node(NodeId{label.maker}) : nullptr;
  if (!node) {
    return {ErrorKind::stale,
            "Whoever made this bundle is in no central list that is known here. Ask the central "
            "team to sync, then bring it in again. Nothing was changed."};
  }
  if (node->verify_key != label.maker_key) {
    return {ErrorKind::rejected,
            "This bundle was not made by the computer that it names. Tell the central team. "
            "Nothing was changed."};
  }
  if (node->revoked_in) {
    return {ErrorKind::denied,
            "The computer that made this bundle has been withdrawn by the central team. Nothing of "
            "it was taken in."};
  }
  return Done{};
}

// Another program may have added to it since; each version is applied once.
Result<const DirectoryHistory*> Bundles::history() {
  auto transaction = StoreTransaction::begin(store_);
  if (!transaction) return transaction.error();
  if (!history_) history_.emplace();
  const auto anchor = store_.anchor();
  if (anchor) {
    for (const auto& step : store_.directory_after(history_->directory().version(), SIZE_MAX)) {
      if (auto applied = history_->apply(step, *anchor); !applied) return applied.error();
    }
  }
  if (auto done = transaction->commit(); !done) return done.error();
  return &*history_;
}

Result<Taken> Bundles::take(ByteView file, std::uint64_t now_ms, Way way) {
  if (way == Way::by_a_site && file.size() > sync::bundle_passed_on_max) {
    return too_much_for_a_site();
  }
  if (auto fresh = sequencer_.refresh(); !fresh) return fresh.error();
  const auto read = sync::read_bundle(file);
  if (!read.bundle) return sync::error_of(read.fault);
  const auto& label = read.bundle->label();
  const auto self = sync::hub_reader_id(sequencer_.verify_key());
  if (label.meant_for != BundleFor::hub || !read.bundle->is_for(self)) {
    return not_for_this_hub(label);
  }
  // Who made it may be news: then the list inside must say so.
  if (auto known = check_maker(label, sequencer_.directory());
      !known && known.error().kind != ErrorKind::stale) {
    return known.error();
  }
  schema::Bundle content;
  if (const auto fault =
          sync::open_bundle(*read.bundle, self, crypto::box_key_of(keys_.signing_key), content)) {
    return sync::error_of(*fault);
  }
  if (way == Way::by_a_site && !comes_by_a_site(content)) return too_much_for_a_site();
  // The desk's signature vouches for its steps, whoever brings them.
  if (auto taken = sequencer_.take_directory(steps_in(content), now_ms); !taken) {
    if (taken.error().kind != ErrorKind::rejected) return taken.error();
    return Error{ErrorKind::rejected,
                 "The central list in this bundle is not signed by the central team that this "
                 "exchange trusts. Tell the central team. Nothing of it was taken in."};
  }
  if (auto serves = sequencer_.serves(); !serves) return serves.error();
  if (auto known = check_maker(label, sequencer_.directory()); !known) return known.error();
  if (auto new_enough = sync::check_program(content.program(), sequencer_.directory());
      !new_enough) {
    return new_enough.error();
  }

  const auto* maker = sequencer_.directory().node(NodeId{label.maker});
  const Caller caller{maker->id, maker->organisation};
  Taken taken{caller.organisation, {}, {}};
  for (const auto& each : content.dossiers()) {
    const auto id = wire::id<DossierId>(each.entries().dossier());
    if (id && !taken.dossiers.insert(*id).second) continue;  // no honest file names one twice
    if (auto done = take_dossier(caller, each, now_ms, taken.tally); !done) return done.error();
  }
  if (auto done = take_receipts(caller, content, now_ms); !done) return done.error();
  return taken;
}

Result<Done> Bundles::take_receipts(const Caller& caller, const schema::Bundle& content,
                                    std::uint64_t now_ms) {
  if (content.erasure_receipts_size() + content.purge_receipts_size() == 0) return Done{};
  const auto now = history();
  if (!now) return now.error();
  auto transaction = StoreTransaction::begin(store_);
  if (!transaction) return transaction.error();
  Round round(store_, **now, limits_, caller, now_ms);
  for (const auto& receipt : content.erasure_receipts()) take_receipt(round, receipt);
  Recovery recovery(round);
  schema::SyncReply unsaid;
  for (const auto& receipt : content.purge_receipts()) {
    take_purge_receipt(round, recovery, receipt, unsaid);
  }
  return transaction->commit();
}

Result<Done> Bundles::take_dossier(const Caller& caller, const schema::CarriedDossier& in,
                                   std::uint64_t now_ms, Tally& tally) {
  if (!wire::id<DossierId>(in.entries().dossier())) {
    ++tally.bad;
    return Done{};
  }
  const auto now = history();
  if (!now) return now.error();
  auto transaction = StoreTransaction::begin(store_);
  if (!transaction) return transaction.error();
  Round round(store_, **now, limits_, caller, now_ms);
  Recovery recovery(round);
  EnvelopeShelf shelf(round, recovery);
  Placement placement(round, recovery, shelf, keys_.signing_key);
  recovery.end_when_due();
  for (const auto& list : in.envelopes()) shelf.take(list);
  std::vector<schema::EntryAnswer> answers;
  placement.answer(in.entries(), answers);
  for (const auto& digest : in.digests()) take_digest(round, recovery, digest);
  if (auto done = transaction->commit(); !done) return done;
  tally += placement.tally();
  return Done{};
}

// ---- what is given back

Result<std::vector<sync::SignedHead>> Bundles::heads_for(const OrganisationId& to, Only only,
                                                         const DirectoryHistory& history,
                                                         std::uint64_t now_ms) {
  auto transaction = StoreTransaction::begin(store_);
  if (!transaction) return transaction.error();
  Round round(store_, history, limits_, Caller{{}, to}, now_ms);
  Recovery recovery(round);
  std::vector<sync::Head> heads;
  for (const auto& pointer : store_.pointers_after(to, 0, SIZE_MAX >> 1)) {
    if (only && !only->contains(pointer.dossier)) continue;
    if (recovery.is_recovering(pointer.dossier)) continue;
    const StoredOrder& order = round.order(pointer.dossier);
    const auto served = order.memberships().served_to(to, order.length());
    const auto chain = order.chain_at(served);
    if (served > 0 && chain) heads.push_back({pointer.dossier, served, *chain});
  }
  const auto made = sync::sign_heads(std::move(heads), round.state().instance,
                                     history.directory().version(), now_ms, keys_.signing_key);
  if (auto done = transaction->commit(); !done) return done.error();
  return sync::separate(made);
}

Result<schema::CarriedDossier> Bundles::carried(const OrganisationId& to,
                                                const sync::SignedHead& head,
                                                const DirectoryHistory& history,
                                                std::uint64_t now_ms) {
  auto transaction = StoreTransaction::begin(store_);
  if (!transaction) return transaction.error();
  Round round(store_, history, limits_, Caller{{}, to}, now_ms);
  const StoredOrder& order = round.order(head.head.dossier);
  const bool is_as_it_was = store_.directory_version() == history.directory().version() &&
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
  add_beside(round, to, out);
  if (auto done = transaction->commit(); !done) return done.error();
  return out;
}

// Envelope lists and digests, as a sync of one of its computers would be told.
void Bundles::add_beside(Round& round, const OrganisationId& to, schema::CarriedDossier& out) {
  const auto dossier = *wire::id<DossierId>(out.entries().dossier());
  std::set<std::string> lists;
  for (const auto* node : round.directory().active_nodes(to)) {
    Round as_node(store_, round.history(), limits_, {node->id, to}, round.now_ms());
    Recovery recovery(as_node);
    schema::SyncReply reply;
    EnvelopeShelf(as_node, recovery).put_lists(as_node.order(dossier), 0, reply);
    for (auto& list : *reply.mutable_envelopes()) {
      if (lists.insert(list.bytes()).second) *out.add_envelopes() = std::move(list);
    }
  }
  const auto& memberships = round.order(dossier).memberships();
  if (!memberships.role_now(to)) return;
  for (const auto& each : store_.digests(dossier, 0)) {
    const auto* node = round.directory().node(each.node);
    if (!node || node->organisation == to || !memberships.role_now(node->organisation)) continue;
    auto& digest = *out.add_digests();
    digest.set_dsn(each.dsn);
    digest.set_policy_version(wire::text(each.policy_version));
    digest.set_digest(wire::text(each.digest));
    digest.set_node(wire::text(each.node.bytes));
  }
}

// Those of its computers that are reached by hand alone hear so what can never be accepted.
Result<std::vector<schema::CarriedVerdict>> Bundles::refused(const OrganisationId& author,
                                                             Only only) {
  auto transaction = StoreTransaction::begin(store_);
  if (!transaction) return transaction.error();
  const auto instance = store_.state().instance;
  std::vector<schema::CarriedVerdict> out;
  for (const auto& each : store_.refused_of(author)) {
    if (only && !only->contains(each.dossier)) continue;
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
Result<Done> Bundles::add_receipts(const OrganisationId& to,
                                   const std::vector<sync::SignedHead>& heads,
                                   const DirectoryHistory& history, std::uint64_t now_ms,
                                   sync::BundleParts& parts) {
  auto transaction = StoreTransaction::begin(store_);
  if (!transaction) return transaction.error();
  Round round(store_, history, limits_, Caller{{}, to}, now_ms);
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

Result<std::vector<Bytes>> Bundles::make(const OrganisationId& to, std::size_t file_bytes_max,
                                         std::uint64_t now_ms) {
  return make_patiently(to, nullptr, {file_bytes_max, SIZE_MAX}, now_ms);
}

Result<std::vector<Bytes>> Bundles::answer_to(const Taken& taken, std::size_t file_bytes_max,
                                              std::size_t files_max, std::uint64_t now_ms) {
  return make_patiently(taken.maker, &taken.dossiers, {file_bytes_max, files_max}, now_ms);
}

Result<std::vector<Bytes>> Bundles::make_patiently(const OrganisationId& to, Only only,
                                                   const Room& room, std::uint64_t now_ms) {
  for (int tries = 0; tries < tries_max; ++tries) {
    auto made = make_at_once(to, only, room, now_ms);
    if (made || made.error().kind != ErrorKind::stale) return made;
  }
  return Error{ErrorKind::unavailable,
               "What this exchange holds changed each time while this was being made. Nothing was "
               "written. Try again in a minute."};
}

Result<std::vector<Bytes>> Bundles::make_at_once(const OrganisationId& to, Only only,
                                                 const Room& room, std::uint64_t now_ms) {
  if (auto fresh = sequencer_.refresh(); !fresh) return fresh.error();
  if (auto serves = sequencer_.serves(); !serves) return serves.error();
  const auto held = history();
  if (!held) return held.error();
  const DirectoryHistory now = **held;  // of one moment, whatever comes while this is made
  std::vector<sync::BundleReader> readers;
  for (const auto* node : now.directory().active_nodes(to)) {
    readers.push_back({node->id.bytes, node->box_key});
  }
  if (readers.empty()) {
    return {ErrorKind::denied,
            "No computer of that organisation is in the central list, so nobody could open it. "
            "Nothing was written."};
  }
  const auto heads = heads_for(to, only, now, now_ms);
  if (!heads) return heads.error();
  auto steps = StoreTransaction::begin(store_);
  if (!steps) return steps.error();
  sync::BundleParts parts(store_.directory_after(0, SIZE_MAX),
                          sync::bundle_content_for(room.file_bytes, readers.size()));
  if (auto done = steps->commit(); !done) return done.error();
  for (const auto& head : *heads) {
    if (parts.parts() > room.files) break;
    auto dossier = carried(to, head, now, now_ms);
    if (!dossier) return dossier.error();
    if (auto done = parts.add(*std::move(dossier)); !done) return done.error();
  }
  auto verdicts = refused(to, only);
  if (!verdicts) return verdicts.error();
  for (auto& each : *verdicts) {
    if (auto done = parts.add(std::move(each)); !done) return done.error();
  }
  if (!only) {
    if (auto done = add_receipts(to, *heads, now, now_ms, parts); !done) return done.error();
  }

  sync::BundleLabel label;
  label.made_by = BundleBy::hub;
  label.maker = sync::hub_reader_id(sequencer_.verify_key());
  label.directory_version = now.directory().version();
  label.made_at_ms = now_ms;
  label.set = sync::BundleSet::random(random_);
  auto contents = parts.take();
  if (contents.size() > room.files) contents.resize(room.files);
  label.parts = static_cast<std::uint16_t>(contents.size());
  std::vector<Bytes> out;
  for (const auto& content : contents) {
    label.part = static_cast<std::uint16_t>(out.size() + 1);
    auto bundle = sync::seal_bundle(label, readers, content, keys_.signing_key, random_);
    if (!bundle) return bundle.error();
    out.push_back(*std::move(bundle));
  }
  return out;
}

}  // namespace throughgate::hub
