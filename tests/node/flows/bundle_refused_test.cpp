// What is not taken from a bundle, and from whom: files for others, of the withdrawn, of a program
// too old, and what their maker lies about.
#include <catch_amalgamated.hpp>

#include "node/bundles/export.h"
#include "node/bundles/import.h"
#include "node/sharing/late.h"
#include "schema/bundle.pb.h"
#include "schema/directory.pb.h"
#include "sync/store/bundle_folder.h"
#include "sync/store/packing.h"
#include "sync/wire_values.h"
#include "tests/node/flows/bundle_stick.h"
#include "tests/sync/seeded_random.h"

namespace throughgate::node::testing {

using sync::ErrorKind;

namespace {

std::vector<crypto::Bytes> read_all(const std::vector<std::string>& paths) {
  std::vector<crypto::Bytes> out;
  for (const auto& path : paths) out.push_back(must(sync::store::read_bundle_file(path)));
  return out;
}

}  // namespace

TEST_CASE("a bundle for others is opened by nobody else and changes nothing there", "[bundle]") {
  World world;
  Stick stick;
  shared_handover(world);
  const auto files = stick.carry(world.prison, world.partner);
  const auto before = everything_in(world.stranger);
  const auto file = must(sync::store::read_bundle_file(files.at(0)));
  const auto refused = refusal(take_bundle(*world.stranger.node, file));
  CHECK(refused == sync::error_of(sync::BundleFault::not_for_us));
  CHECK(refusal(take_bundle(*world.prison.node, file)).message.find("made on this computer") !=
        std::string::npos);
  CHECK(everything_in(world.stranger) == before);
}

TEST_CASE("a bundle holds no byte of a record that its reader is no member of", "[bundle]") {
  World world;
  const auto shared = shared_handover(world);
  ready_handover(world);  // not shared with anybody
  const auto context = world.prison.node->context();
  sync::store::Packing packing(world.prison.node->database(), context, sync::bundle_content_max);
  const auto packed = must(packing.for_organisation(world.partner.organisation));
  REQUIRE(packed.parts.size() == 1);
  REQUIRE(packed.parts[0].dossiers_size() == 1);
  CHECK(packed.parts[0].dossiers(0).entries().dossier() == sync::to_wire(shared.view()));
  CHECK(must(packing.for_organisation(world.stranger.organisation)).dossiers == 0);
  const auto all = must(packing.organisations());
  CHECK(all == std::set{world.partner.organisation, world.desk.organisation});
}

TEST_CASE("what a removed partner had carried to the owner says why it was too late",
          "[bundle][late]") {
  World world;
  Stick stick;
  const auto id = shared_handover(world);
  world.sync_all();
  must(Handovers(*world.prison.records)
           .remove_partner(id, world.partner.organisation, world.prison.by));
  world.sync(world.prison);
  auto& partner = *world.partner.records;
  must(partner.set_fields(must(partner.open({id, {}, 110})), {{"contact-route", "the hostel"}},
                          world.partner.by));
  take_all(world.prison, read_all(stick.carry(world.partner, world.prison)));
  world.sync(world.prison);  // it brings them to the exchange, which refuses them
  const auto late = must(Late(*world.prison.records).list());
  REQUIRE(late.size() == 1);
  CHECK(late[0].why.find("was no longer part of this handover") != std::string::npos);
}

TEST_CASE("nothing is taken from a computer that was withdrawn", "[bundle]") {
  World world;
  Stick stick;
  shared_handover(world);
  const auto files = stick.carry(world.prison, world.partner);
  schema::DirectoryBody body;
  body.add_revoked_nodes(sync::to_wire(world.prison.node->identity().node.view()));
  world.publish(body);
  const auto before = everything_in(world.partner);
  const auto refused =
      refusal(take_bundle(*world.partner.node, must(sync::store::read_bundle_file(files.at(0)))));
  CHECK(refused.kind == ErrorKind::denied);
  CHECK(refused.message.find("withdrawn") != std::string::npos);
  CHECK(everything_in(world.partner) == before);
}

TEST_CASE("a list that asks for a newer program stops files as it stops the exchange",
          "[bundle][update]") {
  World world;
  Stick stick;
  const auto id = shared_handover(world);
  schema::DirectoryBody body;
  body.mutable_policy()->set_volunteers_shared_with_desk(true);
  SECTION("this program is too old: it takes the list, and says so") {
    const auto before = stick.carry(world.prison, world.partner);
    body.mutable_policy()->set_minimum_program(1000);
    world.publish(body);
    const auto readers = must(readers_of(*world.prison.node, world.partner.organisation));
    const auto out =
        refusal(export_bundles(*world.prison.node, readers, stick.path(), sync::bundle_bytes_max));
    CHECK(out.kind == ErrorKind::newer);
    CHECK(out.message.find("update needed") != std::string::npos);
    const auto in = refusal(
        take_bundle(*world.partner.node, must(sync::store::read_bundle_file(before.at(0)))));
    CHECK(in == out);
    CHECK_FALSE(world.partner.reader().dossier(id));
  }
  SECTION("who made the file has a program that is too old") {
    body.mutable_policy()->set_minimum_program(1);
    world.hold_back = &world.partner;
    world.publish(body);
    const auto context = world.prison.node->context();
    auto packed =
        must(sync::store::Packing(world.prison.node->database(), context, sync::bundle_content_max)
                 .for_organisation(world.partner.organisation));
    sync::testing::SeededRandom random(5);
    sync::BundleLabel label;
    label.maker = world.prison.node->identity().node.bytes;
    const auto made = [&](std::uint32_t program) {
      packed.parts.at(0).set_program(program);
      const auto& reader = world.partner.node->identity();
      return must(sync::seal_bundle(label, {{reader.node.bytes, reader.box_key.public_key()}},
                                    packed.parts.at(0), world.prison.node->identity().signing_key,
                                    random));
    };
    const auto refused = refusal(take_bundle(*world.partner.node, made(0)));
    CHECK(refused.kind == ErrorKind::denied);
    CHECK(refused.message.find("a program that is too old") != std::string::npos);
    CHECK_FALSE(world.partner.reader().dossier(id));
    CHECK(world.partner.node->directory().minimum_program() == 1);  // the list was taken in
    must(take_bundle(*world.partner.node, made(1)));
    CHECK(world.partner.reader().dossier(id));
  }
}

TEST_CASE("what a member lies about in a bundle is found, and nothing of that record is kept",
          "[bundle]") {
  World world;
  shared_handover(world);
  world.sync(world.prison);
  world.sync(world.prison);
  const auto context = world.prison.node->context();
  auto packed =
      must(sync::store::Packing(world.prison.node->database(), context, sync::bundle_content_max)
               .for_organisation(world.partner.organisation));
  schema::Bundle& content = packed.parts.at(0);
  auto& dossier = *content.mutable_dossiers(0);
  REQUIRE(dossier.records_size() > 1);
  SECTION("an order record") { dossier.mutable_records(0)->set_accepted_at_ms(1); }
  SECTION("the order of two entries") { dossier.mutable_records()->SwapElements(0, 1); }
  SECTION("a head") { dossier.mutable_head()->mutable_head()->set_chain(std::string(32, 'x')); }
  SECTION("a header") {
    (*dossier.mutable_entries()->mutable_entries(0)->mutable_header())[60] ^= 1;
  }
  SECTION("a sealed part") {
    (*dossier.mutable_entries()->mutable_entries(0)->mutable_sealed())[30] ^= 1;
  }
  SECTION("an envelope list") {
    REQUIRE(dossier.envelopes_size() > 0);
    (*dossier.mutable_envelopes(0)->mutable_bytes())[60] ^= 1;
  }
  SECTION("a short form") { dossier.mutable_entries()->mutable_entries(0)->clear_header(); }
  const auto before = everything_in(world.partner);
  const auto at = world.partner.node->context();
  const auto counts = must(
      sync::store::Unpacking(world.partner.node->database(), at, world.prison.node->identity().node)
          .take(content));
  CHECK(counts.unsound == 1);
  CHECK(counts.placed + counts.by_hand + counts.keys == 0);
  CHECK(everything_in(world.partner) == before);
}

TEST_CASE("a record that this organisation is no member of is not kept from a bundle", "[bundle]") {
  World world;
  shared_handover(world);
  const auto context = world.prison.node->context();
  const auto packed =
      must(sync::store::Packing(world.prison.node->database(), context, sync::bundle_content_max)
               .for_organisation(world.partner.organisation));
  const auto before = everything_in(world.stranger);
  const auto at = world.stranger.node->context();
  const auto counts = must(sync::store::Unpacking(world.stranger.node->database(), at,
                                                  world.prison.node->identity().node)
                               .take(packed.parts.at(0)));
  CHECK(counts.not_ours == 1);
  CHECK(everything_in(world.stranger) == before);
}

}  // namespace throughgate::node::testing
