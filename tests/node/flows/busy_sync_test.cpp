// What a sync costs by what has changed, through the shipped round, hub and stores.
#include <catch_amalgamated.hpp>

#include "node/dossier_kinds.h"
#include "tests/node/in_process_hub.h"

namespace throughgate::node::testing {
namespace {

constexpr sync::FieldKey mobile{{}, 50, 7};

sync::store::OpDraft number(std::size_t i) {
  const std::string text = "+44770090" + std::to_string(1000 + i % 1000);
  return {mobile, sync::OpKind::set, sync::Bytes(text.begin(), text.end()), {}, {}};
}

std::vector<sync::DossierId> volunteers(World& world, std::size_t count) {
  const auto context = world.prison.node->context();
  const auto members = must(members_of_new(schema::VOLUNTEER, *world.prison.node));
  sync::store::Batch batch(world.prison.node->database(), context);
  std::vector<sync::DossierId> out;
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(must(
        batch.create(members, world.prison.records->authorship(world.prison.by), {number(i)})));
  }
  must(batch.commit());
  return out;
}

struct Cost {
  std::uint64_t sending = 0;  // bytes of requests and answers
  std::uint64_t receiving = 0;
};

std::uint64_t bytes_of_sync(World& world, Site& site) {
  const auto before = world.bytes_moved();
  world.sync(site);
  return world.bytes_moved() - before;
}

Cost cost_of_edits(std::size_t held, std::size_t edits) {
  World world;
  const auto all = volunteers(world, held);
  for (int i = 0; i < 3; ++i) {  // until nobody has anything left to say
    world.sync(world.prison);
    world.sync(world.desk);
  }
  for (std::size_t i = 0; i < edits; ++i) {
    must(world.prison.node->admission().save(all[i * held / edits],
                                             world.prison.records->authorship(world.prison.by),
                                             {number(500 + i)}));
  }
  Cost cost;
  cost.sending = bytes_of_sync(world, world.prison);
  cost.receiving = bytes_of_sync(world, world.desk);
  CHECK(must(world.desk.reader().dossier(all[0])).length == 2);
  return cost;
}

std::uint64_t difference(std::uint64_t a, std::uint64_t b) { return a > b ? a - b : b - a; }

}  // namespace

TEST_CASE("ten edits cost the same among 20 records and among 2,000", "[sync][cost]") {
  constexpr std::uint64_t margin = 64;  // counters that take a byte more
  const auto few = cost_of_edits(20, 10);
  const auto many = cost_of_edits(2000, 10);
  for (const auto& cost : {few, many}) {
    std::printf("ten edits: sent in %llu bytes, received in %llu\n",
                static_cast<unsigned long long>(cost.sending),
                static_cast<unsigned long long>(cost.receiving));
  }
  CHECK(difference(few.sending, many.sending) <= margin);
  CHECK(difference(few.receiving, many.receiving) <= margin);
}

TEST_CASE("a sync's bytes grow with what has changed", "[sync][cost]") {
  const auto one = cost_of_edits(20, 1);
  const auto ten = cost_of_edits(20, 10);
  CHECK(ten.sending - one.sending > 9 * 64);  // a pad each at least: the instrument sees
  CHECK(ten.receiving - one.receiving > 9 * 64);
}

}  // namespace throughgate::node::testing
