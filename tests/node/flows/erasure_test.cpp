// A record is erased: at every site, at the exchange, for good.
#include <catch_amalgamated.hpp>
#include <fstream>

#include "schema/directory.pb.h"
#include "sync/store/directory_table.h"
#include "sync/store/erasure_post.h"
#include "sync/store/settings_table.h"
#include "sync/wire_values.h"
#include "tests/node/flows/example_handover.h"
#include "tests/node/flows/traces.h"
#include "tests/simulation/faulty_disk.h"
#include "tests/sync/store/page_search.h"

namespace throughgate::node::testing {
namespace {

using schema::Handover;
using sync::DossierId;
using sync::ErrorKind;
using sync::store::Purpose;
using sync::store::UnitOfWork;

schema::DirectoryBody erasing(const DossierId& dossier) {
  schema::DirectoryBody body;
  body.add_erased_dossiers(sync::to_wire(dossier.view()));
  return body;
}

void set(Site& site, const DossierId& handover, const std::string& field,
         const std::string& value) {
  const auto form = must(site.records->open({handover, {}, 110}));
  must(site.records->set_fields(form, {{field, value}}, site.by));
}

// Enough changes that pages part and are joined, a redaction, staff who wrote nowhere else, and a
// row in every table.
struct Secret {
  World& world;
  std::map<const Site*, RowCounts> before;
  std::map<const Site*, std::vector<std::string>> marks;
  std::map<const Site*, crypto::Bytes> keys;
  DossierId id;

  explicit Secret(World& in) : world(in) {
    for (int i = 0; i < 3; ++i) shared_handover(world);
    world.sync_all(3);
    for (Site* site : sites()) before[site] = count_rows(site->node->database());
    id = shared_handover(world);
    world.sync_all();
    Site& prison = world.prison;
    const sync::Actor sam = prison.by.actor;
    prison.by.actor = {sync::ActorId{{7, 7}}, "Hyssop Planted-Actor", "coordinator"};
    for (int i = 0; i < 30; ++i) {
      prison.by.reason = "Borage Planted-Reason " + std::to_string(i);
      set(prison, id, "licence-headline",
          "Sorrel Planted-Text " + std::to_string(i) + std::string(340, 'x'));
      set(prison, id, "known-as", "Tansy Planted-Name " + std::to_string(i));
    }
    world.sync_all();
    const auto form = must(prison.records->open({id, {}, 110}));
    const auto saved = must(prison.records->set_fields(
        form, {{"licence-headline", "Yarrow Planted-Redacted"}}, prison.by));
    world.sync_all();
    must(prison.node->admission().redact(id, {{*saved.entry, 0}},
                                         {prison.by.actor, world.now_ms, "a slip"}));
    world.sync_all();
    prison.by.actor = sam;
    for (Site* site : sites()) {
      auto& database = site->node->database();
      plant_beside(database, id);
      auto& found = marks[site] = marks_of(database, id);
      found.insert(found.end(),
                   {"Sorrel Planted-Text", "Borage Planted-Reason", "Tansy Planted-Name",
                    "Hyssop Planted-Actor", "Yarrow Planted-Redacted"});
    }
  }
  std::vector<Site*> sites() { return {&world.prison, &world.partner, &world.desk}; }
  std::string left_at(Site& site) {
    auto counts = before[&site];
    ++counts["notice"];  // that a record was erased
    return what_is_left(site.node->database(), marks[&site], counts);
  }
};

std::vector<sync::ErasureReceipt> receipts_at(Site& site) {
  UnitOfWork work(site.node->database(), Purpose::reading);
  return sync::store::erasure_receipts(work);
}

}  // namespace

TEST_CASE("once a record is erased, neither its text nor its key is in any page of any store",
          "[erasure]") {
  World world;
  Secret secret(world);
  for (Site* site : secret.sites()) {  // the search sees what is there
    const auto found =
        throughgate::testing::search_pages(site->node->database(), secret.marks[site]);
    REQUIRE(found);
    std::size_t seen = 0;
    for (const auto& [mark, pages] : found->found) seen += pages.empty() ? 0 : 1;
    CHECK(seen > 100);
    CHECK(secret.marks[site].size() - seen < 10);  // ends of long values that two pages hold
  }
  auto hub = must(world.open_hub_store());
  const auto& at_hub = secret.marks[&world.partner];
  CHECK(throughgate::testing::search_pages(hub, at_hub)->found_anything());

  world.publish(erasing(secret.id));
  world.sync_all();
  for (Site* site : secret.sites()) {
    CAPTURE(site->name);
    CHECK(secret.left_at(*site) == "");
    CHECK(refusal(read_case(*site->records, secret.id)).kind == ErrorKind::not_found);
    CHECK(must(site->reader().notices_of(secret.id)).empty());
    sync::store::SearchQuery query;
    query.text = "Tansy";
    query.class_max = 4;
    CHECK(must(site->reader().search(query)).hits.empty());
    CHECK(site->node->database().quick_check());
  }
  const auto found = throughgate::testing::search_pages(hub, at_hub);
  REQUIRE(found);
  CHECK_FALSE(found->found_anything());
  CHECK(found->pages > 10);
}

TEST_CASE("twin: an erasure that leaves out one of its deletions is found", "[erasure][twin]") {
  World world;
  Secret secret(world);
  Site& partner = world.partner;
  const std::string path = world.store_path(partner);
  world.restart(partner, [&] { std::filesystem::copy_file(path, path + ".kept"); });
  world.publish_at_hub(erasing(secret.id));
  for (std::size_t i = 0; i <= sync::store::deletions().size(); ++i) {
    world.restart(partner, [&] {
      std::filesystem::remove(path + "-wal");
      std::filesystem::copy_file(path + ".kept", path,
                                 std::filesystem::copy_options::overwrite_existing);
    });
    std::vector<sync::store::Deletion> steps(sync::store::deletions().begin(),
                                             sync::store::deletions().end());
    const bool whole = i == steps.size();
    const std::string left_out = whole ? "none" : std::string(steps[i].table);
    if (!whole) steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(i));
    CAPTURE(left_out);
    UnitOfWork work(partner.node->database());
    sync::store::erase(work, {{secret.id, 2}}, world.now_ms, steps);
    const bool refused = !work.commit();  // something still refers to what is gone
    if (!refused) world.sync(partner);    // clears what may be left in pages
    CHECK((refused || secret.left_at(partner) != "") == !whole);
  }
}

