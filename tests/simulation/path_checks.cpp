// What ways lead to the same end, and what they cost: tried once a world is quiet.
#include "node/bundles/import.h"
#include "schema/bundle.pb.h"
#include "sync/bundle.h"
#include "sync/store/packing.h"
#include "tests/simulation/world.h"

namespace throughgate::simulation {
namespace {

using sync::store::Replica;
using sync::store::UnitOfWork;

// Hello, sign-in and one exchange that has nothing to tell, whatever there is on either side.
constexpr std::uint64_t idle_bytes_max = 1200;
// What three saves and their answers may add to that.
constexpr std::uint64_t busy_bytes_max = 8000;

constexpr int flips = 6;

}  // namespace

// 12: a sync with nothing to tell costs the same each time, and one of a few changes little more.
void World::check_idle_and_busy(Findings& findings) {
  const auto bytes_of_sync = [&](NodeMachine& machine) {
    const auto before = link_counts_.bytes;
    const auto report = machine.sync();
    if (!report) find(findings, "12", machine.name() + " cannot sync: " + report.error().message);
    return link_counts_.bytes - before;
  };
  for (std::size_t i = 0; i < machines_.size(); ++i) {
    if (is_revoked(i)) continue;
    auto& machine = *machines_[i];
    bytes_of_sync(machine);
    const auto once = bytes_of_sync(machine), again = bytes_of_sync(machine);
    ++counts_.idle_syncs;
    if (once != again || again > idle_bytes_max) {
      find(findings, "12",
           "two syncs of " + machine.name() + " with nothing to tell cost " + std::to_string(once) +
               " and " + std::to_string(again) + " bytes");
    }
  }
  const std::size_t writer = updates_.below(machines_.size());
  const auto id = is_revoked(writer) ? std::nullopt : any_dossier_of(writer);
  if (!id) return;
  write_something(writer, *id);
  const auto busy = bytes_of_sync(*machines_[writer]);
  if (busy > idle_bytes_max + busy_bytes_max) {
    find(findings, "12", "a sync of three changes costs " + std::to_string(busy) + " bytes");
  }
}

// 13: a machine put back to an old copy of its disk, and brought up to date by the desk's files
// alone, ends where those are that have a network. 9: and no bit of such a file can be altered.
void World::check_bundle_path(Findings& findings) {
  auto& desk = machine("Z1");
  if (disk_copies_.empty()) return;
  const auto& [which, image] = disk_copies_[updates_.below(disk_copies_.size())];
  if (organisation_of(which) == 'Z' || is_revoked(which)) return;
  const auto organisation = machines_[which]->node().identity().organisation;
  NodeMachine put_back("put back", updates_.below(1u << 30), secrets_, time_,
                       std::make_unique<Link>(*hub_, random_, link_counts_));
  put_back.put_back(image);
  if (!updated_.empty()) {  // and reads again what the older one held, as any program does first
    put_back.install(*options_.programs, true);
    (void)put_back.node().read_again(1000);  // records that no order has any more, too
  }
  const auto& reader = put_back.node().identity();

  auto& maker = desk.node();
  const auto context = maker.context();
  const auto packed = sync::store::Packing(maker.database(), context, sync::bundle_content_max)
                          .for_organisation(organisation);
  if (!packed) {
    find(findings, "13", "the desk can make no file: " + packed.error().message);
    return;
  }
  sync::BundleLabel label;
  label.maker = maker.identity().node.bytes;
  label.parts = static_cast<std::uint16_t>(packed->parts.size());
  for (const auto& part : packed->parts) {
    const auto made = sync::seal_bundle(label, {{reader.node.bytes, reader.box_key.public_key()}},
                                        part, maker.identity().signing_key, maker.random());
    if (!made) {
      find(findings, "13", "a file cannot be sealed: " + made.error().message);
      return;
    }
    for (int i = 0; i < flips; ++i) {
      auto altered = *made;
      flip(altered);
      if (node::take_bundle(put_back.node(), altered)) {
        find(findings, "9", "a file with one bit altered is taken in");
      }
    }
    const auto taken = node::take_bundle(put_back.node(), *made);
    if (!taken) find(findings, "13", "the desk's file is refused: " + taken.error().message);
  }

  for (const auto& [id, order] : orders_) {
    if (erased_.contains(id)) continue;
    UnitOfWork there(maker.database());
    if (!sync::store::StoredDossier::exists(there, id)) continue;
    Replica desks(there, id, context);
    if (!desks.is_complete() || !desks.role_now(organisation)) continue;
    UnitOfWork here(put_back.node().database());
    const auto own_context = put_back.node().context();
    if (!sync::store::StoredDossier::exists(here, id)) {
      find(findings, "13", "a file of the desk's left a record out");
      continue;
    }
    Replica own(here, id, own_context);
    ++counts_.caught_up_by_bundle;
    if (!own.is_complete() || own.stored().length() != desks.stored().length() ||
        own.digest() != desks.digest()) {
      find(findings, "13",
           "files and network do not end in the same record: " +
               std::to_string(own.stored().length()) + " places, " +
               std::to_string(own.stored().readable()) + " open, of " +
               std::to_string(desks.stored().length()) + ", " +
               std::to_string(desks.stored().proven()) + " proven");
    }
  }
}

}  // namespace throughgate::simulation
