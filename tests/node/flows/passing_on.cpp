#include "tests/node/flows/passing_on.h"

#include <catch_amalgamated.hpp>

namespace throughgate::node::testing {

using sync::store::UnitOfWork;

bool has_it(Site& site, const sync::DossierId& id) {
  UnitOfWork work(site.node->database(), sync::store::Purpose::reading);
  const bool out = sync::store::StoredDossier::exists(work, id) &&
                   sync::store::StoredDossier(work, id).length() > 0;
  must(work.commit());
  return out;
}

sync::Result<ToPassOn> give(Site& site, crypto::ByteView file) {
  auto read = sync::read_bundle(file);
  if (!read.bundle) return sync::error_of(read.fault);
  return keep_to_pass_on(*site.node, *read.bundle, file);
}

std::size_t visit(World& world, Site& site) {
  SyncRound round(*site.node, world.hub());
  must(round.run());
  return must(pass_on(*site.node, round));
}

PassedOn only_one(Site& site) {
  const auto all = must(passed_on_files(*site.node));
  REQUIRE(all.size() == 1);
  return all.front();
}

std::vector<crypto::Bytes> answers_at(Site& site) {
  std::vector<crypto::Bytes> out;
  for (const auto& each : must(passed_on_files(*site.node))) {
    for (const auto& answer : each.answers) {
      out.push_back(must(carried_answer(*site.node, answer.number)));
    }
  }
  return out;
}

std::vector<std::string> rows_of_hub(World& world) {
  auto database = must(world.open_hub_store());
  UnitOfWork work(database, sync::store::Purpose::reading);
  std::vector<std::string> tables, out;
  work.each("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
            sync::store::bound(), [&](const auto& row) { tables.emplace_back(row.text(0)); });
  for (const auto& table : tables) {
    work.each("SELECT count(*) FROM " + table, sync::store::bound(), [&](const auto& row) {
      out.push_back(table + ": " + std::to_string(row.unsigned_integer(0)));
    });
  }
  must(work.commit());
  return out;
}

crypto::Bytes file_with(World& world, Site& site, const schema::Bundle& content,
                        crypto::Random& random) {
  sync::BundleLabel label;
  label.meant_for = sync::BundleFor::hub;
  label.maker = site.node->identity().node.bytes;
  label.set = sync::BundleSet::random(random);
  return must(sync::seal_bundle(label, {*sync::hub_as_reader(world.hub_key().verify_key())},
                                content, site.node->identity().signing_key, random));
}

crypto::Bytes heavy_file(World& world, Site& site, std::size_t bytes, std::uint64_t seed) {
  sync::testing::SeededRandom random(seed);
  schema::Bundle content;
  crypto::Bytes noise(bytes);
  random.fill(noise);
  content.add_erasure_receipts()->set_bytes(std::string(noise.begin(), noise.end()));
  return file_with(world, site, content, random);
}

void write_much(World& world, const sync::DossierId& id, int changes) {
  sync::testing::SeededRandom random(5);
  const auto& handover = *record_type(*schema::Handover::descriptor());
  for (int i = 0; i < changes; ++i) {
    crypto::Bytes noise(3'900);
    random.fill(noise);
    const auto open = must(world.prison.records->open({id, {}, handover.number}));
    By by = world.prison.by;
    by.reason.clear();
    for (const auto each : noise) by.reason += static_cast<char>('0' + each % 64);
    must(world.prison.records->set_fields(open, {{"sender-name", "Sam " + std::to_string(i)}}, by));
  }
}

}  // namespace throughgate::node::testing