TEST_CASE("nothing of an erased record is taken back, by hand, from the exchange or an old copy",
          "[erasure]") {
  World world;
  Secret secret(world);
  Site& partner = world.partner;
  const std::string path = world.store_path(partner);
  const auto bytes = [&] {
    UnitOfWork work(partner.node->database(), Purpose::reading);
    sync::store::StoredDossier stored(work, secret.id);
    return stored.load(*stored.row_at(1))->entry.bytes();
  }();
  set(partner, secret.id, "receiver-contact", "Wormwood Planted-Unsent");
  world.restart(partner, [&] { std::filesystem::copy_file(path, path + ".old"); });
  world.publish_at_hub(erasing(secret.id));
  world.sync_all();
  CHECK(secret.left_at(partner) == "");
  CHECK(refusal(partner.node->admission().receive_by_hand(bytes)).kind == ErrorKind::denied);
  {
    UnitOfWork work(partner.node->database());
    const sync::store::StoredDossier anew(work, secret.id);  // whichever way leads there
    CHECK(refusal(work.commit()).kind == ErrorKind::denied);
  }

  world.restart(partner, [&] {
    std::filesystem::remove(path + "-wal");
    std::filesystem::copy_file(path + ".old", path,
                               std::filesystem::copy_options::overwrite_existing);
  });
  REQUIRE(read_case(*partner.records, secret.id));
  std::size_t offered = 0;
  world.listener = [&](HubClient::Endpoint endpoint, crypto::ByteView request, crypto::Bytes&) {
    schema::SyncRequest sent;
    if (endpoint != HubClient::Endpoint::sync) return;
    REQUIRE(sent.ParseFromArray(request.data(), static_cast<int>(request.size())));
    for (const auto& group : sent.entries()) {
      offered += group.dossier() == sync::to_wire(secret.id.view()) ? 1U : 0U;
    }
  };
  world.sync_all();
  world.listener = nullptr;
  CHECK(offered == 0);  // the list came first
  secret.marks[&partner].push_back("Wormwood Planted-Unsent");
  CHECK(secret.left_at(partner) == "");
  auto hub = must(world.open_hub_store());
  CHECK_FALSE(throughgate::testing::search_pages(hub, secret.marks[&partner])->found_anything());
}

TEST_CASE("people are told that a record was erased, and how much had not been sent", "[erasure]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  set(world.prison, id, "known-as", "Al");
  set(world.prison, id, "known-as", "Alx");
  world.publish(erasing(id));
  const auto notices = must(world.prison.reader().notices());
  REQUIRE(notices.size() == 1);
  CHECK(notices[0].kind == static_cast<int>(sync::store::NoticeKind::erased));
  CHECK(notices[0].detail == 2);
  CHECK_FALSE(notices[0].dossier);
  CHECK(must(world.stranger.reader().notices()).empty());  // nothing of it was there
}

