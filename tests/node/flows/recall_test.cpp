// A file that was made for the wrong organisation: what is taken back, and what cannot be.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <filesystem>

#include "node/audit.h"
#include "node/bundles/import.h"
#include "node/bundles/nightly.h"
#include "node/bundles/recall.h"
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

sync::Result<Recalled> recall_all(Site& site, std::uint64_t number) {
  return recall_file(*site.records, number, {}, because(site));
}

std::vector<RecordInFile> in_file(Site& site, std::uint64_t number) {
  return must(records_in_file(*site.records, must(made_file(*site.node, number))));
}

RecordInFile only_one_in(Site& site, std::uint64_t number) {
  const auto all = in_file(site, number);
  REQUIRE(all.size() == 1);
  return all.front();
}

std::vector<MadeFile> by_people(Site& site) {
  return must(made_files(*site.node, MadeBy::person, 1000));
}

// Who can see it is changed here, and the exchange does not know yet.
void change_unsent(Site& site, const sync::DossierId& id) {
  must(site.node->admission().change_members(id, {sync::store::MemberChange::Kind::new_key, {}, {}},
                                             authorship(site)));
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
  const auto files = by_people(world.prison);
  REQUIRE(files.size() == 1);
  CHECK(files[0].name == "Bridge Trust");
  CHECK(files[0].records == 1);
  CHECK(only_one_in(world.prison, 1).can == CanBeTakenBack::yes);
  CHECK_FALSE(only_one_in(world.prison, 1).held_there);
  for_hub(world.prison);  // opens at no organisation
  CHECK(by_people(world.prison).size() == 1);
}

TEST_CASE("what was recalled before it had reached them never does, key or text", "[recall]") {
  World world;
  const auto id = shared_handover(world);
  Stick stick;
  const auto file = stick.carry(world.prison, world.partner).at(0);
  world.sync(world.prison);  // the exchange has record and key for the partner
  std::size_t keys_told = 0;
  const auto recalled = must(recall_all(world.prison, 1));
  CHECK(recalled.taken_back.size() == 1);
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
  must(recall_all(world.prison, 1));
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
  CHECK(only_one_in(world.prison, 1).held_there);
  const auto recalled = must(recall_all(world.prison, 1));
  CHECK(recalled.held_there == 1);
  CHECK(said(in_words(recalled)).find("had reached their computers already") != std::string::npos);
  CHECK(stick.carry(world.prison, world.partner).size() == 1);  // with nothing in it
  CHECK(must(made_file(*world.prison.node, 2)).records == 0);
  world.sync_all();
  visit(world, world.partner);
  CHECK(only_one_in(world.prison, 1).can == CanBeTakenBack::ended_before);
  CHECK(holds(world.prison, id));
  CHECK_FALSE(holds(world.partner, id));
}

TEST_CASE("a recall is noted, needs a reason, and again does no harm", "[recall]") {
  World world;
  const auto id = shared_handover(world);
  Stick stick;
  stick.carry(world.prison, world.partner);
  const auto before = everything_in(world.prison);
  CHECK(refusal(recall_file(*world.prison.records, 1, {}, {world.prison.by.actor, " "})).kind ==
        ErrorKind::invalid);
  CHECK(refusal(recall_all(world.prison, 7)).kind == ErrorKind::not_found);
  CHECK(everything_in(world.prison) == before);
  must(recall_all(world.prison, 1));
  const auto rows = must(Audit(*world.prison.node).list({id, {}, 0}, 10));
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].act == AuditAct::recalled);
  CHECK(rows[0].reason == "the wrong partner");
  CHECK(must(made_file(*world.prison.node, 1)).recalled_at_ms == world.now_ms);
  const auto again = must(recall_all(world.prison, 1));
  CHECK(again.taken_back.empty());
  CHECK(again.ended_before == 1);
}

TEST_CASE("a record that cannot be taken back yet does not keep the others from it", "[recall]") {
  World world;
  const std::set ids{shared_handover(world), shared_handover(world), shared_handover(world)};
  world.sync_all(4);
  Stick stick;
  stick.carry(world.prison, world.partner);
  const auto waits = *ids.begin();  // the first that is tried
  change_unsent(world.prison, waits);
  for (const auto& each : in_file(world.prison, 1)) {
    CHECK(each.can == (each.id == waits ? CanBeTakenBack::not_yet : CanBeTakenBack::yes));
  }
  const auto recalled = must(recall_all(world.prison, 1));
  CHECK(recalled.taken_back.size() == 2);
  CHECK(recalled.not_yet == std::vector{waits});
  CHECK(recalled.left == 0);
  const auto words = said(in_words(recalled));
  CHECK(words.find("2 records were taken back.") != std::string::npos);
  CHECK(words.find("1 record could not be taken back yet") != std::string::npos);
  CHECK(words.find("have a file for the exchange brought there, then recall this file again") !=
        std::string::npos);
  CHECK(must(made_file(*world.prison.node, 1)).recalled_at_ms == 0);
  for (const auto& id : ids) {
    CHECK(recalls_noted(world.prison, id) == (id == waits ? 0U : 1U));
  }
  world.sync_all(2);  // what was in the way has gone
  const auto rest = must(recall_all(world.prison, 1));
  CHECK(rest.taken_back == std::vector{waits});
  CHECK(rest.ended_before == 2);
  CHECK(rest.not_yet.empty());
  CHECK(must(made_file(*world.prison.node, 1)).recalled_at_ms == world.now_ms);
  for (const auto& id : ids) CHECK(recalls_noted(world.prison, id) == 1);
}

