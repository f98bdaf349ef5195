// A hub that gives the same answer for ever: a visit ends all the same, and soon; nothing is lost,
// and an honest hub is believed at the next one.
#include <catch_amalgamated.hpp>

#include "node/handovers/case_file.h"
#include "schema/wire.pb.h"
#include "sync/store/settings_table.h"
#include "sync/wire_values.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {
namespace {

using Endpoint = HubClient::Endpoint;
using schema::HeadAnswer;

constexpr int requests_max = 12;  // an honest visit of this world takes 2 or 3

// The prison's, of a handover that both have.
struct EndlessHub {
  World world;
  sync::DossierId id = shared_handover(world);
  std::function<void(schema::SyncReply&)> spoil;
  std::function<void(schema::FetchReply&)> spoil_pages;
  std::vector<sync::DossierId> presented;  // with the last request
  int requests = 0;

  EndlessHub() { world.sync_all(3); }

  // Of one visit, each of whose answers is spoilt.
  int requests_of_visit() {
    requests = 0;
    world.listener = [this](Endpoint endpoint, crypto::ByteView request, crypto::Bytes& answer) {
      hear(endpoint, request, answer);
    };
    (void)SyncRound(*world.prison.node, world.hub()).run();
    world.listener = nullptr;
    return requests;
  }

  void hear(Endpoint endpoint, crypto::ByteView request, crypto::Bytes& answer) {
    if (++requests > 10 * requests_max) return;  // for the test to come to an end where it fails
    if (endpoint == Endpoint::fetch && spoil_pages) change<schema::FetchReply>(answer, spoil_pages);
    if (endpoint != Endpoint::sync || !spoil) return;
    schema::SyncRequest asked;
    REQUIRE(asked.ParseFromArray(request.data(), static_cast<int>(request.size())));
    presented.clear();
    for (const auto& each : asked.presented()) {
      presented.push_back(*sync::id_from_wire<sync::DossierId>(each.proof().head().dossier()));
    }
    change<schema::SyncReply>(answer, spoil);
  }

  template <class Reply>
  static void change(crypto::Bytes& answer, const std::function<void(Reply&)>& spoil) {
    Reply reply;
    REQUIRE(reply.ParseFromArray(answer.data(), static_cast<int>(answer.size())));
    spoil(reply);
    answer.resize(reply.ByteSizeLong());
    REQUIRE(reply.SerializeToArray(answer.data(), static_cast<int>(answer.size())));
  }

  // Signed, and of a chain that is not the one both have.
  void say_another_head(schema::SyncReply& reply, std::uint64_t further = 0) {
    const auto held = must(world.prison.reader().dossier(id)).length;
    sync::Hash chain{};
    chain[0] = 7;
    const auto instance = *sync::id_from_wire<sync::InstanceId>(reply.instance());
    *reply.mutable_heads() =
        sync::to_wire(sync::sign_heads({{id, held + further, chain}}, instance,
                                       reply.directory_version(), world.now_ms, world.hub_key()));
  }

  void answer_presented(schema::SyncReply& reply, HeadAnswer::Standing standing,
                        std::uint64_t from) {
    reply.clear_head_answers();
    for (const auto& each : presented) {
      auto& answer = *reply.add_head_answers();
      answer.set_dossier(sync::to_wire(each.view()));
      answer.set_standing(standing);
      answer.set_from_dsn(from);
    }
  }

  // As after a hub that has begun anew.
  void forget_what_was_given_back() {
    sync::store::UnitOfWork work(world.prison.node->database());
    sync::store::SettingsTable(work).set(sync::store::setting::replayed_to, sync::Bytes(16, 0));
    must(work.commit());
  }

  void goes_on() {
    const auto& handover = *record_type(*schema::Handover::descriptor());
    auto& prison = world.prison;
    const auto open = must(prison.records->open({id, {}, handover.number}));
    must(prison.records->set_fields(open, {{"sender-name", "Sam Afterwards"}}, prison.by));
    world.sync_all(3);
    for (Site* site : {&world.prison, &world.partner}) {
      const auto held = must(read_case(*site->records, id));
      CHECK(held.text(schema::Handover::kFamilyNameFieldNumber) == "Example");
      CHECK(held.text(schema::Handover::kSenderNameFieldNumber) == "Sam Afterwards");
    }
  }
};

}  // namespace

TEST_CASE("a hub that names another chain for ever keeps no visit asking", "[sync][endless]") {
  EndlessHub at;
  const std::uint64_t further = GENERATE(0, 1);
  const auto standing =
      GENERATE(HeadAnswer::KNOWN, HeadAnswer::MISSING, HeadAnswer::UNKNOWN, HeadAnswer::RECOVERING);
  at.spoil = [&](schema::SyncReply& reply) {
    at.say_another_head(reply, further);
    at.answer_presented(reply, standing, 1);
  };
  for (int visit = 0; visit < 3; ++visit) CHECK(at.requests_of_visit() <= requests_max);
  at.goes_on();
}

TEST_CASE("a hub that answers for nothing it is asked about keeps no visit asking",
          "[sync][endless]") {
  EndlessHub at;
  at.spoil = [&](schema::SyncReply& reply) {
    at.say_another_head(reply);
    reply.clear_head_answers();
  };
  for (int visit = 0; visit < 3; ++visit) {
    at.forget_what_was_given_back();
    CHECK(at.requests_of_visit() <= requests_max);
  }
  at.goes_on();
}

TEST_CASE("a hub that says that there is more for ever keeps no visit asking", "[sync][endless]") {
  EndlessHub at;
  at.spoil = [&](schema::SyncReply& reply) { reply.set_more(true); };
  at.spoil_pages = [](schema::FetchReply& reply) { reply.set_more(true); };
  CHECK(at.requests_of_visit() <= requests_max);
  at.goes_on();
}

}  // namespace throughgate::node::testing
