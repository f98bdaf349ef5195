// A file that was made for the wrong organisation: what is taken back, and what cannot be.
#include <algorithm>
#include <catch_amalgamated.hpp>

#include "node/audit.h"
#include "node/bundles/import.h"
#include "node/bundles/made_files.h"
#include "node/sharing/no_longer_shared.h"
#include "schema/wire.pb.h"
#include "sync/store/bundle_folder.h"
#include "tests/node/flows/bundle_stick.h"

namespace throughgate::node::testing {
namespace {

using sync::ErrorKind;
using sync::store::UnitOfWork;

By because(const Site& site) { return {site.by.actor, "the wrong partner"}; }

bool holds(Site& site, const sync::DossierId& id) {
  UnitOfWork work(site.node->database(), sync::store::Purpose::reading);
  const bool out = sync::store::StoredDossier::exists(work, id);
  must(work.commit());
  return out;
}

std::uint64_t keys_at(Site& site) {
  UnitOfWork work(site.node->database(), sync::store::Purpose::reading);
  return work
      .first("SELECT count(*) FROM dossier_key", sync::store::bound(), sync::store::unsigned_column)
      .value_or(0);
}

sync::store::Authorship authorship(const Site& site) {
  return {site.by.actor, site.node->now_ms(), "a new key"};
}

std::size_t recalls_noted(Site& site, const sync::DossierId& id) {
  const auto rows = must(Audit(*site.node).list({id, {}, 0}, 10));
  return static_cast<std::size_t>(std::count_if(
      rows.begin(), rows.end(), [](const auto& row) { return row.act == AuditAct::recalled; }));
}

std::string said(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& each : words) out += each + " ";
  return out;
}

void visit(World& world, Site& site) {
  world.sync(site);
  must(delete_what_is_no_longer_shared(*site.node));
}

}  // namespace

TEST_CASE("files made for others are remembered, with what is in them", "[recall]") {
  World world;
  shared_handover(world);
  Stick stick;
  stick.carry(world.prison, world.partner);
  const auto files = must(made_files(*world.prison.node));
  REQUIRE(files.size() == 1);
  CHECK(files[0].name == "Bridge Trust");
  CHECK(files[0].records == 1);
  CHECK(files[0].shared == 1);
  CHECK(files[0].held_there == 0);
  for_hub(world.prison);  // opens at no organisation
  CHECK(must(made_files(*world.prison.node)).size() == 1);
}

TEST_CASE("what was recalled before it had reached them never does, key or text", "[recall]") {
  World world;
  const auto id = shared_handover(world);
  Stick stick;
  const auto file = stick.carry(world.prison, world.partner).at(0);
  world.sync(world.prison);  // the exchange has record and key for the partner
  std::size_t keys_told = 0;
  const auto recalled = must(recall_file(*world.prison.records, 1, because(world.prison)));
  CHECK(recalled.taken_back == 1);
  CHECK(recalled.held_there == 0);
  world.sync(world.prison);
  world.listener = [&](HubClient::Endpoint endpoint, crypto::ByteView, crypto::Bytes& answer) {
    if (endpoint != HubClient::Endpoint::sync) return;
    schema::SyncReply reply;
    REQUIRE(reply.ParseFromArray(answer.data(), static_cast<int>(answer.size())));
    keys_told += static_cast<std::size_t>(reply.envelopes_size());
  };
  const auto before = keys_at(world.partner);
  for (int i = 0; i < 3; ++i) visit(world, world.partner);
  CHECK(keys_told == 0);
  CHECK(keys_at(world.partner) == before);
  CHECK_FALSE(holds(world.partner, id));
  // And who has heard takes nothing from the file, however often it is brought in.
  for (int i = 0; i < 3; ++i) {
    const auto counts =
        must(take_bundle(*world.partner.node, must(sync::store::read_bundle_file(file))));
    CHECK(counts.placed + counts.by_hand + counts.keys == 0);
  }
  CHECK_FALSE(holds(world.partner, id));
  CHECK(keys_at(world.partner) == before);
}

TEST_CASE("who brought the file in before it was recalled deletes what they had once they hear",
          "[recall]") {
  World world;
  const auto id = shared_handover(world);
  Stick stick;
  const auto file = stick.carry(world.prison, world.partner).at(0);
  must(recall_file(*world.prison.records, 1, because(world.prison)));
  // A sealed file opens for whom it was sealed to: that is not promised.
  must(take_bundle(*world.partner.node, must(sync::store::read_bundle_file(file))));
  CHECK(holds(world.partner, id));
  world.sync(world.prison);
  visit(world, world.partner);
  CHECK_FALSE(holds(world.partner, id));
}

