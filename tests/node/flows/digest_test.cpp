// What members say of the records they hold, and what they are told where it is not the same.
#include <catch_amalgamated.hpp>

#include "node/handovers/case_file.h"
#include "schema/wire.pb.h"
#include "sync/store/replica.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {
namespace {

using sync::store::bound;
using sync::store::NoticeKind;
using sync::store::UnitOfWork;

struct SharedHandover {
  World world;
  sync::DossierId id = shared_handover(world);

  SharedHandover() { world.sync_all(3); }

  sync::Hash change_name_at_prison(const std::string& name) {
    const auto& handover = *record_type(*schema::Handover::descriptor());
    const auto open = must(world.prison.records->open({id, {}, handover.number}));
    return *must(world.prison.records->set_fields(open, {{"sender-name", name}}, world.prison.by))
                .entry;
  }

  std::optional<sync::ProjectionDigest> digest_at(const Site& site) const {
    UnitOfWork work(site.node->database(), sync::store::Purpose::reading);
    const auto context = site.node->context();
    return sync::store::Replica(work, id, context).digest();
  }

  // The last entry of each page is cut off on its way.
  void cut_pages() {
    world.listener = [](HubClient::Endpoint endpoint, crypto::ByteView, crypto::Bytes& answer) {
      if (endpoint != HubClient::Endpoint::fetch) return;
      schema::FetchReply reply;
      REQUIRE(reply.ParseFromArray(answer.data(), static_cast<int>(answer.size())));
      for (auto& page : *reply.mutable_pages()) {
        page.mutable_records()->RemoveLast();
        page.mutable_entries()->mutable_entries()->RemoveLast();
      }
      answer.resize(reply.ByteSizeLong());
      REQUIRE(reply.SerializeToArray(answer.data(), static_cast<int>(answer.size())));
    };
  }

  // The next page says another time for its last place, which no head proves.
  void alter_next_page() {
    world.listener = [this](HubClient::Endpoint endpoint, crypto::ByteView, crypto::Bytes& answer) {
      if (endpoint != HubClient::Endpoint::fetch || page_altered_) return;
      schema::FetchReply reply;
      REQUIRE(reply.ParseFromArray(answer.data(), static_cast<int>(answer.size())));
      REQUIRE(reply.pages_size() == 1);
      auto& record = *reply.mutable_pages(0)->mutable_records()->rbegin();
      record.set_accepted_at_ms(record.accepted_at_ms() + 1);
      answer.resize(reply.ByteSizeLong());
      REQUIRE(reply.SerializeToArray(answer.data(), static_cast<int>(answer.size())));
      page_altered_ = true;
    };
  }
  bool page_altered_ = false;

  // The place up to which `at` knows that a computer of this organisation holds all that it holds.
  std::uint64_t reached(const Site& at, const Site& other) const {
    std::uint64_t out = 0;
    for (const auto& each : must(at.reader().deliveries(id))) {
      if (each.node == other.node->identity().node) out = each.proven_dsn;
    }
    return out;
  }

  // As a merge that went wrong: what it holds is no longer what everybody else makes of the same
  // changes.
  void spoil_merge(Site& site) {
    UnitOfWork work(site.node->database());
    work.run(
        "UPDATE op SET value = x'4576' WHERE type = 110 AND field = ? AND dossier = "
        "(SELECT id FROM dossier WHERE dossier = ?)",
        std::int64_t{schema::Handover::kSenderNameFieldNumber}, id.view());
    must(work.commit());
  }

  std::vector<sync::store::Notice> told_of_difference(const Site& site) const {
    auto notices = must(site.reader().notices(false));
    std::erase_if(notices, [](const auto& each) {
      return each.kind != static_cast<int>(NoticeKind::digest_differs);
    });
    return notices;
  }

  void nobody_is_told() const {
    for (const Site* site : {&world.prison, &world.partner, &world.desk}) {
      CHECK(told_of_difference(*site).empty());
    }
  }

  void all_have_seen() {
    for (Site* site : {&world.prison, &world.partner}) {
      UnitOfWork work(site->node->database());
      work.run("UPDATE notice SET seen = 1");
      must(work.commit());
    }
  }
};

}  // namespace

