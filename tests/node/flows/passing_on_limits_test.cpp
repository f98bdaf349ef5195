// How much may be passed on, and how much is answered.
#include <catch_amalgamated.hpp>

#include "crypto/signing_box.h"
#include "schema/wire.pb.h"
#include "sync/bundle_parts.h"
#include "tests/node/flows/passing_on.h"

namespace throughgate::node::testing {
namespace {

using sync::ErrorKind;
using sync::store::Fate;
using sync::store::UnitOfWork;

// Organisations that nobody here has to do with: a version of the list of about so many bytes.
schema::DirectoryBody long_version(std::size_t bytes, crypto::Random& random) {
  schema::DirectoryBody body;
  const auto recovery = sync::to_wire(crypto::BoxKey::generate(random).public_key());
  for (std::size_t used = 0; used < bytes; used += 260) {
    auto& each = *body.add_organisations();
    const auto id = sync::OrganisationId::random(random);
    each.set_id(sync::to_wire(id.view()));
    each.set_name("Made-Up " + id.hex() + std::string(150, 'x'));
    each.set_recovery_key(recovery);
    each.set_kind(schema::DirectoryOrganisation::PARTNER);
  }
  return body;
}

// What stands in an answer to the prison.
schema::Bundle opened(World& world, const crypto::Bytes& file) {
  const auto read = sync::read_bundle(file);
  REQUIRE(read.bundle);
  const auto& self = world.prison.node->identity();
  schema::Bundle content;
  REQUIRE_FALSE(sync::open_bundle(*read.bundle, self.node.bytes, self.box_key, content));
  return content;
}

// What stands in a file for the exchange.
schema::Bundle opened_by_hub(World& world, const crypto::Bytes& file) {
  const auto read = sync::read_bundle(file);
  REQUIRE(read.bundle);
  const auto key = world.hub_key();
  schema::Bundle content;
  REQUIRE_FALSE(sync::open_bundle(*read.bundle, sync::hub_reader_id(key.verify_key()),
                                  crypto::box_key_of(key), content));
  return content;
}

}  // namespace

TEST_CASE("a file that holds more than one request may is refused whole, if a site passes it on",
          "[bundle][pass-on]") {
  World world;
  sync::testing::SeededRandom random(7);
  schema::Bundle content;
  const auto a_dossier = [&]() -> schema::CarriedDossier& {
    auto& out = *content.add_dossiers();
    out.mutable_entries()->set_dossier(sync::to_wire(sync::DossierId::random(random).view()));
    return out;
  };
  SECTION("dossiers") {
    for (int i = 0; i < 16'001; ++i) content.add_dossiers();
  }
  SECTION("entries") {
    auto& group = *a_dossier().mutable_entries();
    for (int i = 0; i < 40'001; ++i) group.add_entries();
  }
  SECTION("bytes of entries") {
    a_dossier().mutable_entries()->add_entries()->set_sealed(std::string(8 << 20, 'x'));
  }
  SECTION("envelope lists") {
    for (int i = 0; i < 3; ++i) {
      auto& each = a_dossier();
      for (int k = 0; k < 6'000; ++k) each.add_envelopes();
    }
  }
  SECTION("digests") {
    auto& each = a_dossier();
    for (int i = 0; i < 16'001; ++i) each.add_digests();
  }
  SECTION("receipts of erasures") {
    for (int i = 0; i < 16'001; ++i) content.add_erasure_receipts();
  }
  SECTION("receipts of what is no longer shared") {
    for (int i = 0; i < 16'001; ++i) content.add_purge_receipts();
  }
  SECTION("versions of the list") {
    for (int i = 0; i < 16'001; ++i) content.add_directory();
  }
  const auto file = file_with(world, world.prison, content, random);
  REQUIRE(file.size() <= sync::bundle_passed_on_max);
  world.sync(world.stranger);
  const auto before = rows_of_hub(world);
  SyncRound round(*world.stranger.node, world.hub());
  must(round.run());
  const auto reply = must(round.carry(file));
  CHECK(reply.fate() == schema::CarryReply::REFUSED);
  CHECK(reply.said().find("more than a site can pass on") != std::string::npos);
  CHECK(rows_of_hub(world) == before);
}

TEST_CASE("a file too large to be passed on is refused before it is looked at",
          "[bundle][pass-on]") {
  World world;
  SyncRound round(*world.stranger.node, world.hub());
  must(round.run());
  const auto reply = must(round.carry(crypto::Bytes(sync::bundle_passed_on_max + 1, 'x')));
  CHECK(reply.fate() == schema::CarryReply::REFUSED);
  CHECK(reply.said().find("more than a site can pass on") != std::string::npos);
}

TEST_CASE("a dossier that stands twice in one file is judged once", "[bundle][pass-on]") {
  World world;
  sync::testing::SeededRandom random(8);
  schema::Bundle content;
  auto& dossier = *content.add_dossiers();
  dossier.mutable_entries()->set_dossier(sync::to_wire(sync::DossierId::random(random).view()));
  dossier.mutable_entries()->add_entries();  // no entry that anybody signed
  const schema::CarriedDossier again = dossier;
  for (int i = 0; i < 9; ++i) *content.add_dossiers() = again;
  CHECK(must(world.bring_to_hub(file_with(world, world.prison, content, random))).bad == 1);
}

TEST_CASE("an answer is no longer made than goes with one reply", "[bundle][pass-on]") {
  World world;
  const auto much = shared_handover(world);
  const auto other = shared_handover(world);
  write_much(world, much, 900);
  world.sync_all();
  for (const auto& id : {much, other}) write_much(world, id, 1);
  const auto files = for_hub(world.prison);
  REQUIRE(files.size() == 1);
  must(give(world.stranger, files[0]));
  {  // whoever read the other one would find it damaged
    auto database = must(world.open_hub_store());
    UnitOfWork work(database);
    work.run(
        "UPDATE entry SET header = x'00' WHERE dsn = 2 AND chain = (SELECT id FROM chain WHERE "
        "dossier = ?)",
        other.view());
    must(work.commit());
  }
  visit(world, world.stranger);
  const auto answers = answers_at(world.stranger);
  REQUIRE(answers.size() == 3);
  const auto last = sync::read_bundle(answers.back());
  REQUIRE(last.bundle);
  CHECK(last.bundle->label().parts == 3);  // and says so: the rest was not even read
  CHECK(last.bundle->label().part == 3);
  const auto file = only_one(world.stranger);
  CHECK(file.fate == Fate::taken);
  CHECK(file.said.find("The answer holds only part") != std::string::npos);
}

TEST_CASE("however much waits, its files for the exchange can be passed on by a site",
          "[bundle][pass-on]") {
  World world;
  write_much(world, shared_handover(world), 420);
  const auto files = for_hub(world.prison);
  CHECK(files.size() > 1);
  for (const auto& each : files) must(give(world.stranger, each));
  CHECK(visit(world, world.stranger) == files.size());
  take_all(world.prison, answers_at(world.stranger));
  CHECK(must(unsent_of(*world.prison.node)) == 0);
}

TEST_CASE("a long central list stops neither a file for the exchange nor its answer",
          "[bundle][pass-on]") {
  World world;
  sync::testing::SeededRandom random(11);
  for (int i = 0; i < 12; ++i) world.publish(long_version(120'000, random));
  shared_handover(world);
  const auto files = for_hub(world.prison);
  UnitOfWork work(world.prison.node->database(), sync::store::Purpose::reading);
  const auto newest = sync::store::DirectoryTable(work).carried().steps.back();
  must(work.commit());
  for (const auto& each : files) {
    const auto content = opened_by_hub(world, each);
    CHECK(content.ByteSizeLong() < sync::bundle_passed_on_max);
    REQUIRE(content.directory_size() > 0);
    CHECK(sync::from_wire(*content.directory().rbegin()) == newest);
    CHECK(each.size() <= sync::bundle_passed_on_max);
    must(give(world.stranger, each));
  }
  CHECK(visit(world, world.stranger) == files.size());
  const auto answers = answers_at(world.stranger);
  REQUIRE(answers.size() == files.size());
  CHECK(opened(world, answers[0]).directory_size() == 0);  // its maker has all of it
  CHECK(only_one(world.stranger).said.empty());
  take_all(world.prison, answers);
  CHECK(must(unsent_of(*world.prison.node)) == 0);
}

TEST_CASE("an answer brings what its maker lacks of the list, as far as there is room",
          "[bundle][pass-on]") {
  World world;
  sync::testing::SeededRandom random(12);
  shared_handover(world);
  const auto held = world.prison.node->directory().version();
  const auto newest = [&] { return world.stranger.node->directory().version(); };
  const auto passed_on = [&] {
    const auto file = for_hub(world.prison).at(0);
    must(give(world.stranger, file));
    visit(world, world.stranger);
    const auto files = must(passed_on_files(*world.stranger.node));
    return std::pair(must(carried_answer(*world.stranger.node, files.back().answers.at(0).number)),
                     files.back().said);
  };
  for (int i = 0; i < 3; ++i) world.publish_at_hub(long_version(1'000, random));
  const auto [few, said_of_few] = passed_on();
  CHECK(opened(world, few).directory_size() == 3);
  CHECK(said_of_few.empty());
  take_all(world.prison, {few});
  CHECK(world.prison.node->directory().version() == held + 3);
  CHECK(must(unsent_of(*world.prison.node)) == 0);

  for (int i = 0; i < 12; ++i) world.publish_at_hub(long_version(120'000, random));
  shared_handover(world);
  const auto [many, said_of_many] = passed_on();
  const auto some = opened(world, many).directory_size();
  CHECK(some > 0);
  CHECK(some < 12);
  CHECK(said_of_many.find("The answer holds only part of what became of it") != std::string::npos);
  take_all(world.prison, {many});
  CHECK(world.prison.node->directory().version() == held + 3 + static_cast<std::uint64_t>(some));
  CHECK(newest() == held + 15);
}

TEST_CASE("of versions of the list as many are taken as fit, from either end", "[bundle]") {
  World world;
  sync::testing::SeededRandom random(13);
  for (int i = 0; i < 6; ++i) world.publish(long_version(1'000, random));
  UnitOfWork work(world.prison.node->database(), sync::store::Purpose::reading);
  const auto all = sync::store::DirectoryTable(work).carried().steps;
  must(work.commit());
  const auto none = [](const auto& steps) { return steps.empty(); };
  CHECK(none(sync::first_within(all, 100)));
  CHECK(none(sync::newest_within(all, 100)));
  CHECK(sync::first_within(all, 1 << 20) == all);
  CHECK(sync::newest_within(all, 1 << 20) == all);
  const auto newest = sync::newest_within(all, 3'500);
  REQUIRE(newest.size() == 2);
  CHECK(newest == std::vector(all.end() - 2, all.end()));
  const auto first = sync::first_within(all, 3'500);
  REQUIRE_FALSE(first.empty());
  CHECK(first == std::vector(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(first.size())));
}

}  // namespace throughgate::node::testing