TEST_CASE("a file for the central team, or of what others keep, is not recalled", "[recall]") {
  World world;
  shared_handover(world);
  world.sync_all();
  Stick stick;
  stick.carry(world.prison, world.desk);
  CHECK(refusal(recall_all(world.prison, 1)).kind == ErrorKind::denied);
  CHECK(only_one_in(world.prison, 1).can == CanBeTakenBack::not_ours);
  stick.carry(world.partner, world.prison);
  CHECK(only_one_in(world.partner, 1).can == CanBeTakenBack::not_ours);
  const auto left = must(recall_all(world.partner, 1));
  CHECK(left.taken_back.empty());
  CHECK(left.left == 1);
}

TEST_CASE("what is said before a recall promises no more than it does", "[recall]") {
  MadeFile file;
  file.name = "Bridge Trust";
  const auto words = said(meaning_of_recall(file));
  CHECK(words.find("cannot be called back") != std::string::npos);
  CHECK(words.find("can open it") != std::string::npos);
  CHECK(words.find("What they have opened stays opened") != std::string::npos);
  const auto of = [&](CanBeTakenBack can, bool held) {
    return what_happens_to({{}, can, held}, file);
  };
  CHECK(of(CanBeTakenBack::yes, false).find("has not reached their computers") !=
        std::string::npos);
  CHECK(of(CanBeTakenBack::yes, true).find("somebody has read it") != std::string::npos);
  CHECK(of(CanBeTakenBack::not_yet, false).find("Exchange what is new") != std::string::npos);
  CHECK(of(CanBeTakenBack::not_ours, false).find("Ask whoever keeps it") != std::string::npos);
}

TEST_CASE("only the records that are named are taken back, and the file waits for the others",
          "[recall]") {
  World world;
  const std::set ids{shared_handover(world), shared_handover(world), shared_handover(world)};
  Stick stick;
  stick.carry(world.prison, world.partner);
  const auto recall = [&](const std::set<sync::DossierId>& which) {
    return recall_file(*world.prison.records, 1, which, because(world.prison));
  };
  const auto before = everything_in(world.prison);
  CHECK(refusal(recall({})).kind == ErrorKind::invalid);
  CHECK(refusal(recall({*ids.begin(), ready_handover(world)})).kind == ErrorKind::invalid);
  for (const auto& id : ids) CHECK(recalls_noted(world.prison, id) == 0);
  const auto first = must(recall({*ids.begin()}));
  CHECK(first.taken_back == std::vector{*ids.begin()});
  CHECK(must(made_file(*world.prison.node, 1)).recalled_at_ms == 0);
  for (const auto& each : in_file(world.prison, 1)) {
    const bool taken = each.id == *ids.begin();
    CHECK(each.can == (taken ? CanBeTakenBack::ended_before : CanBeTakenBack::yes));
  }
  CHECK(must(recall(ids)).taken_back.size() == 2);
  CHECK(must(made_file(*world.prison.node, 1)).recalled_at_ms == world.now_ms);
}

TEST_CASE("files of the night do not push out those that a person made", "[recall]") {
  World world;
  shared_handover(world);
  Stick stick;
  stick.carry(world.prison, world.partner);
  auto& node = *world.prison.node;
  const auto partner = world.partner.node->identity().organisation;
  sync::testing::SeededRandom random(3);
  for (std::size_t i = 0; i < made_files_max + 20; ++i) {
    must(note_made(node, partner, sync::BundleSet::random(random), 1, {}, MadeBy::night));
  }
  REQUIRE(by_people(world.prison).size() == 1);
  CHECK(by_people(world.prison).front().number == 1);
  const auto nights = must(made_files(node, MadeBy::night, 1000));
  CHECK(nights.size() == made_files_max);
  CHECK(nights.front().number == made_files_max + 21);  // the newest first
  CHECK(nights.back().number == 22);
  CHECK(must(made_files(node, MadeBy::night, 3)).size() == 3);
  CHECK(refusal(made_file(node, 2)).kind == ErrorKind::not_found);
  for (std::size_t i = 0; i < made_files_max; ++i) {
    must(note_made(node, partner, sync::BundleSet::random(random), 1, {}, MadeBy::person));
  }
  CHECK(refusal(made_file(node, 1)).kind == ErrorKind::not_found);
  CHECK(by_people(world.prison).size() == made_files_max);
  CHECK(must(made_files(node, MadeBy::night, 1000)).size() == made_files_max);
}

TEST_CASE("what was made by itself at night is remembered as that", "[recall]") {
  World world;
  shared_handover(world);
  TemporaryFolder place;
  const DataFolder folder(place.file("data"));
  std::filesystem::create_directory(folder.path());
  must(make_nightly_files(*world.prison.node, folder));
  CHECK(by_people(world.prison).empty());
  const auto nights = must(made_files(*world.prison.node, MadeBy::night, 10));
  const auto of_partner = std::ranges::find(nights, "Bridge Trust", &MadeFile::name);
  REQUIRE(of_partner != nights.end());
  CHECK(must(recall_all(world.prison, of_partner->number)).taken_back.size() == 1);
}

}  // namespace throughgate::node::testing
