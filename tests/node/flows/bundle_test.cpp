// Work carried by hand: between sites that never had a network, and beside one.
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>

#include "crypto/recovery_key.h"
#include "node/bundles/export.h"
#include "node/bundles/import.h"
#include "schema/bundle.pb.h"
#include "schema/directory.pb.h"
#include "sync/store/bundle_folder.h"
#include "sync/store/packing.h"
#include "sync/wire_values.h"
#include "tests/node/flows/bundle_stick.h"
#include "tests/node/flows/meanwhile.h"
#include "tests/sync/seeded_random.h"

namespace throughgate::node::testing {
namespace {

using sync::ErrorKind;

std::string sender_name(const Site& site, const sync::DossierId& id) {
  return must(read_case(*site.records, id)).text(schema::Handover::kSenderNameFieldNumber);
}

void change(Site& site, const sync::DossierId& id, const std::string& field,
            const std::string& value) {
  const auto& handover = *record_type(*schema::Handover::descriptor());
  const auto open = must(site.records->open({id, {}, handover.number}));
  must(site.records->set_fields(open, {{field, value}}, site.by));
}

sync::store::UnpackedCounts give(Site& to, const std::vector<std::string>& files) {
  sync::store::UnpackedCounts counts;
  for (const auto& file : files) {
    counts += must(take_bundle(*to.node, must(sync::store::read_bundle_file(file))));
  }
  return counts;
}

// As the sheet of the computer's organisation does at set-up.
void vouch_for(schema::DirectoryNode& computer, const Site& site) {
  const auto key = [](const std::string& bytes) {
    return *crypto::to_array<32>(crypto::as_bytes(bytes));
  };
  const auto node = *sync::NodeId::from(crypto::as_bytes(computer.id()));
  const auto by_sheet =
      sync::vouch({site.organisation, node, key(computer.verify_key()), key(computer.box_key())},
                  crypto::sheet_signing_key(site.recovery));
  computer.set_vouch(sync::to_wire(sync::ByteView(by_sheet.signature)));
}

std::string difference(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::string out;
  for (const auto& each : a) {
    if (std::find(b.begin(), b.end(), each) == b.end()) out += "\n- " + each;
  }
  for (const auto& each : b) {
    if (std::find(a.begin(), a.end(), each) == a.end()) out += "\n+ " + each;
  }
  return out;
}

schema::Handover::State state(const Site& site, const sync::DossierId& id) {
  return static_cast<schema::Handover::State>(must(read_case(*site.records, id)).state);
}

}  // namespace

TEST_CASE("a handover is shared, read, accepted and answered by stick alone", "[bundle]") {
  World world;
  Stick stick;
  const auto id = shared_handover(world);
  const auto there = give(world.partner, stick.carry(world.prison, world.partner));
  CHECK(there.by_hand > 0);
  CHECK(there.keys > 0);
  CHECK(state(world.partner, id) == schema::Handover::SENT);
  must(Handovers(*world.partner.records).accept(id, "", world.partner.by));
  const auto back = give(world.prison, stick.carry(world.partner, world.prison));
  CHECK(back.by_hand > 0);
  CHECK(state(world.prison, id) == schema::Handover::ACCEPTED);
}

TEST_CASE("the same bundle brought in a hundred times changes nothing", "[bundle]") {
  World world;
  Stick stick;
  const auto id = shared_handover(world);
  world.sync(world.prison);
  change(world.prison, id, "sender-name", "Sam Changed");
  const auto files = stick.carry(world.prison, world.partner);
  give(world.partner, files);
  const auto before = everything_in(world.partner);
  for (int i = 0; i < 100; ++i) {
    CHECK(give(world.partner, files) == sync::store::UnpackedCounts{});
  }
  CHECK(everything_in(world.partner) == before);
}

TEST_CASE("an old bundle brought in late takes nothing back", "[bundle]") {
  World world;
  Stick stick;
  const auto id = shared_handover(world);
  world.sync(world.prison);
  const auto old = stick.carry(world.prison, world.partner);
  change(world.prison, id, "sender-name", "Sam Changed");
  world.sync_all(3);
  const auto before = everything_in(world.partner);
  give(world.partner, old);
  CHECK(sender_name(world.partner, id) == "Sam Changed");
  CHECK(everything_in(world.partner) == before);
}

TEST_CASE("an older list of keys brought in late does not take a newer one's place", "[bundle]") {
  World world;
  Stick stick;
  shared_handover(world);
  const auto old = stick.carry(world.prison, world.partner);
  sync::testing::SeededRandom random(6);
  schema::DirectoryBody body;
  auto& second = *body.add_nodes();
  second.set_id(sync::to_wire(sync::NodeId::random(random).view()));
  second.set_organisation(sync::to_wire(world.partner.organisation.view()));
  second.set_verify_key(std::string(32, 'v'));
  second.set_box_key(sync::to_wire(sync::ByteView(crypto::BoxKey::generate(random).public_key())));
  vouch_for(second, world.partner);
  world.publish(body);
  const auto newer = stick.carry(world.prison, world.partner);
  give(world.partner, newer);
  const auto before = everything_in(world.partner);
  give(world.partner, old);
  CHECK(everything_in(world.partner) == before);
}

TEST_CASE("what has its place arrives with its place, as by network", "[bundle]") {
  World world;
  Stick stick;
  const auto id = shared_handover(world);
  world.sync(world.prison);
  world.sync(world.prison);  // its own entries have come back with their places
  const auto files = stick.carry(world.prison, world.partner);
  const auto kept = stick.keep(world, world.partner);

  world.sync(world.partner);
  const auto by_network = shown_in(world.partner);
  stick.put_back(world, world.partner, kept);
  const auto counts = give(world.partner, files);
  CHECK(counts.placed > 0);
  CHECK(counts.by_hand == 0);
  CHECK(shown_in(world.partner) == by_network);
  CHECK(world.sync(world.partner).counts.received == 0);
  CHECK(shown_in(world.partner) == by_network);
  CHECK(state(world.partner, id) == schema::Handover::SENT);
}

TEST_CASE("the same work carried by hand and by network ends in the same records", "[bundle]") {
  World world;
  Stick stick;
  const auto id = shared_handover(world);
  world.sync_all();
  change(world.prison, id, "sender-name", "Sam at the Prison");
  change(world.partner, id, "meeting-place", "Main gate");
  const auto kept = stick.keep(world, world.partner);
  const auto from_prison = stick.carry(world.prison, world.partner);

  SECTION("both heard of each other by hand before the exchange did") {
    give(world.partner, from_prison);
    give(world.prison, stick.carry(world.partner, world.prison));
    CHECK(sender_name(world.partner, id) == "Sam at the Prison");
  }
  SECTION("by network alone") {}
  world.sync_all(3);
  CHECK(shown_in(world.prison) == shown_in(world.partner));
  CHECK(sender_name(world.partner, id) == "Sam at the Prison");
  // Carried instead of the last sync: the store as it was, and one bundle.
  const auto by_network = shown_in(world.partner);
  stick.put_back(world, world.partner, kept);
  give(world.partner, stick.carry(world.prison, world.partner));
  world.sync_all(2);
  CHECK(shown_in(world.prison) == shown_in(world.partner));
  CHECK(shown_in(world.partner).size() == by_network.size());
}

TEST_CASE("a member brings what it was handed to the exchange in its author's place", "[bundle]") {
  World world;
  Stick stick;
  const auto id = shared_handover(world);
  give(world.partner, stick.carry(world.prison, world.partner));
  world.sync(world.partner);
  world.sync(world.partner);
  world.sync(world.desk);
  CHECK(sender_name(world.desk, id) == sender_name(world.partner, id));
  CHECK_FALSE(must(unsent_of(*world.partner.node)) > 0);
  CHECK(give(world.prison, stick.carry(world.partner, world.prison)).own_placed > 0);
}

TEST_CASE("a bundle brings the newer list that vouches for who made it", "[bundle]") {
  World world;
  sync::testing::SeededRandom random(5);
  const auto maker = crypto::SigningKey::generate(random);
  const auto node = sync::NodeId::random(random);
  schema::DirectoryBody body;
  auto& listed = *body.add_nodes();
  listed.set_id(sync::to_wire(node.view()));
  listed.set_organisation(sync::to_wire(world.prison.organisation.view()));
  listed.set_verify_key(sync::to_wire(sync::ByteView(maker.verify_key())));
  listed.set_box_key(std::string(32, 'b'));
  vouch_for(listed, world.prison);
  world.hold_back = &world.partner;
  world.publish(body);
  const auto held = world.partner.node->directory().version();

  const auto made = [&](const crypto::SigningKey& key, bool with_list) {
    schema::Bundle content;
    sync::store::UnitOfWork work(world.prison.node->database());
    if (with_list) {
      for (const auto& step : sync::store::DirectoryTable(work).after(0)) {
        *content.add_directory() = sync::to_wire(step);
      }
    }
    sync::BundleLabel label;
    label.maker = node.bytes;
    const auto& reader = world.partner.node->identity();
    return must(sync::seal_bundle(label, {{reader.node.bytes, reader.box_key.public_key()}},
                                  content, key, random));
  };
  CHECK(refusal(take_bundle(*world.partner.node, made(maker, false))).kind == ErrorKind::stale);
  const auto other = crypto::SigningKey::generate(random);
  CHECK(refusal(take_bundle(*world.partner.node, made(other, true))).kind == ErrorKind::rejected);
  CHECK(world.partner.node->directory().version() == held);
  must(take_bundle(*world.partner.node, made(maker, true)));
  CHECK(world.partner.node->directory().version() == held + 1);
}

TEST_CASE("parts brought in in any order come to the same", "[bundle]") {
  World world;
  Stick stick;
  const auto id = shared_handover(world);
  for (int i = 0; i < 40; ++i) change(world.prison, id, "sender-name", "Sam " + std::to_string(i));
  world.sync(world.prison);
  world.sync(world.prison);
  change(world.prison, id, "sender-name", "Sam at Last");
  constexpr std::size_t limit = 10'000;
  auto parts = stick.carry(world.prison, world.partner, limit);
  REQUIRE(parts.size() >= 3);
  for (const auto& part : parts) CHECK(std::filesystem::file_size(part) <= limit);
  const auto kept = stick.keep(world, world.partner);
  give(world.partner, stick.carry(world.prison, world.partner));
  const auto at_once = shown_in(world.partner);

  const std::uint64_t seed = GENERATE(1, 2, 3, 4);
  sync::testing::SeededRandom random(seed);
  std::sort(parts.begin(), parts.end());
  for (std::size_t i = parts.size(); i > 1; --i) {
    std::swap(parts[i - 1], parts[random.bytes<1>()[0] % i]);
  }
  stick.put_back(world, world.partner, kept);
  const auto counts = give(world.partner, parts);
  CHECK(counts.unsound + counts.not_ours + counts.waiting == 0);
  CHECK(difference(shown_in(world.partner), at_once) == "");
  CHECK(sender_name(world.partner, id) == "Sam at Last");
}

TEST_CASE("parts of a record whose author was withdrawn since complete one another", "[bundle]") {
  World world;
  Stick stick;
  const auto id = shared_handover(world);
  world.sync_all();
  const auto kept = stick.keep(world, world.desk);
  for (int i = 0; i < 40; ++i) change(world.prison, id, "sender-name", "Sam " + std::to_string(i));
  world.sync_all();
  schema::DirectoryBody body;
  body.add_revoked_nodes(sync::to_wire(world.prison.node->identity().node.view()));
  const bool between_the_parts = GENERATE(false, true);  // or before they were made
  CAPTURE(between_the_parts);
  if (!between_the_parts) world.publish(body);
  auto parts = stick.carry(world.partner, world.desk, 10'000);
  REQUIRE(parts.size() >= 3);
  std::sort(parts.begin(), parts.end());
  if (GENERATE(false, true)) std::reverse(parts.begin(), parts.end());
  stick.put_back(world, world.desk, kept);
  auto counts = give(world.desk, {parts.front()});
  if (between_the_parts) world.publish(body);
  counts += give(world.desk, {parts.begin() + 1, parts.end()});
  CHECK(counts.unsound + counts.not_ours + counts.waiting == 0);
  CHECK(sender_name(world.desk, id) == "Sam 39");
  CHECK(difference(shown_in(world.desk), shown_in(world.partner)) == "");
}

TEST_CASE("looking at a bundle opens nothing and says whose it is and for whom", "[bundle]") {
  World world;
  Stick stick;
  shared_handover(world);
  const auto files = stick.carry(world.prison, world.partner);
  const auto at_partner = must(inspect_bundle(*world.partner.node, files.at(0)));
  CHECK(at_partner.made_by == "HMP Example, Office");
  CHECK(at_partner.meant_for == std::vector<std::string>{"Bridge Trust, Office"});
  CHECK(at_partner.opens_here);
  CHECK_FALSE(must(inspect_bundle(*world.stranger.node, files.at(0))).opens_here);
}

TEST_CASE("a bundle's file is neutral in name, and never written over another or through a link",
          "[bundle]") {
  Stick stick;
  sync::testing::SeededRandom random(1), same(1);
  const auto names = must(sync::store::write_bundles(stick.path(), {{1, 2, 3}}, random));
  REQUIRE(names.size() == 1);
  CHECK(names[0].size() == std::string("throughgate-abcdefgh.tgb").size());
  CHECK(refusal(sync::store::write_bundles(stick.path(), {{9}}, same)).kind ==
        ErrorKind::unavailable);  // the same name
  CHECK(must(sync::store::read_bundle_file(stick.path() + "/" + names[0])) ==
        crypto::Bytes{1, 2, 3});
  CHECK(stick.files() == 1);  // and nothing left half written

  std::filesystem::create_symlink(stick.path() + "/" + names[0], stick.path() + "/link.tgb");
  CHECK(refusal(sync::store::read_bundle_file(stick.path() + "/link.tgb")).kind ==
        ErrorKind::not_found);
  CHECK(refusal(sync::store::read_bundle_file(stick.path())).message.find("folder") !=
        std::string::npos);
  CHECK(refusal(sync::store::write_bundles(stick.path() + "/none", {{1}}, random)).kind ==
        ErrorKind::not_found);
}

TEST_CASE("a stick that cannot refuse a taken name gets whole files, and keeps what it has",
          "[bundle]") {
  Stick stick;
  sync::testing::SeededRandom random(1), same(1), other(2);
  stick_cannot_refuse_names = true;
  const auto names = sync::store::write_bundles(stick.path(), {{1, 2, 3}, {4, 5}}, random);
  const auto again = sync::store::write_bundles(stick.path(), {{9}, {9}}, same);
  // The second name of three is taken: none of them stays.
  const auto free = must(sync::store::write_bundles(stick.path(), {{7}, {7}, {7}}, other));
  std::filesystem::remove(stick.path() + "/" + free[0]);
  std::filesystem::remove(stick.path() + "/" + free[2]);
  sync::testing::SeededRandom once_more(2);
  const auto half = sync::store::write_bundles(stick.path(), {{8}, {8}, {8}}, once_more);
  stick_cannot_refuse_names = false;
  REQUIRE(must(names).size() == 2);
  CHECK(must(sync::store::read_bundle_file(stick.path() + "/" + (*names)[1])) ==
        crypto::Bytes{4, 5});
  CHECK(refusal(again).kind == ErrorKind::unavailable);
  CHECK(must(sync::store::read_bundle_file(stick.path() + "/" + (*names)[0])) ==
        crypto::Bytes{1, 2, 3});
  CHECK(refusal(half).kind == ErrorKind::unavailable);
  CHECK(must(sync::store::read_bundle_file(stick.path() + "/" + free[1])) == crypto::Bytes{7});
  CHECK(stick.files() == 3);
}

}  // namespace throughgate::node::testing