TEST_CASE("nothing written after a recall opens for whom it was recalled from", "[recall]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all(4);
  Stick stick;
  stick.carry(world.prison, world.partner);
  CHECK(must(made_file(*world.prison.node, 1)).held_there == 1);
  const auto recalled = must(recall_file(*world.prison.records, 1, because(world.prison)));
  CHECK(recalled.held_there == 1);
  CHECK(said(in_words(recalled)).find("had reached their computers already") != std::string::npos);
  CHECK(stick.carry(world.prison, world.partner).size() == 1);  // with nothing in it
  CHECK(must(made_file(*world.prison.node, 2)).records == 0);
  world.sync_all();
  visit(world, world.partner);
  CHECK_FALSE(must(made_file(*world.prison.node, 1)).shared);
  CHECK(holds(world.prison, id));
  CHECK_FALSE(holds(world.partner, id));
}

TEST_CASE("a recall is noted, needs a reason, and again does no harm", "[recall]") {
  World world;
  const auto id = shared_handover(world);
  Stick stick;
  stick.carry(world.prison, world.partner);
  const auto before = everything_in(world.prison);
  CHECK(refusal(recall_file(*world.prison.records, 1, {world.prison.by.actor, " "})).kind ==
        ErrorKind::invalid);
  CHECK(refusal(recall_file(*world.prison.records, 7, because(world.prison))).kind ==
        ErrorKind::not_found);
  CHECK(everything_in(world.prison) == before);
  must(recall_file(*world.prison.records, 1, because(world.prison)));
  const auto rows = must(Audit(*world.prison.node).list({id, {}, 0}, 10));
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].act == AuditAct::recalled);
  CHECK(rows[0].reason == "the wrong partner");
  CHECK(must(made_file(*world.prison.node, 1)).recalled_at_ms == world.now_ms);
  const auto again = must(recall_file(*world.prison.records, 1, because(world.prison)));
  CHECK(again.taken_back == 0);
  CHECK(again.ended_before == 1);
}

TEST_CASE("a record that cannot be taken back yet does not keep the others from it", "[recall]") {
  World world;
  const std::set ids{shared_handover(world), shared_handover(world), shared_handover(world)};
  world.sync_all(4);
  Stick stick;
  stick.carry(world.prison, world.partner);
  const auto waits = *ids.begin();  // the first that is tried
  must(world.prison.node->admission().change_members(
      waits, {sync::store::MemberChange::Kind::new_key, {}, {}}, authorship(world.prison)));
  const auto recalled = must(recall_file(*world.prison.records, 1, because(world.prison)));
  CHECK(recalled.taken_back == 2);
  CHECK(recalled.not_yet == 1);
  CHECK(recalled.left == 0);
  CHECK(said(in_words(recalled)).find("1 record could not be taken back yet") != std::string::npos);
  CHECK(must(made_file(*world.prison.node, 1)).recalled_at_ms == 0);
  for (const auto& id : ids) {
    CHECK(recalls_noted(world.prison, id) == (id == waits ? 0U : 1U));
  }
  world.sync_all(2);  // what was in the way has gone
  const auto rest = must(recall_file(*world.prison.records, 1, because(world.prison)));
  CHECK(rest.taken_back == 1);
  CHECK(rest.ended_before == 2);
  CHECK(rest.not_yet == 0);
  CHECK(must(made_file(*world.prison.node, 1)).recalled_at_ms == world.now_ms);
  for (const auto& id : ids) CHECK(recalls_noted(world.prison, id) == 1);
}

TEST_CASE("a file for the central team, or of what others keep, is not recalled", "[recall]") {
  World world;
  shared_handover(world);
  world.sync_all();
  Stick stick;
  stick.carry(world.prison, world.desk);
  CHECK(refusal(recall_file(*world.prison.records, 1, because(world.prison))).kind ==
        ErrorKind::denied);
  stick.carry(world.partner, world.prison);
  const auto left = must(recall_file(*world.partner.records, 1, because(world.partner)));
  CHECK(left.taken_back == 0);
  CHECK(left.left == 1);
}

TEST_CASE("what is said before a recall promises no more than it does", "[recall]") {
  MadeFile file;
  file.name = "Bridge Trust";
  file.shared = 2;
  const auto words = said(meaning_of_recall(file));
  CHECK(words.find("cannot be called back") != std::string::npos);
  CHECK(words.find("can open it") != std::string::npos);
  CHECK(words.find("hold") == std::string::npos);
  file.held_there = 1;
  CHECK(said(meaning_of_recall(file)).find("hold 1 record of it already") != std::string::npos);
}

}  // namespace throughgate::node::testing