TEST_CASE("the desk hears from every computer and the exchange that nothing is left", "[erasure]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  world.hold_back = &world.partner;
  world.publish(erasing(id));
  for (Site* site : {&world.prison, &world.stranger, &world.desk, &world.desk}) world.sync(*site);
  const auto said_by = [&](const Site& site) {
    for (const auto& receipt : receipts_at(world.desk)) {
      if (receipt.witness.id == site.node->identity().node.bytes) return receipt.erased_to;
    }
    return std::uint64_t{0};
  };
  const auto version = world.desk.node->directory().last_erasure();
  CHECK(version == 2);
  CHECK(said_by(world.prison) == version);
  CHECK(said_by(world.stranger) == version);
  CHECK(said_by(world.desk) == version);
  CHECK(said_by(world.partner) == 0);
  CHECK(receipts_at(world.desk).front().witness.kind == sync::WitnessKind::node);
  CHECK(receipts_at(world.desk).back().witness.kind == sync::WitnessKind::hub);
  CHECK(receipts_at(world.prison).empty());

  world.sync(world.partner);
  world.sync(world.desk);
  CHECK(said_by(world.partner) == version);
  CHECK(receipts_at(world.desk).size() == 5);
}

TEST_CASE("a receipt that does not verify is passed over and counted", "[erasure]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  world.publish(erasing(id));
  world.listener = [](HubClient::Endpoint endpoint, crypto::ByteView, crypto::Bytes& answer) {
    schema::SyncReply reply;
    if (endpoint != HubClient::Endpoint::sync) return;
    REQUIRE(reply.ParseFromArray(answer.data(), static_cast<int>(answer.size())));
    for (auto& each : *reply.mutable_erasure_receipts()) (*each.mutable_bytes())[20] ^= 1;
    const auto spoilt = reply.SerializeAsString();
    answer.assign(spoilt.begin(), spoilt.end());
  };
  const auto report = world.sync(world.desk);
  CHECK(report.counts.unsound == 2);  // its own, and the hub's
  CHECK(receipts_at(world.desk).empty());
}

TEST_CASE("a store that was never told by an earlier program erases when it is opened",
          "[erasure]") {
  World world;
  Secret secret(world);
  Site& partner = world.partner;
  world.hold_back = &partner;
  world.publish(erasing(secret.id));
  const auto step = [&] {
    UnitOfWork work(world.prison.node->database(), Purpose::reading);
    return sync::store::DirectoryTable(work).after(1).front();
  }();
  {
    UnitOfWork work(partner.node->database());
    sync::store::DirectoryTable(work).add(2, step);
    must(work.commit());
  }
  world.restart(partner);
  CHECK(secret.left_at(partner) == "");
}

TEST_CASE("a power cut at any write of an erasure leaves one that goes on", "[erasure][torture]") {
  World world;
  const auto counts = [&] { return count_rows(world.partner.node->database()); };
  shared_handover(world);
  world.sync_all(3);
  auto before = counts();
  ++before["notice"];
  const auto id = shared_handover(world);
  world.sync_all();
  set(world.prison, id, "known-as", "Tansy Planted-Name");
  world.sync_all();
  auto marks = marks_of(world.partner.node->database(), id);
  marks.emplace_back("Tansy Planted-Name");
  simulation::FaultyDisk::Image image;
  world.restart(world.partner, [&] {
    std::ifstream in(world.store_path(world.partner), std::ios::binary);
    image["/store"] = crypto::Bytes(std::istreambuf_iterator<char>(in), {});
  });
  world.hold_back = &world.partner;
  world.publish(erasing(id));
  const auto step = [&] {
    UnitOfWork work(world.prison.node->database(), Purpose::reading);
    return sync::store::DirectoryTable(work).after(1).front();
  }();
  std::uint64_t cuts = 0;
  std::uint64_t cut = 0;
  for (bool struck = true; struck;) {
    cut += cuts < 40 ? 1 : 7;
    CAPTURE(++cuts, cut);
    simulation::FaultyDisk disk(cut);
    disk.load(image);
    sync::testing::SeededRandom random(1);
    const auto open = [&] {
      return must(OpenNode::open(
          "/store", world.partner.key, sync::store::Access::existing, random,
          [&] { return world.now_ms; }, disk.vfs_name()));
    };
    {
      const auto node = open();
      disk.cut_power_at(cut);
      [[maybe_unused]] const auto taken = node->take_directory(step);
      struck = !disk.armed();
      disk.cut_power();
    }
    disk.power_on();
    const auto node = open();
    if (node->directory().version() == 1) must(node->take_directory(step));
    CHECK(what_is_left(node->database(), marks, before) == "");
    UnitOfWork work(node->database(), Purpose::reading);
    CHECK(sync::store::own_receipt(work, node->identity())->erased_to == 2);
  }
  CHECK(cuts > 20);
}

}  // namespace throughgate::node::testing
