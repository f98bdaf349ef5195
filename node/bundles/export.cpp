#include "node/bundles/export.h"

#include <algorithm>
#include <iterator>

#include "node/audit.h"
#include "node/bundles/passing_on.h"
#include "node/handovers/grounds.h"
#include "node/restored.h"
#include "node/text/numbers.h"
#include "schema/bundle.pb.h"
#include "sync/program_number.h"
#include "sync/store/packing.h"
#include "sync/wire_values.h"

namespace throughgate::node {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::Packing;

std::vector<const sync::EnrolledNode*> readers_among(const OpenNode& node,
                                                     const sync::OrganisationId& to) {
  auto out = node.directory().active_nodes(to);
  std::erase_if(out, [&](const auto* each) { return each->id == node.identity().node; });
  return out;
}

Result<std::vector<sync::BundleReader>> keys_of(const OpenNode& node,
                                                const BundleReaders& readers) {
  std::vector<sync::BundleReader> out;
  if (readers.meant_for == sync::BundleFor::hub) {
    const auto hub = sync::hub_as_reader(node.directory().hub_key());
    if (!hub) {
      return Error{ErrorKind::denied,
                   "The central list held here names no exchange yet. Nothing was written."};
    }
    return std::vector{*hub};
  }
  for (const auto* each : readers_among(node, readers.organisation)) {
    out.push_back({each->id.bytes, each->box_key});
  }
  return out;
}

// For the exchange in files that any site can pass on, unless not even one entry fits into such.
Result<sync::store::Packed> pack(OpenNode& node, const BundleReaders& readers,
                                 const std::set<sync::DossierId>& left_out,
                                 std::size_t file_bytes_max, std::size_t keys) {
  const auto context = node.context();
  const auto packing = [&](std::size_t bytes) {
    Packing out(node.database(), context, sync::bundle_content_for(bytes, keys));
    out.leave_out(left_out);
    return out;
  };
  if (readers.meant_for == sync::BundleFor::nodes) {
    return packing(file_bytes_max).for_organisation(readers.organisation);
  }
  auto packed = packing(std::min(file_bytes_max, sync::bundle_passed_on_max)).for_hub();
  const bool too_small = !packed && packed.error().kind == ErrorKind::invalid;
  return too_small ? packing(file_bytes_max).for_hub() : std::move(packed);
}

// Where no exchange is reached, nothing but this ends what goes to somebody whose ground is over.
// By this computer's clock: a wrong one holds back what can go once it is right.
Result<std::set<sync::DossierId>> without_ground(OpenNode& node, const BundleReaders& readers) {
  if (readers.meant_for == sync::BundleFor::hub) return std::set<sync::DossierId>();
  const CodeLists none;  // grounds are judged by who and when, not by words
  return without_ground_for(RecordService(node, none), readers.organisation, node.now_ms());
}

std::set<sync::DossierId> records_in(const std::vector<schema::Bundle>& parts) {
  std::set<sync::DossierId> out;
  for (const auto& part : parts) {
    for (const auto& each : part.dossiers()) {
      if (each.is_removal()) continue;
      const auto id = sync::id_from_wire<sync::DossierId>(each.entries().dossier());
      if (id) out.insert(*id);
    }
  }
  return out;
}

Result<sync::Done> check_listed(const OpenNode& node) {
  const auto* self = node.directory().node(node.identity().node);
  if (self && !self->revoked_in) return sync::Done{};
  return Error{
      ErrorKind::denied,
      "This computer is not in the central list held here, so nobody could check what it "
      "made. Ask the central team to let it in, and exchange once first. Nothing was written."};
}

}  // namespace

Result<BundleReaders> readers_of(const OpenNode& node, const sync::OrganisationId& to) {
  const auto* organisation = node.directory().organisation(to);
  BundleReaders out;
  out.organisation = to;
  if (organisation) out.name = organisation->name;
  for (const auto* each : readers_among(node, to)) out.computers.push_back(each->label);
  if (organisation && !out.computers.empty()) return out;
  return Error{ErrorKind::denied,
               "No other computer of that organisation is in the central list held here, so nobody "
               "could open it. Nothing was written."};
}

