// A partner stops taking part: its copy goes, it says so, and may come back.
#include <catch_amalgamated.hpp>
#include <fstream>

#include "node/erasure/holds.h"
#include "node/sharing/no_longer_shared.h"
#include "node/sharing/shared_with.h"
#include "sync/bundle_parts.h"
#include "sync/order.h"
#include "sync/store/packing.h"
#include "sync/store/purge_post.h"
#include "sync/store/unpacking.h"
#include "sync/wire_values.h"
#include "tests/node/flows/example_handover.h"
#include "tests/node/flows/traces.h"
#include "tests/sync/store/page_search.h"

namespace throughgate::node::testing {
namespace {

using schema::Handover;
using sync::DossierId;
using sync::ErrorKind;
using sync::store::NoticeKind;
using sync::store::Purpose;
using sync::store::UnitOfWork;

By because(Site& site, const std::string& reason) { return {site.by.actor, reason}; }

void set(Site& site, const DossierId& handover, const std::string& field,
         const std::string& value) {
  const auto form = must(site.records->open({handover, {}, 110}));
  must(site.records->set_fields(form, {{field, value}}, site.by));
}

std::size_t tidy(Site& site) { return must(delete_what_is_no_longer_shared(*site.node)); }

void remove_partner(World& world, const DossierId& id, const std::string& why = "They closed") {
  must(Handovers(*world.prison.records)
           .remove_partner(id, world.partner.organisation, because(world.prison, why)));
}

std::vector<sync::PurgeReceipt> receipts_at(Site& site, const DossierId& id) {
  UnitOfWork work(site.node->database(), Purpose::reading);
  return sync::store::purge_receipts(work, id);
}

// Two records at each site, one of which the partner is to lose, with something in every table.
struct Removed {
  World& world;
  RowCounts before;
  std::vector<std::string> marks;
  DossierId stays, id;

  explicit Removed(World& in) : world(in) {
    stays = shared_handover(world);
    world.sync_all(3);
    before = count_rows(world.partner.node->database());
    id = shared_handover(world);
    world.sync_all();
    for (int i = 0; i < 30; ++i) {
      set(world.prison, id, "licence-headline",
          "Sorrel Planted-Text " + std::to_string(i) + std::string(340, 'x'));
      set(world.prison, id, "known-as", "Tansy Planted-Name " + std::to_string(i));
    }
    world.sync_all();
    const auto form = must(world.prison.records->open({id, {}, 110}));
    const auto saved = must(world.prison.records->set_fields(
        form, {{"licence-headline", "Yarrow Planted-Redacted"}}, world.prison.by));
    world.sync_all();
    must(world.prison.node->admission().redact(id, {{*saved.entry, 0}},
                                               {world.prison.by.actor, world.now_ms, "a slip"}));
    world.sync_all();
    auto& database = world.partner.node->database();
    plant_beside(database, id);
    marks = marks_of(database, id);
    marks.insert(marks.end(),
                 {"Sorrel Planted-Text", "Tansy Planted-Name", "Yarrow Planted-Redacted"});
  }
  std::string left_at_partner() {
    auto counts = before;
    ++counts["notice"];
    ++counts["purged_dossier"];
    return what_is_left(world.partner.node->database(), without_the_removal(), counts);
  }
  // That it was removed, and by which entry, is what its receipt says.
  std::vector<std::string> without_the_removal() const {
    UnitOfWork work(world.partner.node->database(), Purpose::reading);
    std::vector<std::string> kept;
    work.each("SELECT removal, chain, removed_by FROM purged_dossier", sync::store::bound(),
              [&](const sync::store::Statement& row) {
                for (int i = 0; i < 3; ++i) kept.emplace_back(crypto::as_text(row.view(i)));
              });
    auto out = marks;
    std::erase_if(out, [&](const std::string& mark) {
      return std::find(kept.begin(), kept.end(), mark) != kept.end();
    });
    return out;
  }
};

}  // namespace

TEST_CASE("once sharing has ended neither text nor key is in any page of the partner's store",
          "[purge]") {
  World world;
  Removed removed(world);
  const auto found =
      throughgate::testing::search_pages(world.partner.node->database(), removed.marks);
  REQUIRE(found);
  std::size_t seen = 0;
  for (const auto& [mark, pages] : found->found) seen += pages.empty() ? 0 : 1;
  CHECK(seen > 100);

  remove_partner(world, removed.id);
  world.sync_all();
  CHECK(tidy(world.partner) == 1);
  CHECK(removed.left_at_partner() == "");
  CHECK(refusal(read_case(*world.partner.records, removed.id)).kind == ErrorKind::not_found);
  sync::store::SearchQuery query;
  query.text = "Tansy";
  query.class_max = 4;
  CHECK(must(world.partner.reader().search(query)).hits.empty());
  CHECK(world.partner.node->database().quick_check());
  must(read_case(*world.partner.records, removed.stays));  // the other stays
  // Nobody else loses anything.
  CHECK(tidy(world.prison) == 0);
  CHECK(tidy(world.desk) == 0);
  CHECK(tidy(world.stranger) == 0);
  must(read_case(*world.prison.records, removed.id));
  must(read_case(*world.desk.records, removed.id));
}

TEST_CASE("twin: a deletion that is left out once sharing has ended is found", "[purge][twin]") {
  World world;
  Removed removed(world);
  remove_partner(world, removed.id);
  world.sync_all();
  Site& partner = world.partner;
  {  // a sync has answered those that were planted
    UnitOfWork work(partner.node->database());
    work.run("INSERT INTO wanted (dossier, epoch, kind, recipient) VALUES (?, ?, 1, ?)",
             removed.id.view(), removed.id.view(), removed.id.view());
    must(work.commit());
  }
  const std::string path = world.store_path(partner);
  world.restart(partner, [&] { std::filesystem::copy_file(path, path + ".kept"); });
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
    const auto purged = sync::store::purge_what_ended(
        partner.node->database(), partner.node->context(), [](const DossierId&) { return false; },
        steps);
    if (purged) must(sync::store::finish_purges(partner.node->database(), partner.node->context()));
    CHECK((!purged || removed.left_at_partner() != "") == !whole);
  }
}

