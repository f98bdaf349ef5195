// Makes the store file that is kept of this version of the store, once: tests/sync/store/kept. Run
// by hand after a migration was added; what is kept stays as it is.
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>

#include "sync/store/checker.h"
#include "sync/store/node_schema.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {
namespace {

// A little of everything: volunteers, an edit, a handover that a partner has taken, a removal.
void fill(World& world) {
  auto& records = *world.prison.records;
  for (const char* name : {"Ann", "Bryn"}) {
    const auto made = must(records.new_record(
        *record_type("volunteer"),
        {{"given-name", name}, {"family-name", "Example"}, {"date-of-birth", "1981-04-03"}},
        world.prison.by));
    const auto form = must(records.open(made.record));
    must(records.set_fields(form, {{"mobile", "07700 900123"}}, world.prison.by));
  }
  const auto handover = shared_handover(world);
  world.sync_all();
  must(Handovers(*world.partner.records).accept(handover, "Bryn, 07700 900111", world.partner.by));
  const auto form = must(records.open({handover, {}, 110}));
  const auto saved =
      must(records.set_fields(form, {{"property-note", "to be removed again"}}, world.prison.by));
  world.sync_all();
  must(world.prison.node->admission().redact(handover, {{*saved.entry, 0}},
                                             records.authorship(world.prison.by)));
  world.sync_all();
}

}  // namespace

TEST_CASE("keep a store of this version", "[keep]") {
  const std::filesystem::path folder = KEPT_FOLDER;
  const auto version = std::to_string(sync::store::node_migrations().back().version);
  const auto file = folder / (version + ".db");
  REQUIRE_FALSE(std::filesystem::exists(file));
  World world;
  fill(world);
  const auto report =
      must(sync::store::check_store(world.prison.node->database(), world.prison.node->context()));
  REQUIRE(report.faults.empty());
  REQUIRE(report.digests.size() == report.dossiers);

  std::ofstream out(folder / (version + ".txt"));
  out << "key " << crypto::to_hex(world.prison.key.view()) << '\n';
  out << "entries " << report.entries << '\n';
  for (const auto& [dossier, at] : report.digests) {
    out << "digest " << dossier.hex() << ' ' << crypto::to_hex(at.digest) << '\n';
  }
  world.prison.records.reset();
  world.prison.node.reset();  // the last to have it open moves the log into the file
  std::filesystem::copy_file(world.store_path(world.prison), file);
  REQUIRE(out.flush());
}

}  // namespace throughgate::node::testing