Result<BundleReaders> hub_readers(const OpenNode& node) {
  if (node.directory().version() == 0) {
    return Error{ErrorKind::denied,
                 "The central list is not here yet. Ask the central team to let this computer in "
                 "first. Nothing was written."};
  }
  return BundleReaders{"the central exchange", {}, sync::BundleFor::hub, {}};
}

Result<std::vector<BundleReaders>> all_readers(OpenNode& node) {
  const auto context = node.context();
  const auto organisations =
      Packing(node.database(), context, sync::bundle_content_max).organisations();
  if (!organisations) return organisations.error();
  std::vector<BundleReaders> out;
  for (const auto& each : *organisations) {
    if (auto readers = readers_of(node, each)) out.push_back(*std::move(readers));
  }
  if (!out.empty()) return out;
  return Error{ErrorKind::denied,
               "Nothing here is shared with an organisation that has a computer in the central "
               "list. Nothing was written."};
}

std::string left_out_in_words(const ExportReport& report) {
  if (report.left_out == 0) return {};
  const bool one = report.left_out == 1;
  return std::string(one ? "1 handover was" : with_thousands(report.left_out) + " handovers were") +
         " left out: the ground for sharing " + (one ? "it" : "them") + " with " +
         report.readers.name +
         " is over. Record another ground, or end the sharing. If the day is wrong on this "
         "computer, put its clock right first.";
}

Result<ExportReport> export_bundles(OpenNode& node, const BundleReaders& readers,
                                    const std::string& folder, std::size_t file_bytes_max,
                                    const Making& making) {
  if (auto open = check_not_closed(node); !open) return open.error();
  if (auto listed = check_listed(node); !listed) return listed.error();
  if (sync::needs_update(node.directory())) return sync::update_needed();
  const auto keys = keys_of(node, readers);
  if (!keys) return keys.error();
  const bool for_hub = readers.meant_for == sync::BundleFor::hub;
  const auto left_out = without_ground(node, readers);
  if (!left_out) return left_out.error();
  auto packed = pack(node, readers, *left_out, file_bytes_max, keys->size());
  if (!packed) return packed.error();

  sync::BundleLabel label;
  label.meant_for = readers.meant_for;
  label.maker = node.identity().node.bytes;
  label.directory_version = node.directory().version();
  label.made_at_ms = node.now_ms();
  label.set = sync::BundleSet::random(node.random());
  label.parts = static_cast<std::uint16_t>(packed->parts.size());
  std::vector<crypto::Bytes> bundles;
  for (const auto& content : packed->parts) {
    label.part = static_cast<std::uint16_t>(bundles.size() + 1);
    auto bundle =
        sync::seal_bundle(label, *keys, content, node.identity().signing_key, node.random());
    if (!bundle) return bundle.error();
    bundles.push_back(*std::move(bundle));
  }
  if (for_hub) {  // and what others gave to be passed on
    auto waiting = files_that_wait(node);
    if (!waiting) return waiting.error();
    std::move(waiting->begin(), waiting->end(), std::back_inserter(bundles));
  }
  if (!for_hub) {
    const auto noted = note_made(node, readers.organisation, label.set, bundles.size(),
                                 records_in(packed->parts), making.by);
    if (!noted) return noted.error();
  }
  const auto listed_too =
      Audit(node).note_sealed(AuditAct::carried_out, packed->dossiers, making.who);
  if (!listed_too) return listed_too.error();
  const auto names = sync::store::write_bundles(folder, bundles, node.random(), making.before);
  if (!names) {
    if (!for_hub) static_cast<void>(forget_made(node, label.set));  // that it failed is said
    return names.error();
  }
  ExportReport report{readers, packed->dossiers, left_out->size(), {}};
  for (std::size_t i = 0; i < bundles.size(); ++i) {
    report.files.push_back({(*names)[i], bundles[i].size()});
  }
  return report;
}

}  // namespace throughgate::node
