#include "node/bundles/import.h"

#include "node/bundles/maker.h"
#include "node/bundles/passing_on.h"
#include "node/out_of_contact.h"
#include "node/restored.h"
#include "node/sharing/no_longer_shared.h"
#include "schema/bundle.pb.h"
#include "sync/directory_snapshot.h"
#include "sync/program_number.h"
#include "sync/store/bundle_folder.h"
#include "sync/wire_values.h"

namespace throughgate::node {
namespace {

using sync::BundleBy;
using sync::BundleFor;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::SealedBundle;

Error not_for_this_computer(const OpenNode& node, const SealedBundle& bundle) {
  if (bundle.label().maker == node.identity().node.bytes) {
    return {ErrorKind::denied,
            "This bundle was made on this computer, for others. Take it to whom it is for. Nothing "
            "was changed."};
  }
  if (bundle.label().meant_for == BundleFor::hub) {
    return {ErrorKind::denied,
            "This bundle is for the central exchange. Give it to whoever looks after the exchange. "
            "Nothing was changed."};
  }
  return sync::error_of(sync::BundleFault::not_for_us);
}

// What a bundle carries of the list. A computer that holds none yet begins with the snapshot, where
// there is one; any other goes on from what it holds.
struct ListInBundle {
  sync::Bytes snapshot;
  std::vector<sync::DirectoryStep> steps;
};

Result<ListInBundle> list_in(const schema::Bundle& content) {
  ListInBundle list{sync::from_wire(content.directory_snapshot()), {}};
  for (const auto& each : content.directory()) {
    auto step = sync::from_wire(each);
    if (!step) return sync::error_of(sync::BundleFault::unreadable);
    list.steps.push_back(*std::move(step));
  }
  return list;
}

Error not_by_our_central_team() {
  return {ErrorKind::rejected,
          "The central list in this bundle is not signed by your central team. Do not bring it in; "
          "tell the central team. Nothing was changed."};
}

// The directory as it will be; nothing is kept yet.
Result<sync::Directory> directory_after(const OpenNode& node, const ListInBundle& list) {
  sync::Directory next = node.directory();
  if (next.version() == 0 && !list.snapshot.empty()) {
    auto begun = sync::begin_with(list.snapshot, list.steps, node.anchor());
    const bool is_old = !begun && begun.error().kind == ErrorKind::stale;
    return begun || is_old ? begun : not_by_our_central_team();
  }
  for (const auto& step : list.steps) {
    const auto applied = next.apply(step, node.anchor());
    if (applied || applied.error().kind == ErrorKind::stale) continue;
    return not_by_our_central_team();
  }
  return next;
}

Result<Done> take_list(OpenNode& node, const ListInBundle& list) {
  if (node.directory().version() == 0 && !list.snapshot.empty()) {
    if (auto begun = node.take_snapshot(list.snapshot); !begun) return begun;
  }
  for (const auto& step : list.steps) {
    if (!node.directory().is_next(step)) continue;
    if (auto taken = node.take_directory(step); !taken) return taken;
  }
  return Done{};
}

Result<SealedBundle> whole_bundle(crypto::ByteView file) {
  auto read = sync::read_bundle(file);
  if (!read.bundle) return sync::error_of(read.fault);
  return *std::move(read.bundle);
}

}  // namespace

Result<BundleFacts> inspect_bundle(const OpenNode& node, const std::string& path) {
  const auto file = sync::store::read_bundle_file(path);
  if (!file) return file.error();
  return inspect_bundle(node, crypto::ByteView(*file));
}

Result<BundleFacts> inspect_bundle(const OpenNode& node, crypto::ByteView file) {
  const auto bundle = whole_bundle(file);
  if (!bundle) return bundle.error();
  const auto& directory = node.directory();
  const auto& label = bundle->label();
  BundleFacts facts{label, {}, {}, bundle->is_for(node.identity().node.bytes), file.size()};
  // A name is only told where the key is that computer's.
  if (const auto known = check_maker(label, directory);
      known || known.error().kind == ErrorKind::denied) {
    facts.made_by = label.made_by == BundleBy::hub
                        ? "the central exchange"
                        : computer_name(directory, sync::NodeId{label.maker});
  }
  for (const auto& reader : bundle->readers()) {
    const bool is_hub = label.meant_for == BundleFor::hub;
    const bool is_our_hub = is_hub && reader == sync::hub_reader_id(directory.hub_key());
    auto name = is_hub ? std::string(is_our_hub ? "the central exchange" : "another exchange")
                       : computer_name(directory, sync::NodeId{reader});
    facts.meant_for.push_back(name.empty() ? "a computer that is not in the list"
                                           : std::move(name));
  }
  return facts;
}

namespace {

// How old a file is by both clocks: an old stick that was kept tells nothing of today. Where one of
// them must be wrong, that is not known, and it counts as made now.
std::uint64_t age_ms(const sync::BundleLabel& label, std::uint64_t now_ms) {
  const auto age = now_ms > label.made_at_ms ? now_ms - label.made_at_ms : 0;
  return age > believed_days * contact_day_ms ? 0 : age;
}

}  // namespace

Result<sync::store::UnpackedCounts> take_bundle(OpenNode& node, crypto::ByteView file) {
  const auto bundle = whole_bundle(file);
  if (!bundle) return bundle.error();
  const auto& label = bundle->label();
  const auto self = node.identity().node.bytes;
  if (label.meant_for == BundleFor::hub || !bundle->is_for(self)) {
    return not_for_this_computer(node, *bundle);
  }
  if (!node.is_enrolled()) {
    return Error{ErrorKind::denied,
                 "This computer has not been let in by the central team yet, so it cannot check "
                 "what is in a bundle. Enrol it first. Nothing was changed."};
  }
  // Who made it may be news to this computer: then the list inside must say so.
  if (auto known = check_maker(label, node.directory());
      !known && known.error().kind != ErrorKind::stale) {
    return known.error();
  }
  schema::Bundle content;
  if (const auto fault = sync::open_bundle(*bundle, self, node.identity().box_key, content)) {
    return sync::error_of(*fault);
  }
  const auto list = list_in(content);
  if (!list) return list.error();
  const auto next = directory_after(node, *list);
  if (!next) return next.error();
  if (auto known = check_maker(label, *next); !known) return known.error();

  const auto version_before = node.directory().version();
  if (auto taken = take_list(node, *list); !taken) return taken.error();
  if (sync::needs_update(node.directory())) return sync::update_needed();
  // An exchange writes no records, and is not asked by network either.
  const bool by_exchange = label.made_by == BundleBy::hub;
  const auto new_enough = sync::check_program(content.program(), node.directory());
  if (!by_exchange && !new_enough) return new_enough.error();
  const auto context = node.context();
  const auto maker =
      label.made_by == BundleBy::node ? std::optional(sync::NodeId{label.maker}) : std::nullopt;
  auto counts = sync::store::Unpacking(node.database(), context, maker).take(content);
  if (!counts) return counts;
  // What was refused is not left behind.
  const auto written = node.exchange().write_again(node.now_ms());
  if (!written) return written.error();
  const auto gone = delete_what_is_no_longer_shared(node);
  if (!gone) return gone.error();
  if (auto brought = note_list_brought(node, label); !brought) return brought.error();
  const bool is_news = node.directory().version() > version_before ||
                       counts->placed + counts->own_placed + counts->by_hand > 0;
  if (is_news) {
    if (auto noted = note_heard(node, age_ms(label, node.now_ms())); !noted) return noted.error();
  }
  return counts;
}

Result<Brought> bring_in(OpenNode& node, const DataFolder& folder, const std::string& path) {
  const auto file = sync::store::read_bundle_file(path);
  if (!file) return file.error();
  return bring_in(node, folder, crypto::ByteView(*file));
}

Result<Brought> bring_in(OpenNode& node, const DataFolder& folder, crypto::ByteView file) {
  const auto bundle = whole_bundle(file);
  if (!bundle) return bundle.error();
  const bool is_for_others = bundle->label().meant_for == BundleFor::hub &&
                             bundle->label().maker != node.identity().node.bytes;
  if (!is_for_others) {
    const auto counts = import_bundle(node, folder, file);
    if (!counts) return counts.error();
    return Brought{*counts, {}};
  }
  if (auto fresh = node.refresh_directory(); !fresh) return fresh.error();
  const auto kept = keep_to_pass_on(node, *bundle, file);
  if (!kept) return kept.error();
  return Brought{{}, *kept};
}

Result<sync::store::UnpackedCounts> import_bundle(OpenNode& node, const DataFolder& folder,
                                                  const std::string& path) {
  const auto file = sync::store::read_bundle_file(path);
  if (!file) return file.error();
  return import_bundle(node, folder, crypto::ByteView(*file));
}

Result<sync::store::UnpackedCounts> import_bundle(OpenNode& node, const DataFolder& folder,
                                                  crypto::ByteView file) {
  const auto lock = FileLock::take(folder.sync_lock(), FileLock::Wait::yes);
  if (!lock) return lock.error();
  if (auto fresh = node.refresh_directory(); !fresh) return fresh.error();
  return take_bundle(node, file);
}

}  // namespace throughgate::node
