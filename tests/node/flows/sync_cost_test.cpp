// What a sync carries and does, beyond that it arrives.
#include <catch_amalgamated.hpp>
#include <map>

#include "node/dossier_kinds.h"
#include "records/volunteer.pb.h"
#include "schema/wire.pb.h"
#include "tests/node/in_process_hub.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;

namespace {

constexpr std::size_t volunteers = 700;  // more than fit into one request

// What went by, counted.
struct Traffic {
  std::map<std::string, int> lists_brought;  // envelope lists in requests, by their bytes
  int lists_told = 0;                        // in answers

  void hear(HubClient::Endpoint endpoint, crypto::ByteView request, crypto::ByteView answer) {
    schema::SyncRequest asked;
    schema::SyncReply told;
    if (endpoint != HubClient::Endpoint::sync) return;
    REQUIRE(asked.ParseFromArray(request.data(), static_cast<int>(request.size())));
    REQUIRE(told.ParseFromArray(answer.data(), static_cast<int>(answer.size())));
    for (const auto& list : asked.envelopes()) ++lists_brought[list.bytes()];
    lists_told += told.envelopes_size();
  }
};

struct FreshImport {
  World world;
  Traffic traffic;

  FreshImport() {
    world.sync_all();
    create();
    world.listener = [this](auto endpoint, auto request, auto& answer) {
      traffic.hear(endpoint, request, answer);
    };
  }

  // As an import does.
  void create() {
    const auto& type = *record_type(*schema::Volunteer::descriptor());
    auto& node = *world.prison.node;
    const auto context = node.context();
    const auto members = must(members_of_new(type.dossier, node));
    sync::store::Batch batch(node.database(), context);
    for (std::size_t i = 0; i < volunteers; ++i) {
      const auto plan = must(plan_new({type, {}, sync::Role::owner, node.policies(), world.codes},
                                      {{"given-name", "Alex", FieldInput::How::set},
                                       {"family-name", std::to_string(i), FieldInput::How::set}}));
      must(batch.create(members, world.prison.records->authorship(world.prison.by), plan.ops));
    }
    must(batch.commit());
  }

  std::size_t held_by(const Site& site) const {
    sync::store::ListQuery query;
    query.type = record_type(*schema::Volunteer::descriptor())->number;
    query.limit = 500;
    std::size_t count = 0;
    do {
      const auto page = must(site.reader().list(query));
      count += page.rows.size();
      query.after = page.next;
    } while (!query.after.empty());
    return count;
  }
};

}  // namespace

TEST_CASE("the keys of new records are sent once, beside their records, and not sent back",
          "[sync][cost]") {
  FreshImport at;
  at.world.sync(at.world.prison);
  CHECK(at.traffic.lists_brought.size() == volunteers);
  CHECK(at.traffic.lists_told == 0);
  at.world.sync(at.world.prison);
  for (const auto& [list, times] : at.traffic.lists_brought) REQUIRE(times == 1);

  at.world.sync(at.world.desk);
  CHECK(at.traffic.lists_told == volunteers);
  CHECK(at.held_by(at.world.desk) == volunteers);
}

TEST_CASE("a page that does not hold costs none of those before it", "[sync][cost]") {
  constexpr int spoilt = 70;  // neither the first of an answer nor of what is kept together
  FreshImport at;
  at.world.sync(at.world.prison);
  std::size_t before = 0;
  bool has_spoilt = false;
  at.world.listener = [&](HubClient::Endpoint endpoint, crypto::ByteView, crypto::Bytes& answer) {
    schema::FetchReply reply;
    if (endpoint != HubClient::Endpoint::fetch) return;
    REQUIRE(reply.ParseFromArray(answer.data(), static_cast<int>(answer.size())));
    if (reply.pages_size() <= spoilt) {
      before += static_cast<std::size_t>(reply.pages_size());
      return;
    }
    auto& entry = *reply.mutable_pages(spoilt)->mutable_entries()->mutable_entries(0);
    (*entry.mutable_signature())[0] ^= 1;
    REQUIRE(reply.SerializeToArray(answer.data(), static_cast<int>(answer.size())));
    before += spoilt;
    has_spoilt = true;
  };
  const auto report = SyncRound(*at.world.desk.node, at.world.hub()).run();
  REQUIRE(has_spoilt);
  CHECK(refusal(report).kind == sync::ErrorKind::rejected);
  CHECK(at.held_by(at.world.desk) == before);

  at.world.listener = {};
  at.world.sync(at.world.desk);
  CHECK(at.held_by(at.world.desk) == volunteers);
}
