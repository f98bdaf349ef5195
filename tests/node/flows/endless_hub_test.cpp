// A hub that gives the same answer for ever: a visit ends all the same, and soon; nothing is lost,
// and an honest hub is believed at the next one.
#include <catch_amalgamated.hpp>

#include "node/handovers/case_file.h"
#include "schema/directory.pb.h"
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
  std::function<void(schema::HelloReply&)> spoil_hello;
  std::vector<sync::DossierId> presented;  // with the last request
  int requests = 0, times_presented = 0, steps_brought = 0, times_complete = 0;

  EndlessHub() { world.sync_all(3); }

  // Of one visit, each of whose answers is spoilt.
  int requests_of_visit() {
    requests = 0;
    world.listener = [this](Endpoint endpoint, crypto::ByteView request, crypto::Bytes& answer) {
      hear(endpoint, request, answer);
    };
    must(SyncRound(*world.prison.node, world.hub()).run());
    world.listener = nullptr;
    return requests;
  }

  void hear(Endpoint endpoint, crypto::ByteView request, crypto::Bytes& answer) {
    if (++requests > 10 * requests_max) return;  // for the test to come to an end where it fails
    if (endpoint == Endpoint::fetch && spoil_pages) change<schema::FetchReply>(answer, spoil_pages);
    if (endpoint == Endpoint::hello && spoil_hello) change<schema::HelloReply>(answer, spoil_hello);
    if (endpoint != Endpoint::sync || !spoil) return;
    schema::SyncRequest asked;
    REQUIRE(asked.ParseFromArray(request.data(), static_cast<int>(request.size())));
    steps_brought += asked.directory_size();
    if (asked.replay_complete()) ++times_complete;
    presented.clear();
    for (const auto& each : asked.presented()) {
      presented.push_back(*sync::id_from_wire<sync::DossierId>(each.proof().head().dossier()));
    }
    times_presented += asked.presented_size();
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

  void change_name(Site& site, const std::string& field, const std::string& name) {
    const auto& handover = *record_type(*schema::Handover::descriptor());
    const auto open = must(site.records->open({id, {}, handover.number}));
    must(site.records->set_fields(open, {{field, name}}, site.by));
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

  std::size_t notices() { return must(world.prison.reader().notices(true)).size(); }

  void change_at_partner() {
    change_name(world.partner, "release-area", "Made-Up Town");
    world.sync(world.partner);
  }

  void publish_more_than_a_request_holds() {
    for (int step = 0; step < 3; ++step) {
      schema::DirectoryBody body;
      for (int i = 0; i < 10'000; ++i) {
        auto& organisation = *body.add_organisations();
        const std::string number = std::to_string(100'000 + step * 10'000 + i);
        organisation.set_id("made up: " + number + ".");
        organisation.set_name("Made-Up Partner " + number);
        organisation.set_kind(schema::DirectoryOrganisation::PARTNER);
        organisation.set_recovery_key(
            std::string(crypto::as_text(world.prison.recovery.public_key())));
      }
      world.publish(body);
    }
  }

  void goes_on() {
    change_name(world.prison, "sender-name", "Sam Afterwards");
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
  const auto standing =
      GENERATE(HeadAnswer::KNOWN, HeadAnswer::MISSING, HeadAnswer::UNKNOWN, HeadAnswer::RECOVERING);
  const std::uint64_t from = GENERATE(1, 5, std::uint64_t{1} << 63);
  const bool begins_anew = GENERATE(false, true);
  at.spoil = [&](schema::SyncReply& reply) {
    at.say_another_head(reply);
    at.answer_presented(reply, standing, from);
  };
  for (int visit = 0; visit < 3; ++visit) {
    if (begins_anew) at.forget_what_was_given_back();
    CHECK(at.requests_of_visit() <= requests_max);
  }
  CHECK(at.times_presented > 0);
  CHECK(at.notices() <= 12);  // one for each entry that was taken back
  at.goes_on();
}

TEST_CASE("a hub that asks for one place after the other keeps no visit asking",
          "[sync][endless]") {
  EndlessHub at;
  const bool upwards = GENERATE(true, false);
  std::uint64_t place = 5;
  at.spoil = [&](schema::SyncReply& reply) {
    place = upwards ? place + 1 : 3 - place % 2;
    at.say_another_head(reply);
    at.answer_presented(reply, HeadAnswer::MISSING, place);
  };
  CHECK(at.requests_of_visit() <= requests_max);
  CHECK(at.times_presented > 0);
  at.goes_on();
}

TEST_CASE("nobody says that all is given back while the hub lacks something", "[sync][endless]") {
  EndlessHub at;
  const bool answers = GENERATE(true, false);
  at.spoil = [&](schema::SyncReply& reply) {
    at.say_another_head(reply);
    at.answer_presented(reply, HeadAnswer::MISSING, 3);
    if (!answers) reply.clear_head_answers();
  };
  at.requests_of_visit();  // from here on there is something to present
  at.forget_what_was_given_back();
  at.times_presented = at.times_complete = 0;
  at.requests_of_visit();
  CHECK(at.times_presented > 0);
  CHECK(at.times_complete == 0);
  at.spoil = nullptr;
  at.goes_on();
}

TEST_CASE("a hub that names a head further on and never gives it keeps no visit asking",
          "[sync][endless]") {
  EndlessHub at;
  at.spoil = [&](schema::SyncReply& reply) { at.say_another_head(reply, 1); };
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
  CHECK(at.times_presented > 0);
  at.goes_on();
}

TEST_CASE("a hub that says that there is more for ever keeps no visit asking", "[sync][endless]") {
  EndlessHub at;
  int pages = 0;
  at.spoil = [&](schema::SyncReply& reply) { reply.set_more(true); };
  at.spoil_pages = [&](schema::FetchReply& reply) {
    ++pages;
    reply.set_more(true);
    reply.clear_pages();
  };
  at.change_at_partner();
  CHECK(at.requests_of_visit() <= requests_max);
  CHECK(pages > 0);
  at.goes_on();
}

TEST_CASE("a hub that never takes up the central list keeps no visit asking", "[sync][endless]") {
  EndlessHub at;
  at.publish_more_than_a_request_holds();
  at.spoil = [](schema::SyncReply& reply) { reply.set_directory_version(0); };
  at.spoil_hello = [](schema::HelloReply& reply) { reply.set_directory_version(0); };
  CHECK(at.requests_of_visit() <= requests_max);
  CHECK(at.steps_brought > 0);
  at.goes_on();
}

TEST_CASE("what people are told is said once, until they have seen it", "[sync][endless]") {
  EndlessHub at;
  const auto tell = [&] {
    sync::store::UnitOfWork work(at.world.prison.node->database());
    add_notice(work, sync::store::NoticeKind::taken_back, at.id, std::nullopt, 0, at.world.now_ms);
    must(work.commit());
  };
  tell();
  tell();
  REQUIRE(at.notices() == 1);
  const auto notice = must(at.world.prison.reader().notices(true)).front().id;
  must(sync::store::mark_notice_seen(at.world.prison.node->database(), notice));
  tell();
  CHECK(at.notices() == 1);
}

TEST_CASE("a time that no clock shows counts as the last that one could", "[sync][endless]") {
  EndlessHub at;
  at.world.listener = [&](Endpoint endpoint, crypto::ByteView, crypto::Bytes& answer) {
    if (endpoint != Endpoint::sync) return;
    EndlessHub::change<schema::SyncReply>(
        answer, [](schema::SyncReply& reply) { reply.set_hub_time_ms(std::uint64_t{1} << 63); });
  };
  CHECK(at.world.sync(at.world.prison).hub_time_ms == sync::counter_max);
}

}  // namespace throughgate::node::testing