TEST_CASE("members whose records differ at one place are told, whoever came to it first",
          "[sync][digest]") {
  SharedHandover at;
  World& world = at.world;
  at.change_name_at_prison("Sam Changed");

  SECTION("the one that fetches later compares with what was said before") {
    world.sync(world.prison);
    world.sync(world.prison);   // its digest is at the hub
    world.sync(world.partner);  // hears of the digest and the change at once
    at.spoil_merge(world.partner);
    world.sync(world.partner);
    REQUIRE(at.told_of_difference(world.partner).size() == 1);
    CHECK(at.told_of_difference(world.prison).empty());  // has heard nothing yet
    world.sync(world.prison);
  }
  SECTION("the one that came first compares when it hears of the other") {
    at.spoil_merge(world.prison);
    world.sync(world.prison);
    world.sync(world.prison);
    world.sync(world.partner);
    world.sync(world.partner);
    world.sync(world.prison);
  }
  for (const Site* site : {&world.prison, &world.partner}) {
    const auto told = at.told_of_difference(*site);
    REQUIRE(told.size() == 1);
    CHECK(told[0].dossier == at.id);
    CHECK(told[0].detail == static_cast<int>(must(site->reader().dossier(at.id)).length));
  }
  at.all_have_seen();
  world.sync_all(3);
  CHECK(at.told_of_difference(world.prison).size() == 1);
  CHECK(at.told_of_difference(world.partner).size() == 1);
}

TEST_CASE("members whose records are the same are told of no difference", "[sync][digest]") {
  SharedHandover at;
  at.nobody_is_told();
  for (const std::string name : {"Sam First", "Sam Second", "Sam Third"}) {
    at.change_name_at_prison(name);
    at.world.sync_all(1);  // each is a step behind the others at some time
    at.nobody_is_told();
  }
  at.world.sync_all(3);
  at.nobody_is_told();
}

TEST_CASE("what differs at another place is no difference", "[sync][digest]") {
  SharedHandover at;
  World& world = at.world;
  at.change_name_at_prison("Sam Changed");
  world.sync(world.prison);
  world.sync(world.prison);
  world.sync(world.partner);
  at.change_name_at_prison("Sam Changed Again");
  world.sync(world.prison);  // one place further than what the partner holds
  world.sync(world.prison);
  at.spoil_merge(world.partner);  // at a place that nobody speaks of any more
  world.sync(world.partner);
  CHECK(at.told_of_difference(world.prison).empty());
}

TEST_CASE("what was said of a place counts where that place had to be fetched again",
          "[sync][digest]") {
  SharedHandover at;
  World& world = at.world;
  at.change_name_at_prison("Sam Changed");
  world.sync(world.prison);
  world.sync(world.prison);  // says what it holds at that place
  const auto length = must(world.prison.reader().dossier(at.id)).length;
  REQUIRE(at.reached(world.partner, world.prison) < length);
  at.alter_next_page();
  world.sync(world.partner);
  world.sync(world.partner);
  REQUIRE(at.page_altered_);
  CHECK(must(world.partner.reader().dossier(at.id)).length == length);
  CHECK(at.reached(world.partner, world.prison) == length);
  at.nobody_is_told();
}

TEST_CASE("of a record whose removal has not all come yet nothing is said", "[sync][digest]") {
  SharedHandover at;
  World& world = at.world;
  const auto entry = at.change_name_at_prison("Sam Removed");
  world.sync(world.prison);
  must(world.prison.node->admission().redact(at.id, {{entry, 0}},
                                             world.prison.records->authorship(world.prison.by)));
  world.sync(world.prison);
  const auto length = must(world.prison.reader().dossier(at.id)).length;
  at.cut_pages();
  world.sync(world.partner);  // of the change only its header, and not yet why
  REQUIRE(must(world.partner.reader().dossier(at.id)).length == length - 1);
  CHECK_FALSE(at.digest_at(world.partner));

  world.listener = nullptr;
  world.sync(world.partner);
  REQUIRE(at.digest_at(world.partner));
  CHECK(at.digest_at(world.partner) == at.digest_at(world.prison));
  world.sync_all(2);
  at.nobody_is_told();
}

}  // namespace throughgate::node::testing
