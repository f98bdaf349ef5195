#include "hub/bundles.h"

#include <algorithm>

#include "crypto/signing_box.h"
#include "hub/erasures.h"
#include "hub/purges.h"
#include "hub/wire.h"
#include "schema/bundle.pb.h"
#include "sync/limits.h"
#include "sync/program_number.h"
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
  Taken taken{caller.organisation, label.directory_version, {}, {}};
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

Result<std::vector<Bytes>> Bundles::make(const OrganisationId& to, std::size_t file_bytes_max,
                                         std::uint64_t now_ms) {
  auto given = make_patiently({to, nullptr, 0, file_bytes_max}, now_ms);
  if (!given) return given.error();
  return std::move(given->files);
}

Result<Given> Bundles::answer_to(const Taken& taken, std::size_t file_bytes_max,
                                 std::size_t files_max, std::uint64_t now_ms) {
  return make_patiently(
      {taken.maker, &taken.dossiers, taken.directory_version, file_bytes_max, files_max}, now_ms);
}

Result<Given> Bundles::make_patiently(const BundleOrder& order, std::uint64_t now_ms) {
  for (int tries = 0; tries < tries_max; ++tries) {
    if (auto fresh = sequencer_.refresh(); !fresh) return fresh.error();
    if (auto serves = sequencer_.serves(); !serves) return serves.error();
    const auto held = history();
    if (!held) return held.error();
    const DirectoryHistory now = **held;
    auto given = GivenBundles(store_, keys_, limits_, now, order, now_ms).make(random_);
    if (given || given.error().kind != ErrorKind::stale) return given;
  }
  return Error{ErrorKind::unavailable,
               "What this exchange holds changed each time while this was being made. Nothing was "
               "written. Try again in a minute."};
}

}  // namespace throughgate::hub
