// Sticks with whole bundles on them: made at one machine, brought in at another at once, later, in
// part, or more than once.
#include "node/bundles/import.h"
#include "schema/bundle.pb.h"
#include "sync/bundle.h"
#include "sync/store/packing.h"
#include "tests/simulation/world.h"

namespace throughgate::simulation {
namespace {

using sync::store::Replica;
using sync::store::UnitOfWork;

constexpr std::size_t sticks_max = 12;  // of one reader; the oldest are thrown away

}  // namespace

void World::carry_bundle(std::size_t from, std::size_t to) {
  if (from == to) return;
  auto& maker = machines_[from]->node();
  const auto& reader = machines_[to]->node().identity();
  const auto context = maker.context();
  const std::size_t part_bytes = random_.chance(0.3) ? 30'000 : sync::bundle_content_max;
  auto packed = sync::store::Packing(maker.database(), context, part_bytes)
                    .for_organisation(reader.organisation);
  if (!packed) return;
  note_keys_given(from, to);
  sync::BundleLabel label;
  label.maker = maker.identity().node.bytes;
  label.parts = static_cast<std::uint16_t>(packed->parts.size());
  auto& stick = sticks_[to];
  for (const auto& part : packed->parts) {
    const auto made = sync::seal_bundle(label, {{reader.node.bytes, reader.box_key.public_key()}},
                                        part, maker.identity().signing_key, maker.random());
    if (made) stick.push_back(*made);
  }
  while (stick.size() > sticks_max) stick.erase(stick.begin());
  const auto times = random_.below(4);  // none: they are brought in some other day
  for (std::uint64_t i = 0; i < times; ++i) bring_in_a_bundle(to);
}

// Whoever is a member as the maker sees it, by a word of its own that the hub may never take, is
// let in by that file.
void World::note_keys_given(std::size_t from, std::size_t to) {
  const auto& organisation = machines_[to]->node().identity().organisation;
  UnitOfWork work(machines_[from]->node().database());
  const auto context = machines_[from]->node().context();
  for (const auto& id : dossiers_held(work)) {
    Replica replica(work, id, context);
    if (!replica.role_now(organisation)) continue;
    for (const auto& each : replica.dated_memberships()) {
      keys_due_.insert({id, each.membership.epoch(), organisation});
    }
  }
}

void World::bring_in_a_bundle(std::size_t to) {
  const auto& stick = sticks_[to];
  if (stick.empty()) return;
  const auto taken = node::take_bundle(machines_[to]->node(), stick[random_.below(stick.size())]);
  if (!taken) return;
  ++counts_.bundles_taken;
  counts_.placed_by_bundle += taken->placed + taken->own_placed;
  if (taken->unsound > 0) {
    early_.emplace("9", machines_[to]->name() + " found what an honest bundle holds unsound");
  }
}

}  // namespace throughgate::simulation