TEST_CASE("the partner is told who stopped sharing, and owner and desk that its copy is gone",
          "[purge]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  remove_partner(world, id, "The person moved away");
  world.sync_all();
  const auto left = [&](Site& site) {
    for (const auto& span : must(shared_with(*site.records, id))) {
      if (span.organisation == world.partner.organisation) return span;
    }
    throw std::runtime_error("the partner was never there");
  };
  for (Site* site : {&world.prison, &world.desk}) {
    const auto span = left(*site);
    CHECK(span.until_ms == world.now_ms);
    CHECK(span.reason == "The person moved away");
    REQUIRE(span.copies.size() == 1);
    CHECK(span.copies[0].at_ms == 0);
    CHECK(in_words(span.copies[0]).find("has not said yet") != std::string::npos);
  }
  world.pass(3'600'000);
  CHECK(tidy(world.partner) == 1);
  const auto notices = must(world.partner.reader().notices());
  REQUIRE(notices.size() == 1);
  CHECK(notices[0].kind == static_cast<int>(NoticeKind::no_longer_shared));
  CHECK(notices[0].dossier == id);
  world.sync_all();
  for (Site* site : {&world.prison, &world.desk}) {
    const auto span = left(*site);
    REQUIRE(span.copies.size() == 1);
    CHECK(span.copies[0].at_ms == world.now_ms);
  }
  CHECK(receipts_at(world.stranger, id).empty());
  CHECK(receipts_at(world.prison, id).size() == 1);
  CHECK(receipts_at(world.prison, id)[0].own_kept == 0);
}

TEST_CASE("a receipt that its computer did not sign is passed over and counted", "[purge]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  remove_partner(world, id);
  world.sync_all();
  tidy(world.partner);
  world.sync(world.partner);
  world.listener = [](HubClient::Endpoint endpoint, crypto::ByteView, crypto::Bytes& answer) {
    schema::SyncReply reply;
    if (endpoint != HubClient::Endpoint::sync) return;
    REQUIRE(reply.ParseFromArray(answer.data(), static_cast<int>(answer.size())));
    for (auto& each : *reply.mutable_purge_receipts()) (*each.mutable_bytes())[75] ^= 1;
    const auto spoilt = reply.SerializeAsString();
    answer.assign(spoilt.begin(), spoilt.end());
  };
  CHECK(world.sync(world.prison).counts.unsound == 1);
  CHECK(receipts_at(world.prison, id).empty());
}

TEST_CASE("who was removed may be let in again, and has all of it from the first change on",
          "[purge]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  set(world.prison, id, "known-as", "Al");
  world.sync_all();
  remove_partner(world, id);
  world.sync_all();
  tidy(world.partner);
  world.sync_all();
  set(world.prison, id, "known-as", "Alx");
  CHECK(must(read_case(*world.prison.records, id)).state == Handover::READY);
  must(Handovers(*world.prison.records).share(id, world.partner.organisation, world.prison.by));
  world.sync_all(3);
  const auto file = must(read_case(*world.partner.records, id));
  CHECK(file.text(Handover::kKnownAsFieldNumber) == "Alx");
  CHECK(file.state == Handover::SENT);
  CHECK(must(world.partner.reader().history({id, {}, 110}, Handover::kKnownAsFieldNumber)).size() ==
        2);
  CHECK(tidy(world.partner) == 0);
  must(Handovers(*world.partner.records).accept(id, "Ann, 07700 900001", world.partner.by));
  world.sync_all();
  CHECK(must(read_case(*world.prison.records, id)).state == Handover::ACCEPTED);
}

TEST_CASE("what was deleted is not taken back from an exchange that tells of it once more",
          "[purge]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  remove_partner(world, id);
  world.sync_all();
  tidy(world.partner);
  {  // as after the exchange has begun anew
    UnitOfWork work(world.partner.node->database());
    work.run("DELETE FROM setting WHERE name = 'cursor'");
    must(work.commit());
  }
  world.sync(world.partner);
  CHECK(refusal(world.partner.reader().dossier(id)).kind == ErrorKind::not_found);
  UnitOfWork work(world.partner.node->database(), Purpose::reading);
  CHECK_FALSE(sync::store::StoredDossier::exists(work, id));
  CHECK(work.first("SELECT count(*) FROM envelope_list WHERE dossier = ?",
                   sync::store::bound(id.view()), sync::store::unsigned_column) == 0);
}

TEST_CASE("what was deleted is not taken back by a head that the hub never signed", "[purge]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  const auto context = world.prison.node->context();
  auto before =
      must(sync::store::Packing(world.prison.node->database(), context, sync::bundle_content_max)
               .for_organisation(world.partner.organisation));
  remove_partner(world, id);
  world.sync_all();
  tidy(world.partner);
  auto& carried = *before.parts.at(0).mutable_dossiers(0);
  auto& head = *carried.mutable_head()->mutable_head();
  for (int more = 0; more < 5; ++more) {  // an order that says to go on where the removal stands
    auto& record = *carried.add_records();
    const sync::OrderRecord made_up{head.dsn() + 1, crypto::Hash{7}, 1, world.now_ms};
    record.set_entry(sync::to_wire(sync::ByteView(made_up.entry)));
    record.set_directory_version(made_up.directory_version);
    record.set_accepted_at_ms(made_up.accepted_at_ms);
    const auto chain = sync::chain_next(*sync::hash_from_wire(head.chain()), made_up);
    head.set_chain(sync::to_wire(sync::ByteView(chain)));
    head.set_dsn(made_up.dsn);
  }
  const auto at = world.partner.node->context();
  const auto counts = must(
      sync::store::Unpacking(world.partner.node->database(), at, world.prison.node->identity().node)
          .take(before.parts.at(0)));
  CHECK(counts.not_ours == 1);
  UnitOfWork work(world.partner.node->database(), Purpose::reading);
  CHECK_FALSE(sync::store::StoredDossier::exists(work, id));
  CHECK(sync::store::is_purged(work, id));
}

TEST_CASE("a legal hold keeps a copy that would go, until it is lifted", "[purge]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  const auto hold = must(Holds(*world.partner.records).set({id}, "an inquest", world.partner.by));
  remove_partner(world, id);
  world.sync_all();
  CHECK(tidy(world.partner) == 0);
  CHECK(must(world.partner.reader().dossier(id)).length > 0);
  must(Holds(*world.partner.records)
           .lift(hold.record.dossier, "it is over", because(world.partner, "it is over")));
  CHECK(tidy(world.partner) == 1);
}

TEST_CASE("only the owner says who no longer takes part, with a reason, and never the desk",
          "[purge]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  Handovers prison(*world.prison.records), partner(*world.partner.records);
  const auto& own = world.partner.organisation;
  CHECK(refusal(partner.remove_partner(id, own, because(world.partner, "no"))).kind ==
        ErrorKind::denied);
  CHECK(refusal(prison.remove_partner(id, own, because(world.prison, ""))).kind ==
        ErrorKind::invalid);
  const auto why = because(world.prison, "a slip");
  CHECK(refusal(prison.remove_partner(id, world.desk.organisation, why)).kind == ErrorKind::denied);
  CHECK(refusal(prison.remove_partner(id, world.prison.organisation, why)).kind ==
        ErrorKind::denied);
  CHECK(refusal(prison.remove_partner(id, world.stranger.organisation, why)).kind ==
        ErrorKind::invalid);
}

TEST_CASE("what a removed partner has not heard of yet is not deleted", "[purge]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  remove_partner(world, id);
  world.sync(world.prison);
  CHECK(tidy(world.partner) == 0);
  must(read_case(*world.partner.records, id));
}

}  // namespace throughgate::node::testing
